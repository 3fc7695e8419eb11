using System.CommandLine;
using System.Net.Sockets;
using AksAuditd.Configuration;
using AksAuditd.Health;
using AksAuditd.Node;
using AksAuditd.Node.Setup;
using AksAuditd.Policy;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary><c>uninstall</c>: give this node back as it was before <c>install</c>. Exit code 1 when something is not as it was.</summary>
internal static class UninstallCommand
{
    // The agent's pod may still be ending.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        Option<bool> packages = new("--packages") { Description = "Remove packages too, those that install has installed." };
        Option<bool> stay = new("--stay") { Description = "Do not end when done, but answer /readyz: for a pod that would be started again." };
        Command command = new("uninstall", "Give this node back as it was before install.") { packages, stay };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(packages), parsed.GetValue(stay), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool packages, bool stay, CancellationToken cancel)
    {
        if (Startup.ReadSettings() is not { } settings) return ExitCode.Usage;
        using ILoggerFactory logs = Logs.Create(settings.LogLevel);
        ILogger log = logs.CreateLogger("aks-auditd");
        try
        {
            using NodeSession node = NodeSession.Open(settings);
            NodeStatus status = new(TimeProvider.System, log);
            using ProbeServer? probes = stay ? ProbeServer.Start(settings.Listen, () => status.Current, metrics: null, () => true, log) : null;
            UninstallResult result = await UninstallAsync(node.Settings, node, packages, log, cancel).ConfigureAwait(false);
            foreach (string left in result.Left) log.LogWarning("{Left}", left);
            log.LogInformation("{Said}", result.Said);
            if (!stay) return result.Left.Count == 0 ? ExitCode.Success : ExitCode.Found;

            status.Done(result.Left.Count == 0 ? null : string.Join("; ", result.Left));
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is NodeException or SocketException)
        {
            log.LogCritical("{Reason}", e is SocketException ? $"cannot listen on {settings.Listen}: {e.Message}" : e.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<UninstallResult> UninstallAsync(Settings settings, NodeSession node, bool packages, ILogger log, CancellationToken cancel)
    {
        string? holder;
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        NodeLock? held;
        bool said = false;
        while ((held = NodeLock.TryTake(settings.StateDirectory, out holder)) is null)
        {
            if (Environment.TickCount64 > deadline) throw new NodeException("this node", $"an agent still runs on it: {holder} holds {settings.StateDirectory}/lock");
            if (!said) log.LogInformation("an agent still runs here ({Holder}): waiting up to {Seconds} s for it to end", holder, Patience.TotalSeconds);
            said = true;
            await Task.Delay(500, cancel).ConfigureAwait(false);
        }

        using (held)
        {
            NodeState known = NodeState.ReadIfAny(settings.StateDirectory);
            bool hasWorked = known is { LastGood: not null } or { OwnedFiles.Count: > 0 };
            return await new Uninstaller(settings, node, log).RunAsync(known.OwnedFiles, hasWorked, packages, cancel).ConfigureAwait(false);
        }
    }
}
