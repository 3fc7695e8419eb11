namespace AksAuditd.Forecast;

/// <summary>What a policy's rules would have recorded of a log: what <c>plan --forecast --output json</c> says. A gigabyte has 10^9 bytes.</summary>
internal sealed record ForecastReport
{
    /// <summary>The log.</summary>
    public required string Log { get; init; }

    /// <summary>The time of its earliest event.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The time of its latest event.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Its events, and what they would be a day.</summary>
    public required ForecastCost Logged { get; init; }

    /// <summary>Lines that are no records.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Events whose system call's record is missing, so that no rule can be asked.</summary>
    public required long Incomplete { get; init; }

    /// <summary>What would be written in all.</summary>
    public required ForecastCost Recorded { get; init; }

    /// <summary>The part of it that no rule asks for: what the kernel writes about itself, and what programs send.</summary>
    public required ForecastCost Unasked { get; init; }

    /// <summary>What <c>never</c> and <c>exclude</c> rules keep out, records of events that are written otherwise among them.</summary>
    public required ForecastCost KeptOut { get; init; }

    /// <summary>What is in the log and no rule asks for.</summary>
    public required ForecastCost NotWanted { get; init; }

    /// <summary>By key, the dearest first.</summary>
    public required IReadOnlyList<ForecastKey> Keys { get; init; }

    /// <summary>By rule, in the order in which the kernel asks them.</summary>
    public required IReadOnlyList<ForecastRule> Rules { get; init; }
}

/// <summary>A number of events and what they take.</summary>
/// <param name="Events">Events in the log.</param>
/// <param name="EventsPerDay">Events a day, if it goes on as in the log.</param>
/// <param name="RecordGigabytesPerDay">Their records, as the log has them.</param>
/// <param name="GigabytesPerDay">Their JSON, without what only a live system tells: the pod.</param>
internal sealed record ForecastCost(long Events, double EventsPerDay, double RecordGigabytesPerDay, double GigabytesPerDay);

/// <summary>What the rules of a key cost.</summary>
/// <param name="Key">The first key of the rules; empty for those without one.</param>
/// <param name="Cost">The cost.</param>
/// <param name="AtLeast">Whether it may be more, because the log's rules did not ask for all of it.</param>
internal sealed record ForecastKey(string Key, ForecastCost Cost, bool AtLeast);

/// <summary>What a rule costs; for a rule that keeps events out, what it saves.</summary>
/// <param name="Rule">As <c>auditctl -l</c> prints it.</param>
/// <param name="Origin">Its file and line.</param>
/// <param name="Key">Its first key; empty without.</param>
/// <param name="KeepsOut">Whether it keeps events or records out.</param>
/// <param name="Cost">The cost.</param>
/// <param name="MayBeMore">Events that it may record too: the records do not have what it asks for.</param>
/// <param name="AtLeast">Whether no event in the log has one of its keys, so that nothing says it was asked when the log was written.</param>
/// <param name="NotInLog">System calls of the rule of which the log has none.</param>
/// <param name="CannotTell">Why no log can tell; null when one can.</param>
internal sealed record ForecastRule(
    string Rule, string Origin, string Key, bool KeepsOut, ForecastCost Cost, long MayBeMore, bool AtLeast, IReadOnlyList<string> NotInLog, string? CannotTell);
