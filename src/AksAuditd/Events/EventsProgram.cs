using AksAuditd.Events.Delivery;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using AksAuditd.Events.Records;
using AksAuditd.Events.Reporting;
using AksAuditd.Events.Sources;
using AksAuditd.Node;
using LinuxAudit.Records;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Events;

/// <summary>A pipeline with all that belongs to it: what <c>events</c>, <c>plugin</c> and the embedded mode run.</summary>
internal sealed class EventsProgram : IDisposable
{
    private readonly IRecordSource _source;
    private readonly NodeIdentities _identities;
    private readonly PodContext _pods;
    private readonly Func<EventsSettings, NodeIdentities, IEventEncoder>? _encoder;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly bool _isLive;
    private readonly EventPipeline _pipeline;
    private EventsSettings _settings;
    private LineDelivery _delivery;

    /// <summary>Opens everything; nothing is read before <see cref="Run"/>.</summary>
    public EventsProgram(EventsProgramOptions options, TimeProvider clock, ILogger log)
    {
        (_source, _settings, _encoder, _clock, _log) = (options.Source, options.Settings, options.Encoder, clock, log);
        _isLive = options.IsLive;
        string root = options.Root;
        _identities = new(root);
        _pods = new(new PodContextOptions
        {
            PodLogs = $"{root}/var/log/pods",
            ContainerLogs = $"{root}/var/log/containers",
            ControlGroups = options.IsLive ? $"{root}/sys/fs/cgroup" : null,
            LooksAtAll = options.IsLive,
        }, clock);
        _delivery = OpenDelivery(_settings);
        Report = new(options.Version, _source.Name, _settings.To, clock) { File = options.ReportFile, WriteInterval = options.ReportInterval, OnError = m => log.LogWarning("{Reason}", m) };
        _pipeline = new(new()
        {
            Source = _source,
            IsLive = options.IsLive,
            Pods = _pods,
            Identities = _identities,
            Selection = new(_settings, _identities),
            Encoder = MakeEncoder(),
            Delivery = _delivery,
        }, clock)
        { OnTurn = Report.Turn };
    }

    /// <summary>What it does.</summary>
    public EventsReporter Report { get; }

    /// <summary>Whether it ended because nobody reads what it writes any more: <c>events | head</c>.</summary>
    public bool IsClosed => _pipeline.IsClosed;

    /// <summary>Runs until the source ends or it is told to stop.</summary>
    /// <exception cref="Node.NodeException">The source does not work any more.</exception>
    public void Run(CancellationToken stop)
    {
        OwnMemory.Trim();
        try
        {
            _pipeline.Run(stop);
        }
        finally
        {
            Report.Finish(_pipeline);
        }
    }

    /// <summary>Takes other settings, and opens files again that somebody may have rotated. Any thread.</summary>
    public void Change(EventsSettings settings)
    {
        bool sameSink = settings.To == _settings.To && settings.QueueBytes == _settings.QueueBytes && settings.SpoolBytes == _settings.SpoolBytes;
        if (settings.SpoolDirectory != _settings.SpoolDirectory) _log.LogWarning("spool.directory is taken over with the next start");
        _settings = settings with { SpoolDirectory = _settings.SpoolDirectory };
        if (sameSink) _delivery.Reopen();
        _pipeline.Change(new(new(_settings, _identities), MakeEncoder, sameSink ? null : () => _delivery = OpenDelivery(_settings)));
    }

    public void Dispose()
    {
        _delivery.Dispose();
        _pods.Dispose();
        _source.Dispose();
    }

    private IEventEncoder MakeEncoder()
    {
        // No longer than the sink takes: it refuses what it would have to cut. JSON is never shorter than its least: what is over is refused, and counted.
        int longest = Math.Min(_settings.MaxBytes, _delivery.MaximumLine);
        if (_encoder is null && _settings.Format == EventFormat.Records) return new RecordsEncoder(longest, _delivery.MaximumGroup);
        return (_encoder ?? Json)(_settings with { MaxBytes = Math.Max(EncoderOptions.SmallestLine, longest) }, _identities);
    }

    private static IEventEncoder Json(EventsSettings settings, NodeIdentities identities) =>
        new EventEncoder(new Interpreter(identities), new EncoderOptions
        {
            NodeName = settings.NodeName,
            SaysNode = settings.SaysNode,
            LeavesOutKnown = !settings.IsSelfContained,
            MaxBytes = settings.MaxBytes,
            Raw = settings.Raw,
        });

    private LineDelivery OpenDelivery(EventsSettings settings)
    {
        if (!SinkAddress.TryParse(settings.To, out SinkAddress? address, out string? error)) throw new ArgumentException(error);
        DeliveryOptions options = new()
        {
            QueueBytes = (int)settings.QueueBytes,
            SpoolDirectory = settings.SpoolBytes > 0 && settings.To != "stdout" ? settings.SpoolDirectory : null,
            SpoolBytes = Math.Max(settings.SpoolBytes, 1024 * 1024),
            // A file can wait, and must not lose an event because the sink is slower than a disk.
            HasThread = _isLive,
        };
        return new(address.Open(_clock, settings.NodeName), options, _clock, _log);
    }
}

/// <summary>What an <see cref="EventsProgram"/> is to do.</summary>
internal sealed record EventsProgramOptions
{
    /// <summary>Where records come from. Disposed of with the program.</summary>
    public required IRecordSource Source { get; init; }

    /// <summary>Whether they come as they happen.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Filters, form, sink; the sink's address has been checked.</summary>
    public required EventsSettings Settings { get; init; }

    /// <summary>The node's root directory; empty when it is this process's.</summary>
    public required string Root { get; init; }

    /// <summary>This program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it says what it does; null: nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The least time between two writes of it. Default 2 s.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How events look; null: as the settings say.</summary>
    public Func<EventsSettings, NodeIdentities, IEventEncoder>? Encoder { get; init; }
}
