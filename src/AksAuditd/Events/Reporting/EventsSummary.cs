using AksAuditd.Check;

namespace AksAuditd.Events.Reporting;

/// <summary>An <see cref="EventsReport"/> for people: what became of the events, and what each key costs a day if it goes on as since the program's start.</summary>
internal sealed record EventsSummary
{
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why the program does not do its work; null when it does.</summary>
    public string? Problem { get; init; }

    public required string Sink { get; init; }

    public string? SinkError { get; init; }

    public long Received { get; init; }

    public long Delivered { get; init; }

    public long Suppressed { get; init; }

    /// <summary>In memory or on disk.</summary>
    public long Waiting { get; init; }

    public long Lost { get; init; }

    /// <summary>The dearest first, by what went out.</summary>
    public required IReadOnlyList<KeyPrice> Keys { get; init; }

    /// <summary>Sums a report up.</summary>
    public static EventsSummary Of(EventsReport report, DateTimeOffset now)
    {
        // Where the clock was set back, and right after the start, there is no rate yet.
        double seconds = Math.Max(1, (report.At - report.Since).TotalSeconds);
        KeyPrice[] keys = new KeyPrice[report.Keys.Count];
        for (int i = 0; i < keys.Length; i++) keys[i] = KeyPrice.Of(report.Keys[i], seconds);
        Array.Sort(keys, (a, b) => b.Bytes != a.Bytes ? b.Bytes.CompareTo(a.Bytes) : b.RecordBytes.CompareTo(a.RecordBytes));
        return new()
        {
            Since = report.Since,
            At = report.At,
            Problem = EventsReportFile.Problem(report, now),
            Sink = report.Sink,
            SinkError = report.SinkError,
            Received = report.Accounts.Received,
            Delivered = report.Accounts.Delivered,
            Suppressed = report.Accounts.Suppressed,
            Waiting = report.Accounts.Held + report.Accounts.Queued + report.Accounts.Spooled,
            Lost = report.Accounts.Lost,
            Keys = keys,
        };
    }
}

/// <summary>What one key costs. A gigabyte has 10^9 bytes, as bills have it.</summary>
internal sealed record KeyPrice(string Key, long Events, long RecordBytes, long Bytes, long Suppressed, double EventsPerSecond, double RecordGigabytesPerDay, double GigabytesPerDay)
{
    private const double SecondsADay = 86_400, Gigabyte = 1e9;

    /// <summary>The key as it may be printed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Shown => Key.Length == 0 ? "(no key)" : DisplayText.Clean(Key);

    /// <summary>Extrapolates.</summary>
    public static KeyPrice Of(KeyReport report, double seconds) => new(report.Key, report.Events, report.RecordBytes, report.Bytes, report.Suppressed,
        report.Events / seconds, report.RecordBytes / seconds * SecondsADay / Gigabyte, report.Bytes / seconds * SecondsADay / Gigabyte);
}
