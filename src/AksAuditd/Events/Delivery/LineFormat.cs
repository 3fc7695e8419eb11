namespace AksAuditd.Events.Delivery;

/// <summary>How a line looks on its way.</summary>
internal abstract class LineFormat
{
    /// <summary>The most bytes that are added to a line.</summary>
    public abstract int Overhead { get; }

    /// <summary>Writes one line; <paramref name="to"/> has room for it and <see cref="Overhead"/>.</summary>
    /// <returns>Bytes written.</returns>
    public abstract int Write(Span<byte> to, ReadOnlySpan<byte> line, long time);

    /// <summary>The most bytes that a line, or a group of them, takes.</summary>
    public int RoomFor(ReadOnlySpan<byte> line) => line.Length + (LineGroup.Count(line) * Overhead);

    /// <summary>Writes a line, or every line of a group; <paramref name="to"/> has <see cref="RoomFor"/> it.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteAll(Span<byte> to, ReadOnlySpan<byte> line, long time)
    {
        if (!LineGroup.IsGroup(line)) return Write(to, line, time);
        int written = 0;
        while (LineGroup.TryTake(ref line, out ReadOnlySpan<byte> one)) written += Write(to[written..], one, time);
        return written;
    }
}

/// <summary>The line and a newline.</summary>
internal sealed class PlainFormat : LineFormat
{
    public override int Overhead => 1;

    public override int Write(Span<byte> to, ReadOnlySpan<byte> line, long time)
    {
        line.CopyTo(to);
        to[line.Length] = (byte)'\n';
        return line.Length + 1;
    }
}
