namespace AksAuditd.Events.Delivery;

/// <summary>How a line looks on its way.</summary>
internal abstract class LineFormat
{
    /// <summary>The most bytes that are added to a line.</summary>
    public abstract int Overhead { get; }

    /// <summary>Writes a line; <paramref name="to"/> has room for it and <see cref="Overhead"/>.</summary>
    /// <returns>Bytes written.</returns>
    public abstract int Write(Span<byte> to, ReadOnlySpan<byte> line, long time);
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
