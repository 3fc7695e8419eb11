using System.Globalization;
using AksAuditd.Check;
using AksAuditd.Forecast;

namespace AksAuditd.Commands;

/// <summary>A <see cref="ForecastReport"/> for people.</summary>
internal static class ForecastText
{
    // A day is made of less with little right.
    private static readonly TimeSpan Little = TimeSpan.FromMinutes(10);

    public static void Print(ForecastReport report)
    {
        TimeSpan time = report.To - report.From;
        Line("");
        Line(Terminal.Bold("forecast") + $", by {report.Log}: {report.Logged.Events:N0} events in {Length(time)}, from {report.From:yyyy-MM-dd HH:mm:ss'Z'}");
        Row("", "events/day", "records GB", "JSON GB", "a day, by key", Terminal.Dim);
        foreach (ForecastKey key in report.Keys.Where(k => k.Cost.Events > 0)) Row(key.AtLeast ? "≥" : "", key.Cost, key.Key.Length == 0 ? "(no key)" : DisplayText.Clean(key.Key));
        if (report.Unasked.Events > 0) Row("", report.Unasked, "(no rule: the kernel's own, and what programs send)");
        Row(report.Keys.Any(k => k.AtLeast) ? "≥" : "", report.Recorded, "in all", Terminal.Bold);
        if (report.KeptOut.RecordGigabytesPerDay > 0) Row("", report.KeptOut, "kept out by never and exclude rules", Terminal.Dim);
        if (report.NotWanted.Events > 0) Row("", report.NotWanted, "in the log, and wanted by no rule", Terminal.Dim);
        PrintRules(report);
        PrintDoubts(report, time);
    }

    private static void PrintRules(ForecastReport report)
    {
        ForecastRule[] rules = [.. report.Rules.Where(r => r.Cost.Events > 0).OrderByDescending(r => r.Cost.RecordGigabytesPerDay)];
        if (rules.Length == 0) return;
        Row("", "", "", "", "by rule", Terminal.Dim);
        foreach (ForecastRule rule in rules) Row(rule.AtLeast ? "≥" : rule.KeepsOut ? "-" : "", rule.Cost, DisplayText.Clean(rule.Rule) + Terminal.Dim($"  # {rule.Origin}"));
    }

    private static void PrintDoubts(ForecastReport report, TimeSpan time)
    {
        List<string> doubts = [];
        if (time < Little) doubts.Add($"{Length(time)} is little to make a day of");
        if (report.Unreadable > 0) doubts.Add($"{report.Unreadable:N0} lines are no audit records");
        if (report.Incomplete > 0) doubts.Add($"{report.Incomplete:N0} events have no SYSCALL record, so no rule could be asked");
        string[] unknown = [.. report.Rules.Where(r => r is { AtLeast: true, CannotTell: null }).Select(r => r.Key.Length == 0 ? r.Origin : DisplayText.Clean(r.Key)).Distinct()];
        if (unknown.Length > 0) doubts.Add($"at least (≥): the log has no event with the key, and what no rule recorded is in no log: {string.Join(", ", unknown)}");
        foreach (ForecastRule rule in report.Rules)
        {
            if (rule.CannotTell is { } reason) doubts.Add($"{rule.Origin}: not forecast: {reason}");
            if (rule.MayBeMore > 0) doubts.Add($"{rule.Origin}: up to {rule.MayBeMore:N0} events of the log more: their records do not have what the rule asks for");
            if (rule is { NotInLog.Count: > 0, CannotTell: null, Cost.Events: > 0 }) doubts.Add($"{rule.Origin}: no {string.Join(", ", rule.NotInLog)}: nobody called it, or no rule recorded it");
        }

        string[] nothing = [.. report.Rules.Where(r => r is { NotInLog.Count: > 0, CannotTell: null, Cost.Events: 0 }).Select(r => r.Origin)];
        if (nothing.Length > 0) doubts.Add($"of the calls of these rules some or all are not in the log, nobody made them or no rule recorded them: {Places(nothing)}");

        if (doubts.Count == 0) return;
        Line("what this log cannot tell");
        foreach (string doubt in doubts) Line(Terminal.Yellow($"  ! {doubt}"));
    }

    /// <summary><c>a.rules:7, 9; b.rules:1</c>.</summary>
    private static string Places(string[] origins) =>
        string.Join("; ", origins.Select(o => (File: o[..o.LastIndexOf(':')], Line: o[(o.LastIndexOf(':') + 1)..])).GroupBy(o => o.File).Select(g => $"{g.Key}:{string.Join(", ", g.Select(o => o.Line))}"));

    private static void Row(string mark, ForecastCost cost, string what, Func<string, string>? paint = null) =>
        Row(mark, Number(cost.EventsPerDay, "N0"), Number(cost.RecordGigabytesPerDay, "0.000"), Number(cost.GigabytesPerDay, "0.000"), what, paint);

    private static void Row(string mark, string events, string records, string json, string what, Func<string, string>? paint)
    {
        string line = $"  {mark,1} {events,13} {records,11} {json,9}  {what}";
        Line(paint is null ? line : paint(line));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Length(TimeSpan time) =>
        time.TotalHours >= 48 ? $"{(int)time.TotalDays} days {time.Hours} h"
        : time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static void Line(string text) => Console.WriteLine(text);
}
