namespace LinuxAudit.Records;

/// <summary>Events to use again, with their buffers. Thread-safe: an event is given back by whoever was last to use it.</summary>
internal sealed class EventPool(int maxCount)
{
    // What a pooled event may hold on to: 16 KiB is more than all but one in a thousand events of the real corpus have.
    private const int MaxPooledBytes = 16 * 1024, MaxPooledRecords = 64;

    private readonly Lock _lock = new();
    private readonly AuditEvent?[] _free = new AuditEvent?[maxCount];
    private int _count;

    // Mostly one event is on its way at a time: it needs no lock.
    private AuditEvent? _next;

    internal AuditEvent Rent()
    {
        if (Interlocked.Exchange(ref _next, null) is { } next) return next;
        lock (_lock)
        {
            if (_count > 0) return _free[--_count]!;
        }
        return new AuditEvent(this);
    }

    internal void Return(AuditEvent auditEvent)
    {
        auditEvent.Shrink(MaxPooledBytes, MaxPooledRecords);
        if (Interlocked.CompareExchange(ref _next, auditEvent, null) is null) return;
        lock (_lock)
        {
            if (_count < _free.Length) _free[_count++] = auditEvent;
        }
    }
}
