using System.Text.Json;

namespace AksAuditd.Events.Reporting;

/// <summary>
/// Publishes what a pipeline does: in a file on the node, for a plugin, which is a process of its own. Hung onto <see cref="EventPipeline.OnTurn"/>, so
/// that every report is of a moment at which the accounts balance.
/// </summary>
internal sealed class EventsReporter(string version, string source, string sink, TimeProvider clock)
{
    /// <summary>Where the plugin's report is, on the node. Gone with the next boot.</summary>
    public const string DefaultFile = "/run/aks-auditd/events.json";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A sink that is busy takes some within this time; a file or a socket of this node within milliseconds.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);

    // Where nothing happens, a sign of life; whoever reads the file takes it for stale after EventsReportFile.Stale.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _since = clock.GetUtcNow();
    private long _next, _nextWrite, _nextHeartbeat;
    private (string? Error, int Count) _settings;
    private (long Delivered, DateTimeOffset At) _progress;
    private bool _isNew, _hasChanged;
    private EventsReport? _last;

    /// <summary>The last report; null before the first turn. Any thread.</summary>
    public EventsReport? Last => Volatile.Read(ref _last);

    /// <summary>Where it is written too; null: nowhere.</summary>
    public string? File { get; init; }

    /// <summary>The least time between two writes where events come all the time. Default 2 s, which is nothing to a file in memory.</summary>
    public TimeSpan WriteInterval { get; init; } = Interval;

    /// <summary>Told when it cannot be written; once.</summary>
    public Action<string>? OnError { get; set; }

    /// <summary>Settings were read: the next turn says so. Any thread.</summary>
    /// <param name="error">Why they are not followed; null when they are.</param>
    public void TellSettings(string? error)
    {
        lock (_gate) _settings = (error, _settings.Count + 1);
        Volatile.Write(ref _isNew, true);
    }

    /// <summary>Makes a report when it is time for one.</summary>
    public void Turn(EventPipeline pipeline)
    {
        long now = clock.GetTimestamp();
        bool isNew = Volatile.Read(ref _isNew);
        if (_last is not null && now < _next && !isNew) return;
        Volatile.Write(ref _isNew, false);
        _next = now + (long)(Interval.TotalSeconds * clock.TimestampFrequency);
        EventsReport report = Make(pipeline);
        _hasChanged |= _last is null || report.Accounts != _last.Accounts;
        bool due = isNew || (_hasChanged && now >= _nextWrite) || now >= _nextHeartbeat;
        Volatile.Write(ref _last, report);
        if (!due || File is null) return;
        _nextWrite = now + (long)(WriteInterval.TotalSeconds * clock.TimestampFrequency);
        _nextHeartbeat = now + (long)(Heartbeat.TotalSeconds * clock.TimestampFrequency);
        _hasChanged = false;
        Write(report);
    }

    /// <summary>Makes the last one.</summary>
    public void Finish(EventPipeline pipeline)
    {
        Volatile.Write(ref _last, Make(pipeline));
        if (File is not null) Write(_last!);
    }

    private EventsReport Make(EventPipeline pipeline)
    {
        Delivery.DeliveryCounters delivered = pipeline.Delivered;
        LinuxAudit.Records.AssemblerCounters assembled = pipeline.Assembled;
        // Progress means that the sink has taken an event, or that none waits. A lost event leaves the queue too, and is no progress.
        DateTimeOffset now = clock.GetUtcNow();
        if (_progress.At == default || delivered.Delivered != _progress.Delivered || delivered.Queued + delivered.Spooled == 0) _progress = (delivered.Delivered, now);
        string? error;
        int count;
        lock (_gate) (error, count) = _settings;
        return new()
        {
            SettingsError = error,
            SettingsRead = count,
            Version = version,
            Pid = Environment.ProcessId,
            Since = _since,
            At = now,
            Source = source,
            Sink = sink,
            SinkError = delivered.LastError,
            SinkErrors = delivered.SinkErrors,
            StuckSince = now - _progress.At >= StuckAfter ? _progress.At : null,
            Accounts = pipeline.Accounts,
            Losses = pipeline.Losses,
            Shortened = pipeline.Shortened,
            QueuedBytes = delivered.QueuedBytes,
            QueueLimitBytes = pipeline.QueueBytes,
            SpooledBytes = delivered.SpooledBytes,
            SpoolLimitBytes = pipeline.SpoolBytes,
            Missing = assembled.MissingEvents,
            Overruns = pipeline.Overruns,
            Unreadable = assembled.Malformed,
            UnknownPlaces = pipeline.Places.UnknownPlaces,
            Keys = [.. pipeline.Costs.All.Select(c => new KeyReport(c.Key, c.Cost.Events, c.Cost.RecordBytes, c.Cost.Bytes, c.Cost.Suppressed))],
        };
    }

    private void Write(EventsReport report)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File!)!, (UnixFileMode)0x1ed);
            System.IO.File.WriteAllBytes($"{File}.new", JsonSerializer.SerializeToUtf8Bytes(report, EventsJson.Default.EventsReport));
            System.IO.File.Move($"{File}.new", File!, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            OnError?.Invoke($"{File}: {e.Message}");
            OnError = null;
        }
    }
}
