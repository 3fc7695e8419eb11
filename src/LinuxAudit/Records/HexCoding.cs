using System.Buffers;
using System.Runtime.Intrinsics;

namespace LinuxAudit.Records;

/// <summary>The coding of strings the kernel does not print as they are: two hexadecimal digits a byte.</summary>
internal static class HexCoding
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>The value of a digit, -1 when it is none.</summary>
    internal static int Digit(byte b)
    {
        // '0'..'9' are 0x30..0x39; with bit 5 set 'A'..'F' and 'a'..'f' are 0x61..0x66.
        int digit = b - '0';
        if ((uint)digit <= 9) return digit;
        digit = (b | 0x20) - 'a';
        return (uint)digit <= 5 ? digit + 10 : -1;
    }

    /// <summary>True for an even number, two or more, of hexadecimal digits.</summary>
    internal static bool IsCoded(ReadOnlySpan<byte> text) => text.Length >= 2 && (text.Length & 1) == 0 && !text.ContainsAnyExcept(Digits);

    /// <summary>Decodes what <see cref="IsCoded"/> said yes to, into at least half as many bytes.</summary>
    internal static void Decode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int i = 0;
        if (BitConverter.IsLittleEndian)
            for (; text.Length - i >= 2 * Vector128<byte>.Count; i += 2 * Vector128<byte>.Count)
                Vector128.Narrow(Pairs(text[i..]), Pairs(text[(i + Vector128<byte>.Count)..])).CopyTo(destination[(i / 2)..]);
        for (; i + 1 < text.Length; i += 2) destination[i / 2] = (byte)((Digit(text[i]) << 4) | Digit(text[i + 1]));
    }

    /// <summary>Sixteen digits as eight numbers up to 255.</summary>
    private static Vector128<ushort> Pairs(ReadOnlySpan<byte> text)
    {
        Vector128<byte> characters = Vector128.Create(text);
        // 'A' and 'a' have 1 in their lower half.
        Vector128<byte> letters = Vector128.GreaterThan(characters.AsSByte(), Vector128.Create((sbyte)'9')).AsByte();
        Vector128<byte> digits = (characters & Vector128.Create((byte)0xF)) + (letters & Vector128.Create((byte)9));
        // The first digit of a pair, which is the upper half, is in the lower byte.
        Vector128<ushort> pairs = digits.AsUInt16();
        return (pairs << 4 | pairs >>> 8) & Vector128.Create((ushort)0xFF);
    }
}
