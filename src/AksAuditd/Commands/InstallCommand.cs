using System.CommandLine;
using AksAuditd.Health;
using AksAuditd.Node;
using AksAuditd.Node.Setup;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary><c>install</c>: make this node ready: auditd and its plugins installed, the service running and kept so.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        Option<string?> packages = new("--packages") { Description = "Install from the package files in this directory instead of the node's repositories.", HelpName = "DIR" };
        Command command = new("install", "Make this node ready: install auditd and its plugins, start the service and keep it running.") { packages };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(packages), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string? packages, CancellationToken cancel)
    {
        if (Startup.ReadSettings() is not { } settings) return ExitCode.Usage;
        using ILoggerFactory logs = Logs.Create(settings.LogLevel);
        ILogger log = logs.CreateLogger("aks-auditd");
        try
        {
            string? directory = packages is null ? null : Path.GetFullPath(packages);
            // Asked before the node's root is entered: there the path leads nowhere.
            bool isNative = Path.GetFileName(Environment.ProcessPath) == "aks-auditd";
            using NodeSession node = NodeSession.Open(settings);
            await new Installer(settings, node, Startup.PlainVersion, isNative, TimeProvider.System, log).RunAsync(directory, cancel).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (NodeException e)
        {
            log.LogCritical("{Reason}", e.Message);
            return ExitCode.Failed;
        }
    }
}
