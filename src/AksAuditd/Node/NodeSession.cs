using AksAuditd.Configuration;
using LinuxAudit.Kernel;

namespace AksAuditd.Node;

/// <summary>Everything a command needs of the node, opened together: its root, its programs, its audit service, its kernel.</summary>
internal sealed class NodeSession : IDisposable
{
    private readonly AuditClient _kernel;

    private NodeSession(NodeRoot root, AuditClient kernel, Func<IAuditKernel, IAuditService>? service, string stateDirectory)
    {
        Root = root;
        _kernel = kernel;
        Service = service?.Invoke(kernel) ?? AuditServices.For(Commands, stateDirectory);
        Version = new(Commands);
    }

    /// <summary>The node's root directory, where this process is, and the container's.</summary>
    public NodeRoot Root { get; }

    /// <summary>The node's programs.</summary>
    public NodeCommand Commands { get; } = new();

    /// <summary>auditd, or what stands for it.</summary>
    public IAuditService Service { get; }

    /// <summary>auditd's version.</summary>
    public AuditdVersion Version { get; }

    /// <summary>The kernel's audit system.</summary>
    public IAuditKernel Kernel => _kernel;

    /// <summary>Enters the node.</summary>
    /// <param name="settings">Where it is.</param>
    /// <param name="service">Makes what stands for auditd; null: auditd, as this node manages it.</param>
    /// <exception cref="NodeException">It cannot be entered, or there is no audit socket.</exception>
    public static NodeSession Open(Settings settings, Func<IAuditKernel, IAuditService>? service = null)
    {
        NodeRoot root = NodeRoot.Enter(settings.HostRoot);
        try
        {
            return new(root, NodeKernel.Open(), service, settings.StateDirectory);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _kernel.Dispose();
        Root.Dispose();
    }
}
