using System.CommandLine;
using AksAuditd.Health;
using AksAuditd.Node;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary><c>install</c>: make this node ready: auditd and its plugins installed, the service running.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        Command command = new("install", "Make this node ready: install auditd and its plugins, start the service.");
        command.SetAction((_, cancel) => RunAsync(cancel));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        if (Startup.ReadSettings() is not { } settings) return ExitCode.Usage;
        using ILoggerFactory logs = Logs.Create(settings.LogLevel);
        ILogger log = logs.CreateLogger("aks-auditd");
        try
        {
            using NodeThread node = NodeThread.Enter(settings.HostRoot);
            NodeCommand commands = new(node);
            await new AptPackages(commands, log).InstallAsync(["auditd", "audispd-plugins"], cancel).ConfigureAwait(false);
            node.Run(() => NodeDirectory.OpenOrCreate(settings.StateDirectory).Dispose());
            IAuditService service = AuditServices.For(node, commands, settings.StateDirectory);
            await service.StartAsync(cancel).ConfigureAwait(false);
            AuditServiceState state = await service.GetStateAsync(cancel).ConfigureAwait(false);
            node.Run(() =>
            {
                using AuditClient kernel = NodeKernel.Open();
                kernel.ReadStatus();
            });
            log.LogInformation("auditd runs ({Manager}), pid {Pid}, and the kernel answers", service.Manager, state.Pid);
            return ExitCode.Success;
        }
        catch (NodeException e)
        {
            log.LogCritical("{Reason}", e.Message);
            return ExitCode.Failed;
        }
    }
}
