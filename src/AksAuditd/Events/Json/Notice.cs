using AksAuditd.Events.Pods;

namespace AksAuditd.Events.Json;

/// <summary>What an event of our own is about.</summary>
internal enum NoticeKind
{
    /// <summary>Events did not reach us, or could not be kept.</summary>
    Lost,

    /// <summary>Events over a budget were left out.</summary>
    Suppressed,

    /// <summary>A line or message that is no record; <see cref="Notice.Raw"/> has it.</summary>
    Unreadable,

    /// <summary>Events are read from now on.</summary>
    Started,

    /// <summary>Events are not read any more.</summary>
    Stopped,

    /// <summary>What events of a container leave out: its pod's uid and its id.</summary>
    ContainerSeen,
}

/// <summary>An event that comes from aks-auditd itself. Points into what it was made from.</summary>
/// <param name="kind">What it is about.</param>
/// <param name="time">When it was noticed.</param>
internal readonly ref struct Notice(NoticeKind kind, DateTimeOffset time)
{
    public NoticeKind Kind { get; } = kind;

    /// <summary>What it is called in every form: <c>lost-events</c>.</summary>
    public ReadOnlySpan<byte> Action => Kind switch
    {
        NoticeKind.Lost => "lost-events"u8,
        NoticeKind.Suppressed => "suppressed-events"u8,
        NoticeKind.Unreadable => "could-not-read"u8,
        NoticeKind.Started => "started"u8,
        NoticeKind.ContainerSeen => "container-seen"u8,
        _ => "stopped"u8,
    };

    /// <summary>When it was noticed.</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>How many events or records it is about. Default 0: left out.</summary>
    public long Count { get; init; }

    /// <summary>The beginning of the time it is about, which ends at <see cref="Time"/>. Default: left out.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The key of the rule it is about. Default empty: left out.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The container it is about, or its pod. Default null: none.</summary>
    public Container? Container { get; init; }

    /// <summary>A sentence for a person. Default empty: left out.</summary>
    public ReadOnlySpan<byte> Message { get; init; }

    /// <summary>What could not be read, as it came: any bytes. Default empty: left out.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }
}
