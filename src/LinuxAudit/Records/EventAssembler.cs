using System.Diagnostics.CodeAnalysis;

namespace LinuxAudit.Records;

/// <summary>
/// Puts the records of one machine together to events: records of an event may come in any order, mixed with those of others, and some may never
/// come. Bounded by count, bytes and time; what it had to give up is counted. After the first events it allocates nothing. Not thread-safe.
/// <code>
/// assembler.Add(line);
/// while (assembler.TryTake(out AuditEvent? e)) using (e) { … }
/// </code>
/// </summary>
public sealed partial class EventAssembler
{
    // Enough that events on their way through a consumer's queue come back before new ones are needed.
    private const int PooledEvents = 128;

    private readonly AssemblerOptions _options;
    private readonly TimeProvider? _clock;
    private readonly long _timeout;
    private readonly EventPool _pool = new(PooledEvents);
    private readonly Queue<AuditEvent> _ready = new();
    private readonly SequenceTracker _sequence = new();
    private readonly ContinuationLines _continuation = new();
    private readonly IdMemory _lastId = new();
    private long _received, _malformed, _continued, _endRecords, _droppedRecords, _events, _evicted, _timedOut, _late;
    private long _now;

    // The event of the record before, while it is open.
    private AuditEvent? _current;

    /// <summary>An assembler with nothing open.</summary>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <param name="clock">
    /// The clock for <see cref="AssemblerOptions.Timeout"/>. Null when reading a file: then the time is that of the latest record.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EventAssembler(AssemblerOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new AssemblerOptions();
        _options.Validate();
        _clock = clock;
        _timeout = (long)_options.Timeout.TotalMilliseconds;
    }

    /// <summary>What it has seen and done so far.</summary>
    public AssemblerCounters Counters => new()
    {
        Received = _received,
        Malformed = _malformed,
        ContinuationLines = _continued,
        EndRecords = _endRecords,
        DroppedRecords = _droppedRecords,
        Events = _events,
        EvictedEvents = _evicted,
        TimedOutEvents = _timedOut,
        LateEvents = _late,
        MissingEvents = _sequence.Missing,
        Restarts = _sequence.Restarts,
    };

    /// <summary>Events that are open: they wait for more records.</summary>
    public int OpenEvents { get; private set; }

    /// <summary>Bytes of the records of open events.</summary>
    public long OpenBytes { get; private set; }

    /// <summary>
    /// Takes a line of text (<see cref="AuditRecord.TryParse(ReadOnlySpan{byte}, out AuditRecord)"/>); it is copied. A line that is the rest of the
    /// record before is counted and passed over (<see cref="LinuxAudit.Records.ContinuationLines"/>): that record says it all in hexadecimal.
    /// </summary>
    /// <returns>False when it is no record; it is counted, and the caller keeps it.</returns>
    public bool Add(ReadOnlySpan<byte> line)
    {
        if (_continuation.IsContinuation(line))
        {
            _received++;
            _continued++;
            return true;
        }
        if (!AuditRecord.TryParseUsual(line, _lastId, out AuditRecord record) && !AuditRecord.TryParse(line, _lastId, out record)) return Refuse();
        _continuation.Observe(record);
        return Add(record);
    }

    /// <summary>Takes a message of the kernel (<see cref="AuditRecord.TryParse(int, ReadOnlySpan{byte}, out AuditRecord)"/>); it is copied.</summary>
    /// <returns>False when it is no record; it is counted, and the caller keeps it.</returns>
    public bool Add(int type, ReadOnlySpan<byte> payload)
    {
        if (AuditRecord.TryParse(type, payload, out AuditRecord record)) return Add(record);
        return Refuse();
    }

    /// <summary>Takes a record that has been parsed; it is copied. Take the events that are ready after each: they are kept until then.</summary>
    /// <returns>True.</returns>
    public bool Add(in AuditRecord record)
    {
        _received++;
        AuditEvent? open = _current;
        // Mostly it goes on with the event of the record before: then neither time nor serial number is news.
        if (open is null || !open.IsOf(record))
        {
            if (!RecordTypes.IsDaemon(record.Type)) _sequence.Observe(record.Id);
            Advance(record.Id);
            open = Find(record);
        }

        if (record.Type == RecordType.EndOfEvent)
        {
            _endRecords++;
            if (open is not null) HandOut(open, EventEnd.Complete);
            return true;
        }

        open ??= Open(record);
        Append(open, record);
        if (RecordTypes.IsSingle(record.Type)) HandOut(open, EventEnd.Single);
        else if (record.Type == RecordType.ProcessTitle && _options.ProcessTitleEnds) HandOut(open, EventEnd.Complete);
        // With a clock time passes between two records of an event.
        else if (_clock is null && _current != open) _current = open;
        while (OpenBytes > _options.MaxOpenBytes) HandOut(_oldest!, EventEnd.Evicted);
        return true;
    }

    /// <summary>True when an event is ready.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>The next event that is ready. The caller disposes of it.</summary>
    public bool TryTake([NotNullWhen(true)] out AuditEvent? ready) => _ready.TryDequeue(out ready);

    /// <summary>
    /// Makes ready what waited too long. <see cref="Add(in AuditRecord)"/> does so too: call this when nothing comes. Without a clock it does nothing.
    /// </summary>
    public void Expire()
    {
        if (_clock is not null) Advance(default);
    }

    /// <summary>Makes everything ready: the input has ended.</summary>
    public void Flush()
    {
        while (_oldest is not null) HandOut(_oldest, EventEnd.Flushed);
    }

    private bool Refuse()
    {
        _received++;
        _malformed++;
        return false;
    }

    private void Advance(in EventId latest)
    {
        _now = Math.Max(_now, _clock is null ? latest.TotalMilliseconds : _clock.GetTimestamp() * 1000 / _clock.TimestampFrequency);
        while (_oldest is not null && _now - _oldest.Arrived >= _timeout) HandOut(_oldest, EventEnd.Timeout);
    }

    private AuditEvent Open(in AuditRecord record)
    {
        if (OpenEvents == _options.MaxOpenEvents) HandOut(_oldest!, EventEnd.Evicted);
        AuditEvent opened = _pool.Rent();
        opened.Open(record.Id, _now);
        opened.IsLate = WasHandedOut(record.Id);
        Link(opened);
        _events++;
        if (opened.IsLate) _late++;
        return opened;
    }

    private void Append(AuditEvent open, in AuditRecord record)
    {
        // The first record is always kept: an event without records would say nothing.
        if (open.Count > 0 && open.Length + record.Raw.Length > _options.MaxEventBytes)
        {
            open.DroppedRecords++;
            _droppedRecords++;
            return;
        }
        open.Add(record);
        OpenBytes += record.Raw.Length;
    }

    private void HandOut(AuditEvent open, EventEnd end)
    {
        Unlink(open);
        if (open == _current) _current = null;
        open.End = end;
        if (end == EventEnd.Evicted) _evicted++;
        if (end == EventEnd.Timeout) _timedOut++;
        _ready.Enqueue(open);
    }
}
