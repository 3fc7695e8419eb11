namespace LinuxAudit.Records;

public sealed partial class EventAssembler
{
    // Direct-mapped by serial number: ids handed out lately, so that a record that comes after its event is known as late.
    private const int Remembered = 1024;

    private readonly EventId[] _handedOut = new EventId[Remembered];
    private AuditEvent?[] _buckets = new AuditEvent?[64];
    private AuditEvent? _oldest;
    private AuditEvent? _newest;

    private AuditEvent? Find(in AuditRecord record)
    {
        // Mostly it is the event of the record before.
        if (_newest is not null && _newest.IsOf(record)) return _newest;
        for (AuditEvent? e = _buckets[Bucket(record.Id)]; e is not null; e = e.NextInBucket)
            if (e.IsOf(record)) return e;
        return null;
    }

    private void Link(AuditEvent opened)
    {
        if (OpenEvents >= _buckets.Length) Rehash();
        ref AuditEvent? bucket = ref _buckets[Bucket(opened.Id)];
        opened.NextInBucket = bucket;
        bucket = opened;
        opened.Previous = _newest;
        opened.Next = null;
        if (_newest is null) _oldest = opened;
        else _newest.Next = opened;
        _newest = opened;
        OpenEvents++;
    }

    private void Unlink(AuditEvent open)
    {
        ref AuditEvent? link = ref _buckets[Bucket(open.Id)];
        if (link == open) link = open.NextInBucket;
        else
        {
            AuditEvent before = link!;
            while (before.NextInBucket != open) before = before.NextInBucket!;
            before.NextInBucket = open.NextInBucket;
        }
        if (open.Previous is null) _oldest = open.Next;
        else open.Previous.Next = open.Next;
        if (open.Next is null) _newest = open.Previous;
        else open.Next.Previous = open.Previous;
        open.Previous = open.Next = open.NextInBucket = null;
        OpenEvents--;
        OpenBytes -= open.Length;
        _handedOut[open.Id.Serial % Remembered] = open.Id;
    }

    private bool WasHandedOut(in EventId id) => _handedOut[id.Serial % Remembered] == id && id != default;

    // Only when more events are open than ever before.
    private void Rehash()
    {
        _buckets = new AuditEvent?[_buckets.Length * 4];
        for (AuditEvent? e = _oldest; e is not null; e = e.Next)
        {
            ref AuditEvent? bucket = ref _buckets[Bucket(e.Id)];
            e.NextInBucket = bucket;
            bucket = e;
        }
    }

    // The time too: a forger could give many events one serial number.
    private int Bucket(in EventId id) => (int)((id.Serial + (ulong)id.TotalMilliseconds * 31) & (uint)(_buckets.Length - 1));
}
