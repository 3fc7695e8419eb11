using System.Numerics;

namespace LinuxAudit.Records;

/// <summary>
/// Counts the serial numbers that never came. Serial numbers may come in any order within a window of the last 4,096; one older than that
/// is not looked at any more.
/// </summary>
internal sealed class SequenceTracker
{
    internal const int Window = 4096;

    // A lower serial with a time this much later than all before is a machine that was rebooted. It has to be more than the clock may jump and
    // than most system calls take: the time of an event is that of the call's entry, its serial that of its first record.
    private const long RestartMilliseconds = 10_000;

    private readonly ulong[] _seen = new ulong[Window / 64];
    private uint _highest;
    private uint _lowest;
    private long _latest;
    private bool _started;

    internal long Missing { get; private set; }
    internal long Restarts { get; private set; }

    internal void Observe(in EventId id)
    {
        uint serial = id.Serial;
        if (!_started)
        {
            Start(id);
            return;
        }
        // The difference as a signed number, so that the counter may wrap.
        int ahead = unchecked((int)(serial - _highest));
        if (ahead < 0 && id.TotalMilliseconds > _latest + RestartMilliseconds)
        {
            Restarts++;
            Start(id);
            return;
        }
        _latest = Math.Max(_latest, id.TotalMilliseconds);
        if (ahead > 0) Advance((uint)ahead, serial);
        else if (-(long)ahead < Window) Fill(serial);
    }

    private void Start(in EventId id)
    {
        _started = true;
        _highest = _lowest = id.Serial;
        _latest = id.TotalMilliseconds;
        Array.Clear(_seen);
        Set(id.Serial);
    }

    private void Advance(uint by, uint serial)
    {
        Missing += by - 1;
        if (by >= Window) Array.Clear(_seen);
        else
            for (uint s = _highest + 1; s != serial; s++) _seen[s % Window / 64] &= ~Bit(s);
        _highest = serial;
        Set(serial);
    }

    private void Fill(uint serial)
    {
        if ((_seen[serial % Window / 64] & Bit(serial)) != 0) return;
        Set(serial);
        int below = unchecked((int)(_lowest - serial));
        if (below > 0)
        {
            Missing += below - 1;
            _lowest = serial;
        }
        else Missing--;
    }

    private void Set(uint serial) => _seen[serial % Window / 64] |= Bit(serial);

    private static ulong Bit(uint serial) => BitOperations.RotateLeft(1UL, (int)(serial % 64));
}
