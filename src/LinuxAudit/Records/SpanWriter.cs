using System.Buffers.Text;

namespace LinuxAudit.Records;

/// <summary>Writes text into a span that may be too small: what does not fit is not written, and <see cref="Overflowed"/> says so.</summary>
internal ref struct SpanWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    internal int Length { get; private set; }

    internal bool Overflowed { get; private set; }

    internal void Write(scoped ReadOnlySpan<byte> text)
    {
        if (text.TryCopyTo(_destination[Length..])) Length += text.Length;
        else Overflowed = true;
    }

    internal void Write(byte b) => Write([b]);

    internal void WriteDecimal(ulong value) => Advance(Utf8Formatter.TryFormat(value, _destination[Length..], out int n), n);

    internal void WriteSigned(long value) => Advance(Utf8Formatter.TryFormat(value, _destination[Length..], out int n), n);

    /// <summary>In lower-case digits, without prefix.</summary>
    internal void WriteHex(ulong value) => Advance(Utf8Formatter.TryFormat(value, _destination[Length..], out int n, 'x'), n);

    /// <summary>With zeros in front up to <paramref name="digits"/>.</summary>
    internal void WriteOctal(ulong value, int digits)
    {
        int needed = digits;
        while (needed < 22 && value >> (needed * 3) != 0) needed++;
        for (int i = needed - 1; i >= 0; i--) Write((byte)('0' + ((value >> (i * 3)) & 7)));
    }

    private void Advance(bool fits, int length)
    {
        if (fits) Length += length;
        else Overflowed = true;
    }
}
