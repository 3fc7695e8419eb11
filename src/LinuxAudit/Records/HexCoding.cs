using System.Buffers;

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
        for (int i = 0; i + 1 < text.Length; i += 2) destination[i / 2] = (byte)((Digit(text[i]) << 4) | Digit(text[i + 1]));
    }
}
