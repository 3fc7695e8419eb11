namespace AksAuditd.Events;

/// <summary>
/// Where every event went. At any moment <c>Received + Recovered + Notices = Suppressed + Held + Delivered + Lost + Queued + Spooled</c>; whatever is missing on one
/// side would be an event that nobody knows of.
/// </summary>
internal readonly record struct EventAccounts
{
    /// <summary>Events that came from the source.</summary>
    public long Received { get; init; }

    /// <summary>Events that an earlier process had left on disk.</summary>
    public long Recovered { get; init; }

    /// <summary>Events of our own: what was lost, what was suppressed, what could not be read.</summary>
    public long Notices { get; init; }

    /// <summary>Dropped by a filter, or as the container runtime's noise.</summary>
    public long Filtered { get; init; }

    /// <summary>Left out by a filter that keeps one in so many.</summary>
    public long Sampled { get; init; }

    /// <summary>Over the budget of their key or pod.</summary>
    public long OverBudget { get; init; }

    /// <summary>Waiting for their container's name.</summary>
    public long Held { get; init; }

    /// <summary>Taken by the sink.</summary>
    public long Delivered { get; init; }

    /// <summary>Lost: neither memory nor disk had room, or the sink can never take it.</summary>
    public long Lost { get; init; }

    /// <summary>In memory.</summary>
    public long Queued { get; init; }

    /// <summary>On disk.</summary>
    public long Spooled { get; init; }

    public long Suppressed => Filtered + Sampled + OverBudget;

    /// <summary>Whether both sides are equal.</summary>
    public bool IsBalanced => Received + Recovered + Notices == Suppressed + Held + Delivered + Lost + Queued + Spooled;
}
