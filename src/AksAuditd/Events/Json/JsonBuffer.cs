using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AksAuditd.Events.Json;

/// <summary>
/// A line of JSON in the making. Knows nothing of structure but commas: one is put before a member or an element unless an opening bracket is
/// before it. Grows to the longest line and stays so.
/// </summary>
internal sealed partial class JsonBuffer
{
    // What a number or a bracket needs.
    private const int Small = 32;

    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        LeftOut = 0;
    }

    /// <summary>What was written since the length was <paramref name="length"/>, without a comma before it.</summary>
    public ReadOnlySpan<byte> MembersSince(int length) => _bytes.AsSpan((length < Length && _bytes[length] == ',' ? length + 1 : length)..Length);

    /// <summary>Takes back all that was written since the length was <paramref name="length"/>.</summary>
    public void Cut(int length) => Length = length;

    /// <summary>Text that is JSON already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        Append(json);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte b)
    {
        Reserve(1);
        _bytes[Length++] = b;
    }

    /// <summary>False when nothing is before in the object or array.</summary>
    public bool NeedsComma
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Length > 0 && _bytes[Length - 1] is not ((byte)'{' or (byte)'[');
    }

    /// <summary>A comma, unless nothing is before it in its object or array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Separate()
    {
        if (NeedsComma) Write((byte)',');
    }

    /// <summary>The name of a member with quotes and colon: <c>"pid":</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Name(ReadOnlySpan<byte> quotedNameAndColon)
    {
        Reserve(quotedNameAndColon.Length + 1);
        if (NeedsComma) _bytes[Length++] = (byte)',';
        Append(quotedNameAndColon);
    }

    /// <summary>Begins an object or array; <see cref="Close"/> ends it. Returns the length before.</summary>
    public int Open(ReadOnlySpan<byte> quotedNameColonAndBracket)
    {
        int before = Length;
        Name(quotedNameColonAndBracket);
        return before;
    }

    /// <summary>Ends an object or array; one without anything in it disappears.</summary>
    public void Close(int before, byte bracket)
    {
        if (_bytes[Length - 1] is (byte)'{' or (byte)'[') Length = before;
        else Write(bracket);
    }

    public void Number(uint value)
    {
        Reserve(Small);
        if (value >= 100_000_000)
        {
            uint rest = value / 100_000_000;
            Digits(rest, Count(rest));
            Digits(value - rest * 100_000_000, 8);
        }
        else Digits(value, Count(value));
    }

    // Eight digits at a time: first in fours, then in pairs, then each in a byte of its own, the first in the lowest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Digits(uint value, int count)
    {
        uint high = value / 10_000;
        ulong fours = high | (ulong)(value - high * 10_000) << 32;
        ulong hundreds = fours * 5243 >> 19 & 0x0000007F_0000007F;
        ulong pairs = hundreds | (fours - hundreds * 100) << 16;
        ulong tens = pairs * 103 >> 10 & 0x000F000F_000F000F;
        ulong digits = tens | (pairs - tens * 10) << 8 | 0x30303030_30303030;
        MemoryMarshal.Write(_bytes.AsSpan(Length), digits >> (8 * (8 - count)));
        Length += count;
    }

    private static int Count(uint value) =>
        value < 10_000 ? value < 100 ? value < 10 ? 1 : 2 : value < 1000 ? 3 : 4 : value < 1_000_000 ? value < 100_000 ? 5 : 6 : value < 10_000_000 ? 7 : 8;

    public void Number(ulong value)
    {
        Reserve(Small);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out int written);
        Length += written;
    }

    public void Number(long value)
    {
        Reserve(Small);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>In lower case, without prefix.</summary>
    public void Hex(ulong value)
    {
        Reserve(Small);
        int digits = Math.Max(1, (67 - BitOperations.LeadingZeroCount(value)) / 4);
        if (digits > 8)
        {
            HexDigits((uint)(value >> 32), digits - 8);
            digits = 8;
        }

        HexDigits((uint)value, digits);
    }

    // Each digit in a byte of its own, the first in the lowest; letters are 39 behind what follows the nine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HexDigits(uint value, int count)
    {
        ulong digits = BinaryPrimitives.ReverseEndianness(value);
        digits = (digits | digits << 16) & 0x0000FFFF_0000FFFF;
        digits = (digits | digits << 8) & 0x00FF00FF_00FF00FF;
        digits = (digits >> 4 | digits << 8) & 0x0F0F0F0F_0F0F0F0F;
        ulong letters = (digits + 0x06060606_06060606) >> 4 & 0x01010101_01010101;
        MemoryMarshal.Write(_bytes.AsSpan(Length), (digits + 0x30303030_30303030 + letters * 39) >> (8 * (8 - count)));
        Length += count;
    }

    /// <summary><c>"2026-11-22T03:52:15.123Z"</c></summary>
    public void Time(DateTimeOffset time)
    {
        Reserve(Small);
        Span<byte> to = _bytes.AsSpan(Length);
        to[0] = (byte)'"';
        Utf8Formatter.TryFormat(time.UtcDateTime, to[1..], out _, 'O');
        // Seven digits of a second are written, three are kept.
        to[24] = (byte)'Z';
        to[25] = (byte)'"';
        Length += 26;
    }

    // There is room: not asked again for each literal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(ReadOnlySpan<byte> json)
    {
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), Length), ref MemoryMarshal.GetReference(json), (uint)json.Length);
        Length += json.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more) Grow(more);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more) => Array.Resize(ref _bytes, Math.Max(Length + more, _bytes.Length * 2));
}
