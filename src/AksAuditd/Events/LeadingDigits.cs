using System.Buffers.Binary;
using System.Numerics;

namespace AksAuditd.Events;

/// <summary>
/// Numbers at the start of a text that goes on behind them, eight digits at a time. What is nearer to the end than eight bytes is not read: callers have
/// another way for it.
/// </summary>
internal static class LeadingDigits
{
    /// <summary>No number of decimal digits is longer: more are nobody's process.</summary>
    public const int LongestDecimal = 10;

    private const int Word = sizeof(ulong);
    private const ulong Ones = 0x0101010101010101, High = 0x80 * Ones;

    /// <summary>Takes 1 to 16 digits, <c>0</c> to <c>9</c> and <c>a</c> to <c>f</c>, as the kernel writes them. False, and nothing useful taken, otherwise.</summary>
    public static bool TryTakeHex(ref ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        int taken = 0;
        while (text.Length - taken >= Word)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(text[taken..]);
            int digits = Leading(Between(word, (byte)'0', (byte)'9') | Between(word, (byte)'a', (byte)'f'));
            if (digits > 0)
            {
                // The last digit to the top; what is then below the first counts as zeros before it.
                word <<= 8 * (Word - digits);
                word = (word & 0x0F * Ones) + 9 * (word >> 6 & Ones);
                word = (word << 4 | word >> 8) & 0x00FF00FF00FF00FF;
                word = (word | word >> 8) & 0x0000FFFF0000FFFF;
                number = number << (4 * digits) | BinaryPrimitives.ReverseEndianness((uint)(word | word >> 16));
                taken += digits;
            }

            if (digits == Word && taken <= 2 * Word) continue;
            text = text[taken..];
            return taken is > 0 and <= 2 * Word;
        }

        return false;
    }

    /// <summary>Takes 1 to <see cref="LongestDecimal"/> digits. False, and nothing useful taken, otherwise.</summary>
    public static bool TryTakeDecimal(ref ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        if (text.Length < Word) return false;
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(text);
        int digits = Leading(Between(word, (byte)'0', (byte)'9'));
        if (digits == 0) return false;
        word = (word << (8 * (Word - digits))) & 0x0F * Ones;
        word = (word * 10 + (word >> 8)) & 0x00FF00FF00FF00FF;
        word = (word * 100 + (word >> 16)) & 0x0000FFFF0000FFFF;
        number = (uint)(word * 10000 + (word >> 32));
        if (digits == Word)
            for (; digits < text.Length && char.IsAsciiDigit((char)text[digits]); digits++)
            {
                if (digits == LongestDecimal) return false;
                number = number * 10 + (uint)(text[digits] - '0');
            }

        text = text[digits..];
        return true;
    }

    // The top bit of each byte from first to last, which are below 0x80.
    private static ulong Between(ulong word, byte first, byte last)
    {
        ulong low = word & ~High;
        return (low + (0x80u - first) * Ones) & ~(low + (0x7Fu - last) * Ones) & ~word & High;
    }

    // How many bytes from the lowest have their top bit.
    private static int Leading(ulong bits) => BitOperations.TrailingZeroCount(bits ^ High) / 8;
}
