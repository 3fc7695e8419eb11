using System.Buffers;
using System.Runtime.CompilerServices;

namespace LinuxAudit.Records;

/// <summary>Why an event was handed out.</summary>
public enum EventEnd
{
    /// <summary>Still open.</summary>
    None,
    /// <summary>Its last record came: <c>EOE</c>, or <c>PROCTITLE</c>.</summary>
    Complete,
    /// <summary>Of its kind there is never more than one record.</summary>
    Single,
    /// <summary>Nothing came for it any more within <see cref="AssemblerOptions.Timeout"/>; the kernel sends some events without an end.</summary>
    Timeout,
    /// <summary>It had to make room: too many events, or too many bytes, were open. Records may be missing.</summary>
    Evicted,
    /// <summary>The input ended (<see cref="EventAssembler.Flush"/>).</summary>
    Flushed,
}

/// <summary>
/// The records of one event, in the order they came, with their bytes. Comes from an <see cref="EventAssembler"/> and goes back to it with
/// <see cref="Dispose"/>; from then on neither it nor any span from it may be used. It belongs to the assembler's thread.
/// </summary>
public sealed class AuditEvent : IDisposable
{
    private readonly EventPool _pool;
    private byte[] _bytes = [];
    private (int Start, RecordLayout Layout)[] _records = new (int, RecordLayout)[8];
    private bool _isRented;

    internal AuditEvent(EventPool pool) => _pool = pool;

    /// <summary>The event's time and serial number.</summary>
    public EventId Id { get; private set; }

    /// <summary>The machine, from <c>node=</c>; empty when the records do not say.</summary>
    public ReadOnlySpan<byte> Node => Count == 0 || _records[0].Layout.NodeLength == 0 ? default : this[0].Node;

    /// <summary>How many records there are, <c>EOE</c> not counted; at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all records.</summary>
    public int Length { get; private set; }

    /// <summary>Why the event was handed out.</summary>
    public EventEnd End { get; internal set; }

    /// <summary>Records that came for this event and were not kept, because it had <see cref="AssemblerOptions.MaxEventBytes"/> already.</summary>
    public int DroppedRecords { get; internal set; }

    /// <summary>True when an event of the same id had been handed out before: these records came too late for it.</summary>
    public bool IsLate { get; internal set; }

    /// <summary>A record, from 0 to <see cref="Count"/> - 1. Points into this event.</summary>
    public AuditRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref readonly (int Start, RecordLayout Layout) record = ref _records[index];
            return new AuditRecord(_bytes.AsSpan(record.Start, record.Layout.Length), record.Layout);
        }
    }

    /// <summary>The <see cref="AuditRecord.Body"/> of a record, from 0 to <see cref="Count"/> - 1; cheaper than asking the record.</summary>
    public ReadOnlySpan<byte> BodyOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        ref readonly (int Start, RecordLayout Layout) record = ref _records[index];
        return _bytes.AsSpan(record.Start + record.Layout.BodyStart, record.Layout.BodyLength);
    }

    /// <summary>The type of a record, from 0 to <see cref="Count"/> - 1; cheaper than asking the record.</summary>
    public RecordType TypeOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _records[index].Layout.Type;
    }

    /// <summary>The first record of a type. False when there is none.</summary>
    public bool TryGetRecord(RecordType type, out AuditRecord record)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_records[i].Layout.Type != type) continue;
            record = this[i];
            return true;
        }
        record = default;
        return false;
    }

    /// <summary>The arguments of the program that was started, from all <c>EXECVE</c> records; none when there is no such record.</summary>
    public ArgumentReader Arguments => new(this);

    /// <summary>Gives the event back for its memory to be used again. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_isRented) return;
        _isRented = false;
        _pool.Return(this);
    }

    // The open events of an assembler are a list in order of arrival and, by id, a chain in a hash table; both run through the events themselves.
    internal AuditEvent? Previous { get; set; }
    internal AuditEvent? Next { get; set; }
    internal AuditEvent? NextInBucket { get; set; }
    internal long Arrived { get; set; }

    /// <summary>Bytes of memory the event holds on to, used or not.</summary>
    internal int Capacity => _bytes.Length;

    internal void Open(EventId id, long arrived)
    {
        Id = id;
        Arrived = arrived;
        Count = Length = DroppedRecords = 0;
        End = EventEnd.None;
        IsLate = false;
        _isRented = true;
    }

    /// <summary>True when the record is one of this event's: its id and its machine are the same. The event has a record.</summary>
    internal bool IsOf(in AuditRecord record)
    {
        int node = record.Layout.NodeLength;
        return record.Layout.Id == Id && _records[0].Layout.NodeLength == node && (node == 0 || Node.SequenceEqual(record.Node));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(in AuditRecord record)
    {
        int needed = Length + record.Raw.Length;
        if (needed > _bytes.Length) Grow(needed);
        if (Count == _records.Length) Array.Resize(ref _records, Count * 2);
        record.Raw.CopyTo(_bytes.AsSpan(Length));
        // Not as a tuple, which would be put together elsewhere first.
        ref (int Start, RecordLayout Layout) place = ref _records[Count++];
        place.Start = Length;
        place.Layout = record.Layout;
        Length = needed;
    }

    /// <summary>Forgets the memory of an unusually large event, so that one does not keep the process large.</summary>
    internal void Shrink(int maxBytes, int maxRecords)
    {
        if (_bytes.Length > maxBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
        if (_records.Length > maxRecords) _records = new (int, RecordLayout)[8];
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(2048, _bytes.Length * 2)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
