namespace AksAuditd.Report;

/// <summary>
/// Follows how a machine numbers its processes, from those that a log names: upwards, and after the highest number from the beginning. A number may be another
/// process's as soon as the counter has come by it again.
/// </summary>
internal sealed class PidCounter
{
    // Numbers are below 2^22; a round has room for all of them.
    private const int RoundBits = 22;
    private const uint PidMask = (1u << RoundBits) - 1;

    private uint _latest, _highest;
    private long _round;

    /// <summary>Where the counter is; it only grows.</summary>
    public long Now => _round << RoundBits | _latest;

    /// <summary>A process was seen that was not known. Processes come a little out of order; a number much lower than the last is a new round.</summary>
    public void Observe(uint pid)
    {
        pid &= PidMask;
        _highest = Math.Max(_highest, pid);
        if (pid > _latest) _latest = pid;
        else if (_latest - pid > _highest / 2)
        {
            _round++;
            _latest = pid;
        }
    }

    /// <summary>Nobody looked for a while: any number may be another process's now.</summary>
    public void Forget() => _round += 2;

    /// <summary>Whether a process that was last seen at a time of <see cref="Now"/> still has its number.</summary>
    public bool IsSame(uint pid, long seen)
    {
        long round = seen >> RoundBits;
        // In the round it was seen in, what was numbered since has higher numbers than the counter then; a lower number than that was given out before.
        if (_round == round) return (pid & PidMask) <= (seen & PidMask) || _latest < (pid & PidMask);
        return _round == round + 1 && _latest < (pid & PidMask) && (pid & PidMask) <= (seen & PidMask);
    }
}
