namespace AksAuditd.Policy;

/// <summary>When a thing that failed may be tried again: after <c>first</c>, then twice as long each time, <c>most</c> at the most. Whoever sets the clock changes nothing of it.</summary>
internal sealed class RetryBackoff(TimeProvider clock, TimeSpan first, TimeSpan most)
{
    private TimeSpan _wait;
    private long _failedAt;

    /// <summary>Whether the time has come.</summary>
    public bool IsDue => Remaining == TimeSpan.Zero;

    /// <summary>How long until then; zero when it has come.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_wait == TimeSpan.Zero) return TimeSpan.Zero;
            TimeSpan rest = _wait - clock.GetElapsedTime(_failedAt);
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>How long the last failure has to wait in all; zero when there was none.</summary>
    public TimeSpan Wait => _wait;

    /// <summary>Notes a failure.</summary>
    /// <returns>How long to wait now.</returns>
    public TimeSpan Failed()
    {
        _wait = _wait == TimeSpan.Zero ? first : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, most.Ticks));
        _failedAt = clock.GetTimestamp();
        return _wait;
    }

    /// <summary>Notes a success: the next failure starts from the beginning.</summary>
    public void Succeeded() => _wait = TimeSpan.Zero;
}
