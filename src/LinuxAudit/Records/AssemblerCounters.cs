namespace LinuxAudit.Records;

/// <summary>What an <see cref="EventAssembler"/> has seen and done since it was made. Each count only grows, except <see cref="MissingEvents"/>.</summary>
public readonly record struct AssemblerCounters
{
    /// <summary>Lines or messages given to it, all kinds.</summary>
    public long Received { get; init; }

    /// <summary>Lines or messages that were no records: <c>Received = Malformed + ContinuationLines + EndRecords + DroppedRecords + records kept</c>.</summary>
    public long Malformed { get; init; }

    /// <summary>Lines that were the rest of the record before (<see cref="LinuxAudit.Records.ContinuationLines"/>).</summary>
    public long ContinuationLines { get; init; }

    /// <summary><c>EOE</c> records; they end an event and are not part of it.</summary>
    public long EndRecords { get; init; }

    /// <summary>Records not kept because their event had its maximum of bytes.</summary>
    public long DroppedRecords { get; init; }

    /// <summary>Events opened.</summary>
    public long Events { get; init; }

    /// <summary>Events handed out early to make room.</summary>
    public long EvictedEvents { get; init; }

    /// <summary>Events handed out because nothing more came in time.</summary>
    public long TimedOutEvents { get; init; }

    /// <summary>Events of an id that had been handed out before.</summary>
    public long LateEvents { get; init; }

    /// <summary>
    /// Serial numbers that were never seen between the lowest and the highest: events lost on the way, or never sent because an <c>exclude</c>
    /// rule took all of their records. Falls when a missing one comes late.
    /// </summary>
    public long MissingEvents { get; init; }

    /// <summary>How often the serial numbers began anew: the machine was rebooted.</summary>
    public long Restarts { get; init; }
}
