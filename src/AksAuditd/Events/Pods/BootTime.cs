namespace AksAuditd.Events.Pods;

/// <summary>Turns times since boot, as /proc has them, into times of day, as events have them.</summary>
internal sealed class BootTime(ProcFiles proc, TimeProvider clock)
{
    // The node's clock may be set: then the sum is another.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long? _readAt;
    private long _boot;

    /// <summary>Milliseconds since 1970 of hundredths of a second since boot. Far in the future when /proc does not say how long ago that was.</summary>
    public long ToUnixTime(long hundredths)
    {
        long now = clock.GetTimestamp();
        if (_readAt is not { } before || clock.GetElapsedTime(before, now) >= Interval)
        {
            _readAt = now;
            long uptime = proc.Uptime();
            _boot = uptime < 0 ? long.MaxValue / 2 : clock.GetUtcNow().ToUnixTimeMilliseconds() - uptime;
        }

        return _boot + hundredths * 10;
    }
}
