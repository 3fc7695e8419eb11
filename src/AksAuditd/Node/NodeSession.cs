using AksAuditd.Configuration;
using LinuxAudit.Kernel;

namespace AksAuditd.Node;

/// <summary>Everything a command needs of the node, opened together: its thread, its programs, its audit service, its kernel.</summary>
internal sealed class NodeSession : IDisposable
{
    private readonly AuditClient _kernel;

    private NodeSession(NodeThread thread, AuditClient kernel, string stateDirectory)
    {
        Thread = thread;
        _kernel = kernel;
        Commands = new(thread);
        Service = AuditServices.For(thread, Commands, stateDirectory);
        Version = new(Commands);
    }

    /// <summary>The thread that lives on the node.</summary>
    public NodeThread Thread { get; }

    /// <summary>The node's programs.</summary>
    public NodeCommand Commands { get; }

    /// <summary>auditd.</summary>
    public IAuditService Service { get; }

    /// <summary>auditd's version.</summary>
    public AuditdVersion Version { get; }

    /// <summary>The kernel's audit system; for the node thread only.</summary>
    public IAuditKernel Kernel => _kernel;

    /// <summary>Enters the node.</summary>
    /// <exception cref="NodeException">It cannot be entered, or there is no audit socket.</exception>
    public static NodeSession Open(Settings settings)
    {
        NodeThread thread = NodeThread.Enter(settings.HostRoot);
        try
        {
            return new(thread, thread.Run(NodeKernel.Open), settings.StateDirectory);
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Thread.Run(_kernel.Dispose);
        Thread.Dispose();
    }
}
