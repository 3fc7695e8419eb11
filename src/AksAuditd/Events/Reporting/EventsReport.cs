using System.Text.Json.Serialization;

namespace AksAuditd.Events.Reporting;

/// <summary>What a program that reads events says of itself, for the agent's status and metrics. All numbers count from its start.</summary>
internal sealed record EventsReport
{
    public required string Version { get; init; }

    public required int Pid { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Source { get; init; }

    public required string Sink { get; init; }

    /// <summary>What is wrong with the settings that were read last, and are not followed; null when they are.</summary>
    public string? SettingsError { get; init; }

    /// <summary>How often settings were read since the start.</summary>
    public int SettingsRead { get; init; }

    /// <summary>Why the sink takes nothing now, or did not the last time; null when it never failed.</summary>
    public string? SinkError { get; init; }

    public long SinkErrors { get; init; }

    /// <summary>Since when events wait and the sink has taken none; null while it takes them, or while none waits.</summary>
    public DateTimeOffset? StuckSince { get; init; }

    public EventAccounts Accounts { get; init; }

    /// <summary>Why lines were lost; in all as many as <see cref="EventAccounts.Lost"/>.</summary>
    public Delivery.LossCounts Losses { get; init; }

    /// <summary>Events of which something was left out, because a line or an event has a bound; they say so themselves.</summary>
    public long Shortened { get; init; }

    public long QueuedBytes { get; init; }

    /// <summary>What the queue in memory holds at the most.</summary>
    public long QueueLimitBytes { get; init; }

    public long SpooledBytes { get; init; }

    /// <summary>What the spool holds at the most; 0 without one.</summary>
    public long SpoolLimitBytes { get; init; }

    /// <summary>Serial numbers that never came.</summary>
    public long Missing { get; init; }

    /// <summary>Times that the kernel dropped records because they were not read in time.</summary>
    public long Overruns { get; init; }

    /// <summary>Records that were none.</summary>
    public long Unreadable { get; init; }

    /// <summary>Events whose process could not be placed.</summary>
    public long UnknownPlaces { get; init; }

    public IReadOnlyList<KeyReport> Keys { get; init; } = [];
}

/// <summary>What one rule key cost.</summary>
/// <param name="Key">The key; empty for events without one.</param>
/// <param name="Events">Events that came.</param>
/// <param name="RecordBytes">Bytes of their records.</param>
/// <param name="Bytes">Bytes of what was made of them and went on.</param>
/// <param name="Suppressed">Events that did not go on.</param>
internal sealed record KeyReport(string Key, long Events, long RecordBytes, long Bytes, long Suppressed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventsReport))]
internal sealed partial class EventsJson : JsonSerializerContext;
