using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AksAuditd.Configuration;
using AksAuditd.Events.Reporting;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Report;

namespace AksAuditd.Commands;

/// <summary><c>status</c>: is this node in sync, and if not why. Exit code 1 when it is not.</summary>
internal static class StatusCommand
{
    private const int MostDrifts = 5;
    private const int MostKeys = 20;

    public static Command Create()
    {
        Option<string> output = OutputOption.Create("text", "json");
        Command command = new("status", "Is this node in sync with its policy, and if not why.") { output };
        command.SetAction((parsed, cancel) => Startup.GuardAsync(settings => StatusAsync(settings, parsed.GetValue(output) == "json", cancel)));
        return command;
    }

    private static async Task<int> StatusAsync(Settings settings, bool json, CancellationToken cancel)
    {
        using NodeSession node = EmbeddedMode.OpenNode(settings);
        NodeReport report = await StatusQuery.RunAsync(node.Settings, node, cancel).ConfigureAwait(false);
        if (json) Console.WriteLine(JsonSerializer.Serialize(report, StatusJson.Default.NodeReport));
        else Print(report);
        return report.InSync ? ExitCode.Success : ExitCode.Found;
    }

    private static void Print(NodeReport report)
    {
        string since = report.Since is { } at ? $" since {Time(at)}" : "";
        string but = report.RulesSkipped == 0 ? "" : Terminal.Yellow($", but {report.RulesSkipped} of {Amounts.Count(report.RulesDesired, "rule")} left out");
        Line("in sync", report.InSync ? Terminal.Green($"yes{since}") + but : Terminal.Red($"no{since}"));
        foreach (string reason in report.Reasons) Line("", Terminal.Red(reason));
        Line("agent", report.Agent ?? Terminal.Yellow("none runs on this node"));
        Line("policy", report.AppliedPolicy is null ? "none applied yet" : $"{report.AppliedPolicy[..12]}, applied {Time(report.AppliedAt!.Value)}");
        if (report.Refused) Line("", Terminal.Red($"refused {DesiredPolicy.Name(report.DesiredPolicy)}, which the ConfigMaps say{(report.AppliedPolicy is null ? "" : "; the rules below are the applied one's")}"));
        else if (report.DesiredPolicy != report.AppliedPolicy) Line("", $"{DesiredPolicy.Name(report.DesiredPolicy)} is what the ConfigMaps say");
        foreach (string warning in report.Warnings) Line("", Terminal.Yellow(warning));
        if (report.RebootRequiredSince is { } reboot) Line("", Terminal.Yellow($"reboot required since {Time(reboot)}"));
        Line("rules", $"{report.RulesDesired} desired, {report.RulesInKernel} in the kernel, {report.Skipped.Count} left out");
        foreach (string skipped in report.Skipped) Line("", Terminal.Yellow(skipped));

        KernelReport kernel = report.Kernel;
        string enabled = kernel.Enabled switch { 0 => Terminal.Red("off"), 1 => "on", _ => "on, locked until the next boot" };
        string lost = kernel.Lost == 0 ? "lost 0" : Terminal.Red($"lost {kernel.Lost}");
        Line("kernel", $"{enabled}, {lost}, backlog {kernel.Backlog} of {kernel.BacklogLimit}, failure {kernel.Failure}, rate limit {kernel.RateLimit}");

        if (report.Older is { } older)
            Line("", Terminal.Yellow($"{Amounts.Count(older.Programs, "program")} not recorded until started anew: older than audit, which is on since {Time(older.Since)}: {older.Text}"));

        ServiceReport auditd = report.Auditd;
        Line("auditd", auditd is { Pid: { } own, Manager: "embedded" } ? $"none: the agent itself is the audit daemon, pid {own}"
            : auditd.Pid is { } pid ? $"{auditd.Version ?? "version unknown"}, pid {pid}, by {auditd.Manager}" : Terminal.Red(auditd.Detail));
        if (report.ModeReason is { } choice) Line("", choice);
        if (auditd is { Pid: not null, Detail.Length: > 0 }) Line("", Terminal.Yellow(auditd.Detail));
        if (report.AuditdStarted is { } started)
        {
            string seen = started.LastSeen is { } last ? $"last seen before at {Time(last)}" : "not running when the agent came";
            Line("", Terminal.Yellow($"started by the agent at {Time(started.At)}, {seen}: {started.Detail}"));
        }

        if (auditd.QueueSize is not null)
            Line("", $"plugin queue {auditd.QueueDepth} of {auditd.QueueSize}, {auditd.QueueMaximum} at the most{(auditd.QueueOverflow == true ? Terminal.Red(", has overflowed") : "")}");
        if (auditd.LoggingSuspended == true) Line("", Terminal.Red("has stopped to write its log"));
        Line("way out", report.Delivery.Count == 0 ? "no problem seen" : Terminal.Red(report.Delivery[0]));
        foreach (string problem in report.Delivery.Skip(1)) Line("", Terminal.Red(problem));
        if (report.SyslogDoubled == true)
            Line("", Terminal.Yellow("rsyslog reads the journal and the log socket, to which journald forwards: each record leaves this node twice, and is paid for twice (docs/decisions/way-out.md)"));
        if (report.Events is { } events) Print(events);
        Line("drift", report.Drifts.Count == 0 ? "none seen" : $"seen {(report.Drifts.Count == 1 ? "once" : $"{report.Drifts.Count} times; the last")}:");
        foreach (DriftRecord drift in report.Drifts.TakeLast(MostDrifts)) Line("", $"{Time(drift.At)} {drift.What}{(drift.Who is null ? "" : $", by {drift.Who}")}");
    }

    private static void Print(EventsSummary events)
    {
        string lost = events.Lost == 0 ? "lost 0" : Terminal.Red($"lost {events.Lost}");
        Line("events", $"received {events.Received}, delivered {events.Delivered}, suppressed {events.Suppressed}, waiting {events.Waiting}, {lost}; since {Time(events.Since)}");
        if (events.Problem is not null) Line("", Terminal.Red(events.Problem));
        if (events.Keys.Count == 0) return;
        Line("cost", $"{"events/s",10} {"records GB/day",15} {"out GB/day",12}  key");
        foreach (KeyPrice key in events.Keys.Take(MostKeys))
            Line("", string.Create(CultureInfo.InvariantCulture, $"{key.EventsPerSecond,10:0.00} {key.RecordGigabytesPerDay,15:0.000} {key.GigabytesPerDay,12:0.000}  {key.Shown}"));
        if (events.Keys.Count > MostKeys) Line("", $"and {events.Keys.Count - MostKeys} more keys (--output json)");
    }

    private static void Line(string name, string text) => Console.WriteLine($"{name,-8}  {text}");

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
