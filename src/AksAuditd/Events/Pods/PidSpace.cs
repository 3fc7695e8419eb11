namespace AksAuditd.Events.Pods;

/// <summary>
/// Tells for how long a pid means the same process. The kernel gives out pids in a circle, so one that was seen cannot be given to another process
/// before about as many processes and threads as there are pids have been made; the kernel counts them.
/// </summary>
internal sealed class PidSpace
{
    // include/linux/pid.h, RESERVED_PIDS: the circle starts behind them.
    private const int Reserved = 300;
    // No kernel makes threads faster: one takes about 10 µs, a process 50.
    private const int MaxForksPerMillisecond = 100;
    private const int Remembered = 256;

    private readonly ProcFiles _proc;
    private readonly TimeProvider _clock;
    private readonly long _quarter;
    private readonly TimeSpan _quiet;
    // Samples, the latest at _last: when, in milliseconds since 1970, and how many forks there had been.
    private readonly (long Time, long Forks)[] _samples = new (long, long)[Remembered];
    private int _last = Remembered - 1;
    private long _first = long.MaxValue;
    private long? _sampledAt;

    public PidSpace(ProcFiles proc, TimeProvider clock)
    {
        _proc = proc;
        _clock = clock;
        _quarter = Math.Max(0, proc.PidMax() - Reserved) / 4;
        _quiet = TimeSpan.FromMilliseconds(Math.Min(1000, _quarter / (MaxForksPerMillisecond * Environment.ProcessorCount)));
    }

    /// <summary>A mark to keep beside a pid that was seen at a time (milliseconds since 1970): at most the forks until then; -1 when that is too long ago.</summary>
    public long Mark(long time)
    {
        Sample();
        if (IsBefore(time)) return -1;
        for (int i = 0; i < Remembered; i++)
        {
            (long at, long forks) = _samples[(_last - i + Remembered) % Remembered];
            if (at == 0) break;
            if (at <= time) return forks;
        }

        return -1;
    }

    /// <summary>Whether a time is too long ago to know anything of it.</summary>
    public bool IsBefore(long time) => time < _samples[(_last + 1) % Remembered].Time || time < _first;

    /// <summary>Whether a pid that was seen with that mark means the same process until now: nobody else can have been given it since.</summary>
    public bool IsSame(long mark)
    {
        Sample();
        // A quarter since the mark, and at most another since the sample: the rest is for pids that are in use and passed over.
        return mark >= 0 && _samples[_last].Forks - mark < _quarter;
    }

    private void Sample()
    {
        long now = _clock.GetTimestamp();
        if (_sampledAt is { } before && _clock.GetElapsedTime(before, now) <= _quiet) return;
        _sampledAt = now;
        long forks = _proc.Forks();
        // Not readable: nothing is the same for long.
        if (forks < 0) forks = _samples[_last].Forks + _quarter;
        _last = (_last + 1) % Remembered;
        _first = Math.Min(_first, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        _samples[_last] = (_clock.GetUtcNow().ToUnixTimeMilliseconds(), forks);
    }
}
