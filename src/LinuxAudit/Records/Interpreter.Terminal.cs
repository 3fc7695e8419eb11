namespace LinuxAudit.Records;

public sealed partial class Interpreter
{
    // What a terminal sends for keys that are no character, hexadecimal, longest first (xterm, linux console; terminfo(5)).
    private static readonly (byte[] Sequence, byte[] Name)[] Keys =
    [
        .. from line in (string[])[
                "up 1B5B41 1B4F41", "down 1B5B42 1B4F42", "right 1B5B43 1B4F43", "left 1B5B44 1B4F44", "home 1B5B48 1B4F48 1B5B317E 1B5B377E",
                "end 1B5B46 1B4F46 1B5B347E 1B5B387E", "insert 1B5B327E", "delete 1B5B337E", "page-up 1B5B357E", "page-down 1B5B367E", "back-tab 1B5B5A",
                "F1 1B4F50", "F2 1B4F51", "F3 1B4F52", "F4 1B4F53", "F5 1B5B31357E", "F6 1B5B31377E", "F7 1B5B31387E", "F8 1B5B31397E", "F9 1B5B32307E",
                "F10 1B5B32317E", "F11 1B5B32337E", "F12 1B5B32347E"]
           let words = line.Split(' ')
           from sequence in words.Skip(1)
           orderby sequence.Length descending
           select (Convert.FromHexString(sequence), System.Text.Encoding.ASCII.GetBytes(words[0])),
    ];

    /// <summary><c>"ls -l",&lt;tab&gt;,&lt;nl&gt;</c>: characters in quotes, keys in angles.</summary>
    private static bool TryWriteTerminalInput(in Field field, ref SpanWriter writer)
    {
        if (!field.IsCoded) return false;
        bool isFirst = true, inQuotes = false;
        for (int i = 0; i + 1 < field.Value.Length;)
        {
            byte b = ByteAt(field.Value, i);
            if (TryMatchKey(field.Value[i..], b, out ReadOnlySpan<byte> key, out int digits))
            {
                if (inQuotes) writer.Write("\""u8);
                inQuotes = false;
                if (!isFirst) writer.Write(","u8);
                writer.Write("<"u8);
                if (key.IsEmpty) writer.Write([(byte)'^', (byte)(b + '@')]);
                else writer.Write(key);
                writer.Write(">"u8);
            }
            else
            {
                if (!inQuotes) writer.Write(isFirst ? "\""u8 : ",\""u8);
                inQuotes = true;
                WriteTyped(b, ref writer);
            }
            isFirst = false;
            i += digits;
        }
        if (inQuotes) writer.Write("\""u8);
        return true;
    }

    /// <summary>A key that is no character, and how many digits it takes. An empty name is that of a control character.</summary>
    private static bool TryMatchKey(ReadOnlySpan<byte> coded, byte first, out ReadOnlySpan<byte> name, out int digits)
    {
        digits = 2;
        name = default;
        if (first == 0x1B)
        {
            foreach ((byte[] sequence, byte[] key) in Keys)
            {
                if (!StartsWith(coded, sequence)) continue;
                name = key;
                digits = sequence.Length * 2;
                return true;
            }
        }
        name = first switch
        {
            0x1B => "esc"u8,
            0x08 or 0x7F => "backspace"u8,
            0x09 => "tab"u8,
            0x0A => "nl"u8,
            0x0D => "ret"u8,
            _ => default,
        };
        return !name.IsEmpty || first is >= 1 and <= 26;
    }

    private static bool StartsWith(ReadOnlySpan<byte> coded, ReadOnlySpan<byte> sequence)
    {
        if (coded.Length < sequence.Length * 2) return false;
        for (int i = 0; i < sequence.Length; i++)
            if (ByteAt(coded, i * 2) != sequence[i]) return false;
        return true;
    }

    private static byte ByteAt(ReadOnlySpan<byte> coded, int digit) => (byte)((HexCoding.Digit(coded[digit]) << 4) | HexCoding.Digit(coded[digit + 1]));

    private static void WriteTyped(byte b, ref SpanWriter writer)
    {
        if (b is (byte)'"' or (byte)'\\')
        {
            writer.Write([(byte)'\\', b]);
            return;
        }
        if (b is >= 0x20 and < 0x7F)
        {
            writer.Write(b);
            return;
        }
        writer.Write((byte)'\\');
        writer.WriteOctal(b, 3);
    }
}
