using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Events.Reporting;
using AksAuditd.Node;
using AksAuditd.Node.Syslog;
using LinuxAudit.Plugins;

namespace AksAuditd.Policy;

/// <summary>The way that a policy's events take.</summary>
/// <param name="Plugins">The active plugins that are programs of their own but for ours: file and program.</param>
/// <param name="UsesSyslog">Whether any of them, or our events program, writes to the node's log socket.</param>
/// <param name="UsesOurs">Whether our own events program is among them.</param>
/// <param name="Forwarder">Where the syslog daemon is to forward to; null: not looked at.</param>
internal sealed record DeliveryRoute(IReadOnlyList<(string File, string Program)> Plugins, bool UsesSyslog, bool UsesOurs, ListenAddress? Forwarder)
{
    private const string OurProgram = "aks-auditd", SyslogProgram = "audisp-syslog";

    /// <summary>No way at all.</summary>
    public static DeliveryRoute None { get; } = new([], false, false, null);

    /// <summary>The way of a policy's events.</summary>
    public static DeliveryRoute Of(DesiredPolicy policy, Settings settings)
    {
        List<(string, string)> plugins = [];
        bool syslog = false, ours = settings.Mode == AuditMode.Embedded;
        foreach (PolicyFile file in policy.Sources.Where(s => s.Set.Name == FileSet.Plugins).SelectMany(s => s.Files))
        {
            if (PluginParser.Parse(file.Name, file.Content, out _) is not { Active: true, Path: ['/', ..] program }) continue;
            string name = Path.GetFileName(program);
            ours |= name == OurProgram;
            syslog |= name == SyslogProgram;
            if (name != OurProgram) plugins.Add((file.Name, program));
        }

        return new(plugins, syslog || (ours && SinkOf(policy, settings).StartsWith("syslog:/dev/log", StringComparison.Ordinal)), ours, settings.Forwarder);
    }

    /// <summary>Looks at it.</summary>
    /// <exception cref="NodeException">The node may not be looked at.</exception>
    public DeliveryLook Look(int? auditd, EventsReport? report)
    {
        List<DeliveryStage> stages = [];
        List<DeliveryProblem> problems = [];
        string[] stopped = [];
        if (auditd is { } pid && Plugins.Count > 0)
        {
            stages.Add(DeliveryStage.Plugin);
            string[][] children = [.. ProcessInfo.Children(pid).Select(c => c.Words)];
            // A plugin may be a script that executes another program, so its path is not among the children. When auditd has as many children as plugins, all of them run.
            if (children.Length < Plugins.Count + (UsesOurs ? 1 : 0)) stopped = [.. Plugins.Where(p => !children.Any(c => c.Contains(p.Program))).Select(p => p.File)];
            if (stopped.Length > 0)
                problems.Add(new(DeliveryStage.Plugin, $"auditd does not run its plugin {string.Join(", ", stopped)}: it could not start it, or has given up after max_restarts (its reason is in the system log)"));
        }

        if (UsesSyslog)
        {
            stages.AddRange(Forwarder is null ? [DeliveryStage.Syslog] : [DeliveryStage.Syslog, DeliveryStage.Forward, DeliveryStage.Receiver]);
            if (SyslogPath.Look(Forwarder) is { } problem) problems.Add(problem);
        }

        if (UsesOurs && report is not null)
        {
            stages.Add(DeliveryStage.Sink);
            if (report.StuckSince is { } since)
                problems.Add(new(DeliveryStage.Sink, $"{report.Sink} has taken no event since {since:yyyy-MM-ddTHH:mm:ssZ}{(report.SinkError is { } error ? $" ({error})" : ": it accepts and does not read")}; they are kept in the spool"));
        }

        return new(stages, problems, stopped, UsesSyslog ? SyslogPath.IsDoubled() : null);
    }

    private static string SinkOf(DesiredPolicy policy, Settings settings)
    {
        EventsSettings defaults = settings.Mode == AuditMode.Embedded ? new() { To = "stdout" } : new();
        PolicyFile? file = policy.Sources.Where(s => s.Set.Name == FileSet.Events).SelectMany(s => s.Files).FirstOrDefault();
        if (file is null) return defaults.To;
        EventsSettings read = EventsSettingsReader.Read(file.Name, System.Text.Encoding.UTF8.GetString(file.Content), defaults, out _);
        return (settings.Mode == AuditMode.Embedded ? read.ForEmbedded() : read).To;
    }
}
