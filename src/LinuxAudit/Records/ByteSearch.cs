using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinuxAudit.Records;

/// <summary>
/// Searches in lines, 64 bytes at a time: each is searched twice, for its end and for <see cref="AuditRecord.EnrichmentSeparator"/>, and a program compiled
/// for any processor otherwise decides after every 16.
/// </summary>
public static class ByteSearch
{
    private const int Step = 64;

    /// <summary>Where <paramref name="value"/> is first in <paramref name="text"/>; -1 when it is not there.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, byte value)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> wanted = Vector128.Create(value);
        int at = 0;
        for (; at <= text.Length - Step; at += Step)
        {
            Vector128<byte> a = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)at), wanted);
            Vector128<byte> b = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)at + 16), wanted);
            Vector128<byte> c = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)at + 32), wanted);
            Vector128<byte> d = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)at + 48), wanted);
            if ((a | b | c | d).ExtractMostSignificantBits() == 0) continue;
            ulong found = a.ExtractMostSignificantBits() | (ulong)b.ExtractMostSignificantBits() << 16
                | (ulong)c.ExtractMostSignificantBits() << 32 | (ulong)d.ExtractMostSignificantBits() << 48;
            return at + (int)ulong.TrailingZeroCount(found);
        }

        if (text.Length >= Vector128<byte>.Count)
        {
            // The last 16 are searched whole, though some of them have been.
            for (int last = text.Length - Vector128<byte>.Count; at < text.Length; at += Vector128<byte>.Count)
            {
                int from = Math.Min(at, last);
                uint found = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)from), wanted).ExtractMostSignificantBits();
                if (found != 0) return from + (int)uint.TrailingZeroCount(found);
            }

            return -1;
        }

        for (; at < text.Length; at++)
            if (text[at] == value) return at;
        return -1;
    }
}
