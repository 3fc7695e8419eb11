using System.Globalization;
using System.Text;
using AksAuditd.Check;

namespace AksAuditd.Report;

/// <summary>
/// Names as a person may see them. They are an attacker's bytes: what is no UTF-8 is shown as <c>\xNN</c>, control characters as pictures, and what turns the
/// direction of writing or cannot be seen as U+FFFD. No markup is escaped here: <see cref="Html.HtmlWriter"/> does that to everything.
/// </summary>
internal static class Shown
{
    /// <summary>The text of a name; of a longer one than <paramref name="most"/> characters its beginning and its end.</summary>
    public static string Text(ReadOnlySpan<byte> name, int most = 120)
    {
        StringBuilder text = new();
        ReadOnlySpan<byte> rest = name;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done) DisplayText.Append(text, rune);
            else
                foreach (byte b in rest[..used]) text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            rest = rest[used..];
        }

        if (text.Length <= most) return text.ToString();
        int head = most * 2 / 3, tail = most - head - 1;
        // Both halves of a pair, or none.
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[text.Length - tail])) tail--;
        return $"{text.ToString(0, head)}…{text.ToString(text.Length - tail, tail)}";
    }
}
