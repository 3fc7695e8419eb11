using AksAuditd.Node.Interop;

namespace AksAuditd.Events.Sources;

/// <summary>
/// Whether records should wait for company: each that is read by itself costs a wake-up, which costs more than the record (bench/events-live.md). What comes
/// after a pause is read at once, or nearly; then, as long as little comes at a time, it is worth waiting.
/// </summary>
internal struct Company
{
    // The records of one event come one after the other; the kernel's timer slack makes some 75 of it. With 150, two thirds more programs of subshells had gone (bench/pod-context.md).
    private const uint OneEventMicroseconds = 20;

    /// <summary>Milliseconds of one rest. After each a stream is asked how much there is: auditd's queue for plugins is bounded.</summary>
    public const int Rest = 8;

    /// <summary>Rests before a read at most.</summary>
    public const int Rests = 3;

    /// <summary>Bytes that are company enough.</summary>
    public const int Enough = 24 * 1024;

    private const int Pause = Rests * Rest + 20;
    private long _last;
    private int _bytes;

    /// <summary>True when little came the last time, and that was not long ago.</summary>
    public readonly bool IsWanted => _bytes < Enough && Environment.TickCount64 - _last < Pause;

    /// <summary>Waits for the records of the event whose first has come.</summary>
    public static void RestForOneEvent() => ProcessCalls.SleepMicroseconds(OneEventMicroseconds);

    /// <summary>A wait is over: what is read from now on came together.</summary>
    public void Begin()
    {
        _bytes = 0;
        _last = Environment.TickCount64;
    }

    /// <summary>So many bytes were read.</summary>
    public void Took(int bytes) => _bytes += bytes;
}
