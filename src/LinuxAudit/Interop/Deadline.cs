using System.Diagnostics;

namespace LinuxAudit.Interop;

/// <summary>A moment in the future of the monotonic clock. poll(2) waits in real time, so there is nothing to inject.</summary>
internal readonly struct Deadline
{
    private readonly long _ticks;

    private Deadline(long ticks) => _ticks = ticks;

    /// <summary><paramref name="timeout"/> from now; <see cref="Timeout.InfiniteTimeSpan"/> is never.</summary>
    public static Deadline After(TimeSpan timeout) =>
        new(timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency));

    public bool HasPassed => _ticks != long.MaxValue && Stopwatch.GetTimestamp() >= _ticks;

    /// <summary>For poll(2): rounded up, 0 when it has passed, -1 for never.</summary>
    public int MillisecondsLeft =>
        _ticks == long.MaxValue ? -1
        : (int)Math.Clamp(Math.Ceiling((_ticks - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency), 0, int.MaxValue);
}
