using AksAuditd.Configuration;
using LinuxAudit.Kernel;

namespace AksAuditd.Node;

/// <summary>Everything a command needs of the node, opened together: its root, its programs, its audit service, its kernel.</summary>
internal sealed class NodeSession : IDisposable
{
    private readonly AuditClient _kernel;

    private NodeSession(NodeRoot root, AuditClient kernel, NodeCommand commands, ModeChoice choice, Settings settings, IAuditService service)
    {
        (Root, _kernel, Commands, Choice, Settings, Service) = (root, kernel, commands, choice, settings, service);
        Version = new(Commands);
    }

    /// <summary>The node's root directory, where this process is, and the container's.</summary>
    public NodeRoot Root { get; }

    /// <summary>The node's programs.</summary>
    public NodeCommand Commands { get; }

    /// <summary>The configuration, with the mode that was chosen for this node.</summary>
    public Settings Settings { get; }

    /// <summary>Who takes the events, and why.</summary>
    public ModeChoice Choice { get; }

    /// <summary>auditd, or what stands for it.</summary>
    public IAuditService Service { get; }

    /// <summary>auditd's version.</summary>
    public AuditdVersion Version { get; }

    /// <summary>The kernel's audit system.</summary>
    public IAuditKernel Kernel => _kernel;

    /// <summary>Enters the node.</summary>
    /// <param name="settings">Where it is, and the mode.</param>
    /// <param name="embedded">Makes what stands for auditd where the agent is the audit daemon; null: auditd whatever the mode, as this node manages it.</param>
    /// <exception cref="NodeException">It cannot be entered, or there is no audit socket.</exception>
    public static NodeSession Open(Settings settings, Func<IAuditKernel, Settings, IAuditService>? embedded = null)
    {
        NodeRoot root = NodeRoot.Enter(settings.HostRoot);
        AuditClient? kernel = null;
        try
        {
            NodeCommand commands = new();
            ModeChoice choice = ModeChoice.Of(settings.Mode, commands);
            Settings chosen = settings with { Mode = choice.Mode };
            kernel = NodeKernel.Open();
            return new(root, kernel, commands, choice, chosen,
                embedded is not null && choice.Mode == AuditMode.Embedded ? embedded(kernel, chosen) : AuditServices.For(commands, settings.StateDirectory));
        }
        catch
        {
            kernel?.Dispose();
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
