using System.Text;
using System.Text.Unicode;

namespace LinuxAudit.Rules;

/// <summary>
/// Paths and keys are bytes to the kernel and strings here. A byte that is not part of valid UTF-8 becomes the lone surrogate
/// U+DC80 to U+DCFF (0xDC00 + byte), so that every sequence of bytes survives the way there and back.
/// </summary>
public static class RuleText
{
    /// <summary>The string of these bytes; never fails.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        StringBuilder text = new(bytes.Length);
        Span<char> chars = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid)
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
            }
            else
            {
                used = 1;
                text.Append((char)(0xDC00 + bytes[0]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a string; the inverse of <see cref="FromBytes"/>. Other lone surrogates become U+FFFD.</summary>
    public static byte[] ToBytes(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF') < 0) return Encoding.UTF8.GetBytes(text);
        List<byte> bytes = new(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (!valid && rest[0] is >= '\uDC80' and <= '\uDCFF') bytes.Add((byte)(rest[0] - 0xDC00));
            else bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            rest = rest[used..];
        }

        return [.. bytes];
    }

    /// <summary>The word as a rules file has to write it: auditctl takes <c>\ </c> for a space and <c>\\</c> for a backslash, and has no
    /// quotes.</summary>
    public static string Escape(string word)
    {
        if (word.AsSpan().IndexOfAny(' ', '\\') < 0) return word;
        StringBuilder text = new(word.Length + 8);
        for (int i = 0; i < word.Length; i++)
        {
            int run = i;
            while (run < word.Length && word[run] == '\\') run++;
            int backslashes = run - i;
            bool special = backslashes > 1 || (backslashes == 1 && (run == word.Length || word[run] == ' '));
            text.Append('\\', special ? 2 * backslashes : backslashes);
            if (run == word.Length) break;
            if (word[run] == ' ') text.Append('\\');
            text.Append(word[run]);
            i = run;
        }

        return text.ToString();
    }
}
