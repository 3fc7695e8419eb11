using System.Text.Json;
using AksAuditd.Configuration;
using AksAuditd.Node;

namespace AksAuditd.Events.Reporting;

/// <summary>Reads the report that the program which reads events, a process of its own, leaves on the node.</summary>
internal static class EventsReportFile
{
    /// <summary>A report that is older comes from a program that hangs.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromMinutes(2);

    // 257 keys of at most 256 bytes and four numbers each.
    private const int MaximumSize = 1024 * 1024;

    /// <summary>Where it is. An agent that is the audit daemon may write to its state directory only.</summary>
    public static string PathFor(Settings settings) => settings.Mode == AuditMode.Embedded ? $"{settings.StateDirectory}/events.json" : EventsReporter.DefaultFile;

    /// <summary>The report; null when there is none, or none that can be read.</summary>
    public static EventsReport? Read(string path = EventsReporter.DefaultFile)
    {
        try
        {
            return new FileInfo(path).Length > MaximumSize ? null : JsonSerializer.Deserialize(File.ReadAllBytes(path), EventsJson.Default.EventsReport);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Why the program that made a report does not do its work; null when it does.</summary>
    /// <param name="report">Null when there is none.</param>
    /// <param name="now">The time now.</param>
    public static string? Problem(EventsReport? report, DateTimeOffset now) =>
        report is null ? $"the events program does not run: there is no {EventsReporter.DefaultFile}"
        : ProcessInfo.Name(report.Pid) is null ? $"the events program (pid {report.Pid}) has ended"
        : now - report.At > Stale ? $"the events program (pid {report.Pid}) hangs: its last report is of {report.At:yyyy-MM-ddTHH:mm:ssZ}"
        : null;
}
