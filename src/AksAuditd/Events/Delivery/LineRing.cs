namespace AksAuditd.Events.Delivery;

/// <summary>
/// The queue in memory: frames in a ring of bytes, none of them broken by its end. Not thread-safe: its owner locks, and may use what <see cref="Peek"/>
/// gave without the lock, since only <see cref="Release"/> frees it.
/// </summary>
/// <param name="capacity">Bytes, headers included.</param>
internal sealed class LineRing(int capacity)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private int _head, _tail;

    // Where the frames end that stand before the wrap; only of use while the tail is behind the head.
    private int _end;
    private bool _wrapped;

    /// <summary>Bytes of its frames.</summary>
    public int Used { get; private set; }

    public int Count { get; private set; }

    public int Capacity => _bytes.Length;

    /// <summary>Copies a line behind the others; false when there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> line, long time)
    {
        int size = LineFrames.HeaderSize + line.Length;
        if (_wrapped)
        {
            if (_head - _tail < size) return false;
        }
        else if (_bytes.Length - _tail < size)
        {
            if (_head < size) return false;
            _end = _tail;
            _tail = 0;
            _wrapped = true;
        }

        LineFrames.Write(_bytes.AsSpan(_tail), line, time);
        _tail += size;
        Used += size;
        Count++;
        return true;
    }

    /// <summary>The oldest frames as far as they stand together: empty only when there are none. Valid until <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Peek() => _wrapped ? _bytes.AsSpan(_head.._end) : _bytes.AsSpan(_head.._tail);

    /// <summary>Frees the oldest frames.</summary>
    public void Release(int size, int count)
    {
        _head += size;
        Used -= size;
        Count -= count;
        if (_wrapped && _head == _end)
        {
            _head = 0;
            _wrapped = false;
        }

        // From the front again: a queue that is mostly empty touches few pages.
        if (Count == 0) _head = _tail = 0;
    }
}
