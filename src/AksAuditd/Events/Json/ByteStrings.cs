using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>Strings of any bytes that share a room: the longest are shortened first, and when there are too many those in the middle are left out.</summary>
internal sealed class ByteStrings
{
    // Quotes and a comma.
    private const int Around = 3;

    // No string is made shorter than this before others are left out.
    private const int Shortest = 48;

    private byte[] _bytes = new byte[4096];
    private (int Start, int Length, int Escaped)[] _strings = new (int, int, int)[64];
    private int _length, _start;

    public int Count { get; private set; }

    public void Clear() => _length = Count = 0;

    public void Begin() => _start = _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>The string a field stands for.</summary>
    public void Append(in Field field)
    {
        field.TryDecode(Room(field.Value.Length), out int written);
        _length += written;
    }

    public void End()
    {
        if (Count == _strings.Length) Array.Resize(ref _strings, Count * 2);
        _strings[Count++] = (_start, _length - _start, JsonBuffer.EscapedLength(_bytes.AsSpan(_start, _length - _start)));
    }

    /// <summary>Writes them as elements of an array, in not more than <paramref name="room"/> bytes.</summary>
    public void Write(JsonBuffer json, int room)
    {
        int limit = Limit(room);
        int head = 0, tail = Count;
        if (Cost(limit) > room) Choose(room - Shortest - JsonBuffer.MarkLength, limit, out head, out tail);
        else head = Count;
        WriteRange(json, 0, head, limit);
        if (head == Count) return;
        long bytes = 0;
        for (int i = head; i < tail; i++) bytes += _strings[i].Length;
        json.LeaveOut(tail - head, bytes);
        WriteRange(json, tail, Count, limit);
    }

    private void WriteRange(JsonBuffer json, int from, int to, int limit)
    {
        for (int i = from; i < to; i++)
        {
            json.Separate();
            json.String(_bytes.AsSpan(_strings[i].Start, _strings[i].Length), limit);
        }
    }

    /// <summary>The longest limit with which all fit; the shortest when they never do.</summary>
    private int Limit(int room)
    {
        int low = Shortest, high = Math.Max(room, Shortest);
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (Cost(middle) <= room) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private long Cost(int limit)
    {
        long cost = 0;
        for (int i = 0; i < Count; i++) cost += CostOf(i, limit);
        return cost;
    }

    private int CostOf(int index, int limit) => Around + (_strings[index].Escaped <= limit ? _strings[index].Escaped : limit + JsonBuffer.MarkLength);

    /// <summary>As many from both ends as fit, half the room for each.</summary>
    private void Choose(int room, int limit, out int head, out int tail)
    {
        head = 0;
        tail = Count;
        int used = 0;
        while (head < Count && used + CostOf(head, limit) <= room / 2) used += CostOf(head++, limit);
        while (tail > head && used + CostOf(tail - 1, limit) <= room) used += CostOf(--tail, limit);
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length < _length + length) Array.Resize(ref _bytes, Math.Max(_length + length, _bytes.Length * 2));
        return _bytes.AsSpan(_length);
    }
}
