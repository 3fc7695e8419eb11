namespace AksAuditd.Policy;

/// <summary>When a thing that failed may be tried again: after <c>first</c>, then twice as long each time, <c>most</c> at the most.</summary>
internal sealed class RetryBackoff(TimeProvider clock, TimeSpan first, TimeSpan most)
{
    private TimeSpan _wait;
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Whether the time has come.</summary>
    public bool IsDue => clock.GetUtcNow() >= _due;

    /// <summary>Notes a failure.</summary>
    /// <returns>How long to wait now.</returns>
    public TimeSpan Failed()
    {
        _wait = _wait == TimeSpan.Zero ? first : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, most.Ticks));
        _due = clock.GetUtcNow() + _wait;
        return _wait;
    }

    /// <summary>Notes a success: the next failure starts from the beginning.</summary>
    public void Succeeded() => (_wait, _due) = (TimeSpan.Zero, DateTimeOffset.MinValue);
}
