using System.CommandLine;
using System.Net.Sockets;
using AksAuditd.Configuration;
using AksAuditd.Events.Embedded;
using AksAuditd.Events.Reporting;
using AksAuditd.Health;
using AksAuditd.Health.Metrics;
using AksAuditd.Node;
using AksAuditd.Policy;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary><c>run</c>: keep this node's policy applied until told to stop.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Command command = new("run", "The agent: keep this node's policy applied.");
        command.SetAction((_, cancel) => RunAsync(cancel));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        if (Startup.ReadSettings() is not { } settings) return ExitCode.Usage;
        using ILoggerFactory logs = Logs.Create(settings.LogLevel);
        ILogger log = logs.CreateLogger("aks-auditd");
        EmbeddedAuditService? embedded = null;
        try
        {
            using NodeSession node = NodeSession.Open(settings, (kernel, chosen) => embedded = EmbeddedMode.Create(kernel, chosen, log));
            if (node.Choice.Reason.Length > 0) log.LogInformation("{Mode}: {Reason}", node.Choice.Mode.ToString().ToLowerInvariant(), node.Choice.Reason);
            string? holder = null;
            using NodeLock? held = NodeLock.TryTake(settings.StateDirectory, out holder);
            if (held is null)
            {
                log.LogCritical("another agent runs on this node: {Holder} holds {Lock}", holder, $"{settings.StateDirectory}/lock");
                return ExitCode.Failed;
            }

            // Ends before the lock does: what it delivers last may go to the state directory.
            using EmbeddedAuditService? reader = embedded;
            if (embedded is not null) EmbeddedMode.Prepare(node.Settings, node.Kernel);
            return await LoopAsync(node.Settings, node, embedded, log, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeException or SocketException)
        {
            log.LogCritical("{Reason}", e is SocketException ? $"cannot listen on {settings.Listen}: {e.Message}" : e.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> LoopAsync(Settings settings, NodeSession node, EmbeddedAuditService? embedded, ILogger log, CancellationToken cancel)
    {
        NodeStatus status = new(TimeProvider.System, log);
        // auditd's plugin is a process of its own.
        Func<EventsReport?> reports = embedded is null ? () => EventsReportFile.Read() : () => embedded.Report;
        using AgentMetrics metrics = new(status, reports, Startup.PlainVersion);
        EventsWatch events = new(embedded is not null, reports, TimeProvider.System);
        PolicyAgent agent = new(settings, node, status, metrics, events, TimeProvider.System, log);
        PolicyLoop loop = new(settings, node.Root, agent, log);
        using ProbeServer probes = ProbeServer.Start(settings.Listen, () => status.Current, metrics.Collect, () => loop.IsAlive, log);
        log.LogInformation("aks-auditd {Version}: node root {Root}, {Service} ({Manager}), poll every {Interval}, probes on {Listen}",
            Startup.Version, settings.HostRoot, node.Service.Name, node.Service.Manager, GoDuration.Format(settings.PollInterval), settings.Listen.ToString());
        if (!await loop.RunAsync(cancel).ConfigureAwait(false)) return ExitCode.Failed;
        log.LogInformation("stopped; the node keeps its policy");
        return ExitCode.Success;
    }
}
