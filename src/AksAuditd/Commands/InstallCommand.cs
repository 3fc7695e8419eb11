using System.CommandLine;
using AksAuditd.Health;
using AksAuditd.Node;
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
            using NodeSession node = NodeSession.Open(settings);
            await new AptPackages(node.Commands, log).InstallAsync(["auditd", "audispd-plugins"], cancel).ConfigureAwait(false);
            NodeDirectory.OpenOrCreate(settings.StateDirectory).Dispose();
            await node.Service.StartAsync(cancel).ConfigureAwait(false);
            AuditServiceState state = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
            node.Kernel.ReadStatus();
            log.LogInformation("auditd runs ({Manager}), pid {Pid}, and the kernel answers", node.Service.Manager, state.Pid);
            return ExitCode.Success;
        }
        catch (NodeException e)
        {
            log.LogCritical("{Reason}", e.Message);
            return ExitCode.Failed;
        }
    }
}
