using System.Buffers.Text;

namespace LinuxAudit.Records;

/// <summary>Numbers from all of a text; anything before, between or after its digits makes them fail.</summary>
internal static class Numbers
{
    /// <summary>Decimal, or hexadecimal after <c>0x</c>.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ulong value) =>
        text.StartsWith("0x"u8) ? TryParseHex(text[2..], out value) : TryParseDecimal(text, out value);

    internal static bool TryParseDecimal(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        // Eighteen digits are less than any limit; longer ones are nobody's ids.
        if (text.Length > 18) return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9)
            {
                value = 0;
                return false;
            }
            value = value * 10 + digit;
        }
        return !text.IsEmpty;
    }

    internal static bool TryParseSigned(ReadOnlySpan<byte> text, out long value)
    {
        bool isNegative = text.StartsWith("-"u8);
        if (text.Length <= 18 && TryParseDecimal(isNegative ? text[1..] : text, out ulong magnitude))
        {
            value = isNegative ? -(long)magnitude : (long)magnitude;
            return true;
        }
        return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && used > 0;
    }

    internal static bool TryParseHex(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 16) return false;
        foreach (byte b in text)
        {
            int digit = HexCoding.Digit(b);
            if (digit < 0) return false;
            value = (value << 4) | (uint)digit;
        }
        return true;
    }

    internal static bool TryParseOctal(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 21) return false;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 7) return false;
            value = (value << 3) | digit;
        }
        return true;
    }
}
