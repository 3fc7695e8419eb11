using System.Globalization;

namespace LinuxAudit.Rules.Parsing;

internal enum NumberResult
{
    Ok, NotANumber, OutOfRange,
}

/// <summary>Numbers as strtoul(3) with base 0 reads them (<c>10</c>, <c>0x10</c>, <c>010</c>), but all of the text and never cut to 32
/// bits.</summary>
internal static class Numbers
{
    /// <param name="text">The text.</param>
    /// <param name="signed">Whether -2147483648 to -1 are numbers too; they become their two's complement.</param>
    /// <param name="value">The number; 0 unless the result is Ok.</param>
    public static NumberResult Parse(ReadOnlySpan<char> text, bool signed, out uint value)
    {
        value = 0;
        bool negative = signed && text.StartsWith('-');
        ReadOnlySpan<char> digits = negative ? text[1..] : text;
        uint radix = 10;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) radix = 16;
        else if (digits.Length > 1 && digits[0] == '0') radix = 8;
        digits = digits[(radix == 16 ? 2 : radix == 8 ? 1 : 0)..];
        if (digits.IsEmpty) return NumberResult.NotANumber;

        ulong sum = 0;
        foreach (char c in digits)
        {
            uint digit = char.IsAsciiHexDigit(c) ? uint.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 16;
            if (digit >= radix) return NumberResult.NotANumber;
            sum = Math.Min((sum * radix) + digit, uint.MaxValue + 1ul);
        }

        if (sum > (negative ? 0x80000000ul : uint.MaxValue)) return NumberResult.OutOfRange;
        value = negative ? (uint)-(long)sum : (uint)sum;
        return NumberResult.Ok;
    }
}
