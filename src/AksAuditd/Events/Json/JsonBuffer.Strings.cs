using System.Buffers;
using System.Text;

namespace AksAuditd.Events.Json;

internal sealed partial class JsonBuffer
{
    /// <summary>More than the mark of what was left out ever needs.</summary>
    public const int MarkLength = 32;

    // No byte becomes more than six: \u001f.
    private const int LongestEscape = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(i => (byte)i).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    /// <summary>How many bytes of strings were left out since <see cref="Clear"/>.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The longest string as written, its quotes not counted; a longer one is shortened in the middle. At least 16 and no mark's length less.</summary>
    public int StringLimit { get; set; } = int.MaxValue;

    /// <summary>A string of any bytes, with quotes, no longer than <see cref="StringLimit"/>.</summary>
    public void String(ReadOnlySpan<byte> bytes) => String(bytes, StringLimit);

    /// <summary>A string of any bytes, with quotes, no longer than <paramref name="limit"/> and a mark.</summary>
    public void String(ReadOnlySpan<byte> bytes, int limit)
    {
        // Nearly every string is short, and plain.
        if ((long)bytes.Length * LongestEscape <= limit && bytes.IndexOfAnyExcept(Plain) < 0)
        {
            Reserve(bytes.Length + 2);
            Span<byte> to = _bytes.AsSpan(Length, bytes.Length + 2);
            to[0] = (byte)'"';
            bytes.CopyTo(to[1..]);
            to[^1] = (byte)'"';
            Length += to.Length;
            return;
        }
        Write((byte)'"');
        Text(bytes, limit);
        Write((byte)'"');
    }

    /// <summary>As <see cref="String(ReadOnlySpan{byte})"/>, without quotes.</summary>
    public void Text(ReadOnlySpan<byte> bytes) => Text(bytes, StringLimit);

    private void Text(ReadOnlySpan<byte> bytes, int limit)
    {
        // The comparison that needs no look at the bytes comes first.
        if ((long)bytes.Length * LongestEscape <= limit || bytes.Length <= limit && EscapedLength(bytes) <= limit)
        {
            Escape(bytes);
            return;
        }
        int head = Fitting(bytes, limit / 2);
        int tail = FittingAtEnd(bytes[head..], limit / 2);
        int missing = bytes.Length - head - tail;
        Escape(bytes[..head]);
        Mark(missing);
        Escape(bytes[^tail..]);
    }

    /// <summary><c>[…123 bytes…]</c></summary>
    private void Mark(int missing)
    {
        LeftOut += missing;
        Write("[…"u8);
        Number((ulong)missing);
        Write(" bytes…]"u8);
    }

    /// <summary>An element in place of others: <c>"[…12 strings, 345 bytes…]"</c>.</summary>
    public void LeaveOut(int strings, long bytes)
    {
        LeftOut += bytes;
        Separate();
        Write("\"[…"u8);
        Number((long)strings);
        Write(" strings, "u8);
        Number(bytes);
        Write(" bytes…]\""u8);
    }

    /// <summary>How long the bytes are as text of a JSON string.</summary>
    public static int EscapedLength(ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        while (true)
        {
            int plain = bytes.IndexOfAnyExcept(Plain);
            if (plain < 0) return (int)Math.Min(int.MaxValue, length + bytes.Length);
            int used = Next(bytes[plain..], out int escaped);
            length += plain + escaped;
            bytes = bytes[(plain + used)..];
        }
    }

    /// <summary>How many bytes from the start, whole characters, are no longer than <paramref name="room"/> when they are escaped.</summary>
    private static int Fitting(ReadOnlySpan<byte> bytes, int room)
    {
        int at = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes.Slice(at, Math.Min(room, bytes.Length - at));
            int plain = rest.IndexOfAnyExcept(Plain) is var odd and >= 0 ? odd : rest.Length;
            at += plain;
            room -= plain;
            if (room == 0 || at == bytes.Length) return at;
            int used = Next(bytes[at..], out int escaped);
            if (escaped > room) return at;
            room -= escaped;
            at += used;
        }
    }

    private static int FittingAtEnd(ReadOnlySpan<byte> bytes, int room)
    {
        int length = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[..^length];
            ReadOnlySpan<byte> near = rest[^Math.Min(room, rest.Length)..];
            int plain = near.Length - 1 - near.LastIndexOfAnyExcept(Plain);
            length += plain;
            room -= plain;
            if (room == 0 || length == bytes.Length) return length;
            rest = rest[..^plain];
            Rune.DecodeLastFromUtf8(rest, out _, out int used);
            // From where a character begins on it is what it is from any start; a backslash may look at what is behind.
            Next(bytes[(rest.Length - used)..], out int escaped);
            if (escaped > room) return length;
            room -= escaped;
            length += used;
        }
    }

    /// <summary>How many bytes the first character takes, and how many when it is escaped.</summary>
    private static int Next(ReadOnlySpan<byte> bytes, out int escaped)
    {
        byte b = bytes[0];
        escaped = 1;
        if (b >= 0x80)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done;
            escaped = !valid ? used * 5 : IsInvisible(rune.Value) ? 6 : used;
            return used;
        }
        escaped = b switch
        {
            (byte)'"' or (byte)'\n' or (byte)'\r' or (byte)'\t' => 2,
            (byte)'\\' => IsByteEscape(bytes) ? 5 : 2,
            0 => 5,
            < 0x20 or 0x7F => 6,
            _ => 1,
        };
        return 1;
    }

    private void Escape(ReadOnlySpan<byte> bytes)
    {
        int plain = bytes.IndexOfAnyExcept(Plain);
        if (plain < 0)
        {
            Write(bytes);
            return;
        }
        Reserve(bytes.Length * LongestEscape);
        while (true)
        {
            Write(bytes[..plain]);
            bytes = bytes[(plain + EscapeOne(bytes[plain..]))..];
            if (bytes.IsEmpty) return;
            plain = bytes.IndexOfAnyExcept(Plain);
            if (plain < 0) plain = bytes.Length;
            if (plain < bytes.Length) continue;
            Write(bytes);
            return;
        }
    }

    private int EscapeOne(ReadOnlySpan<byte> bytes)
    {
        byte b = bytes[0];
        switch (b)
        {
            case >= 0x80: return EscapeRune(bytes);
            case (byte)'"': Write("\\\""u8); break;
            case (byte)'\n': Write("\\n"u8); break;
            case (byte)'\r': Write("\\r"u8); break;
            case (byte)'\t': Write("\\t"u8); break;
            case (byte)'\\' when !IsByteEscape(bytes): Write("\\\\"u8); break;
            // Programs in C end a string at a zero byte, escaped or not: it is written like a byte that is no character.
            case (byte)'\\' or 0: ByteEscape(b); break;
            case < 0x20 or 0x7F: UnicodeEscape(b); break;
            default: Write(b); break;
        }
        return 1;
    }

    private int EscapeRune(ReadOnlySpan<byte> bytes)
    {
        bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done;
        if (!valid)
            foreach (byte b in bytes[..used]) ByteEscape(b);
        else if (IsInvisible(rune.Value)) UnicodeEscape(rune.Value);
        else Write(bytes[..used]);
        return used;
    }

    /// <summary>True for <c>\x</c>: it is how a byte that is no character is written, so a name that has it is written otherwise.</summary>
    private static bool IsByteEscape(ReadOnlySpan<byte> bytes) => bytes.Length > 1 && bytes[1] == 'x';

    /// <summary>Characters that change how others look, or end a line in some programs: C1 controls, line separators, directions, joiners.</summary>
    private static bool IsInvisible(int rune) =>
        rune is >= 0x80 and < 0xA0 or >= 0x200B and <= 0x200F or >= 0x2028 and <= 0x202E or >= 0x2060 and <= 0x206F or 0xFEFF or 0x61C;

    /// <summary><c>\xff</c>, which is <c>\\xff</c> in JSON.</summary>
    private void ByteEscape(byte b) => Write([(byte)'\\', (byte)'\\', (byte)'x', Digit(b >> 4), Digit(b)]);

    private void UnicodeEscape(int rune) => Write([(byte)'\\', (byte)'u', Digit(rune >> 12), Digit(rune >> 8), Digit(rune >> 4), Digit(rune)]);

    private static byte Digit(int value) => "0123456789abcdef"u8[value & 15];
}
