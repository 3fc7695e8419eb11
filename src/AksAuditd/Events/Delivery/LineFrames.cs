using System.Buffers.Binary;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Lines one after the other in memory: for each its length (4 bytes), its time (8 bytes, microseconds since 1970, UTC) and its bytes. Walked by value: a
/// copy walks on its own.
/// </summary>
internal ref struct LineFrames(ReadOnlySpan<byte> rest)
{
    /// <summary>Bytes that a frame has more than its line.</summary>
    public const int HeaderSize = 12;

    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>The frames that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next line; false at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out long time)
    {
        if (_rest.IsEmpty)
        {
            line = default;
            time = 0;
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        time = BinaryPrimitives.ReadInt64LittleEndian(_rest[4..]);
        line = _rest.Slice(HeaderSize, length);
        _rest = _rest[(HeaderSize + length)..];
        return true;
    }

    /// <summary>Writes a frame at the beginning of <paramref name="to"/>, which has room for it.</summary>
    public static void Write(Span<byte> to, ReadOnlySpan<byte> line, long time)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, line.Length);
        BinaryPrimitives.WriteInt64LittleEndian(to[4..], time);
        line.CopyTo(to[HeaderSize..]);
    }

    /// <summary>How many bytes the first <paramref name="count"/> frames have.</summary>
    /// <exception cref="InvalidOperationException">There are not so many: a sink has taken what it was not offered.</exception>
    public static int SizeOf(ReadOnlySpan<byte> frames, int count)
    {
        LineFrames walk = new(frames);
        for (; count > 0; count--)
        {
            if (!walk.TryRead(out _, out _)) throw new InvalidOperationException($"{count} lines more than were offered");
        }

        return frames.Length - walk.Rest.Length;
    }
}
