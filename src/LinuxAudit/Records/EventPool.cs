namespace LinuxAudit.Records;

/// <summary>Events to use again, with their buffers. Not thread-safe.</summary>
internal sealed class EventPool(int maxCount)
{
    // What a pooled event may hold on to: 16 KiB is more than all but one in a thousand events of the real corpus have.
    private const int MaxPooledBytes = 16 * 1024, MaxPooledRecords = 64;

    private readonly AuditEvent?[] _free = new AuditEvent?[maxCount];
    private int _count;

    internal AuditEvent Rent() => _count > 0 ? _free[--_count]! : new AuditEvent(this);

    internal void Return(AuditEvent auditEvent)
    {
        auditEvent.Shrink(MaxPooledBytes, MaxPooledRecords);
        if (_count == _free.Length) return;
        // Mostly the same one comes and goes, and stands there already.
        if (_free[_count] != auditEvent) _free[_count] = auditEvent;
        _count++;
    }
}
