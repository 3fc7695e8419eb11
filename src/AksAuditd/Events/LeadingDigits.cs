using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AksAuditd.Events;

/// <summary>
/// Numbers at the start of a text that goes on behind them, eight or sixteen digits at a time. What is nearer to the end than that is not read: callers have
/// another way for it.
/// </summary>
internal static class LeadingDigits
{
    /// <summary>No number of decimal digits is longer: more are nobody's process.</summary>
    public const int LongestDecimal = 10;

    private const int Word = sizeof(ulong);
    private const ulong Ones = 0x0101010101010101, High = 0x80 * Ones;

    /// <summary>Takes 1 to 16 digits, <c>0</c> to <c>9</c> and <c>a</c> to <c>f</c>, as the kernel writes them. False, and nothing useful taken, otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTakeHex(ref ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        if (text.Length <= Vector128<byte>.Count) return false;
        if (text[1] == ' ' && char.IsAsciiDigit((char)text[0]))
        {
            number = (uint)(text[0] - '0');
            text = text[1..];
            return true;
        }

        Vector128<byte> bytes = Vector128.Create(text);
        Vector128<byte> isDigit = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9))
            | Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'a'), Vector128.Create((byte)5));
        int digits = BitOperations.TrailingZeroCount(~isDigit.ExtractMostSignificantBits());
        if (digits is 0 or > 2 * Word || (digits == 2 * Word && IsHexDigit(text[digits]))) return false;
        ulong first = bytes.AsUInt64().ToScalar();
        if (digits <= Word) number = HexOf(first, digits);
        else number = (ulong)HexOf(first, Word) << (4 * (digits - Word)) | HexOf(bytes.AsUInt64().GetElement(1), digits - Word);
        text = text[digits..];
        return true;
    }

    /// <summary>Takes 1 to <see cref="LongestDecimal"/> digits. False, and nothing useful taken, otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTakeDecimal(ref ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        if (text.Length < Word) return false;
        if (text[1] == ' ' && char.IsAsciiDigit((char)text[0]))
        {
            number = (uint)(text[0] - '0');
            text = text[1..];
            return true;
        }

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

    // The number of the digits in the lowest bytes, 1 to 8 of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HexOf(ulong word, int digits)
    {
        // The last digit to the top; what is then below the first counts as zeros before it.
        word <<= 8 * (Word - digits);
        word = (word & 0x0F * Ones) + 9 * (word >> 6 & Ones);
        word = (word << 4 | word >> 8) & 0x00FF00FF00FF00FF;
        word = (word | word >> 8) & 0x0000FFFF0000FFFF;
        return BinaryPrimitives.ReverseEndianness((uint)(word | word >> 16));
    }

    private static bool IsHexDigit(byte b) => b is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'f';

    // The top bit of each byte from first to last, which are below 0x80.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Between(ulong word, byte first, byte last)
    {
        ulong low = word & ~High;
        return (low + (0x80u - first) * Ones) & ~(low + (0x7Fu - last) * Ones) & ~word & High;
    }

    // How many bytes from the lowest have their top bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Leading(ulong bits) => BitOperations.TrailingZeroCount(bits ^ High) / 8;
}
