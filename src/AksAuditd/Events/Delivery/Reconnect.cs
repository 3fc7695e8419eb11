namespace AksAuditd.Events.Delivery;

/// <summary>
/// When a sink that failed is tried again: 100 ms after the first failure, then twice as long each time, 10 s at the most, each up to a quarter shorter by
/// chance, so that the nodes of a cluster do not come all at once.
/// </summary>
internal sealed class Reconnect(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100), Most = TimeSpan.FromSeconds(10), Stable = TimeSpan.FromSeconds(1);
    private TimeSpan _wait;
    private long _failed;
    private TimeSpan _due;
    private long _opened;

    public bool IsDue => _due == TimeSpan.Zero || clock.GetElapsedTime(_failed) >= _due;

    /// <summary>Notes that it is open.</summary>
    public void Opened() => _opened = clock.GetTimestamp();

    /// <summary>Notes that it could not be opened, or broke. One that was open for less than a second counts as one that could not be opened.</summary>
    public void Failed(bool wasOpen = false)
    {
        if (wasOpen && clock.GetElapsedTime(_opened) >= Stable) _wait = TimeSpan.Zero;
        _wait = _wait == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, Most.Ticks));
        _failed = clock.GetTimestamp();
        _due = _wait * (1 - (Random.Shared.NextDouble() / 4));
    }

    /// <summary>The next attempt comes at once.</summary>
    public void Reset() => _wait = _due = TimeSpan.Zero;
}
