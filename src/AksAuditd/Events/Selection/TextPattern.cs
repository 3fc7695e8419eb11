using System.Text;

namespace AksAuditd.Events.Selection;

/// <summary>A text in which <c>*</c> stands for any characters, none too. Compares bytes as they are: no case, no culture.</summary>
internal sealed class TextPattern
{
    private readonly byte[][] _bytes;
    private readonly char[][] _texts;

    public TextPattern(string pattern)
    {
        Text = pattern;
        string[] parts = pattern.Split('*');
        _texts = Array.ConvertAll(parts, p => p.ToCharArray());
        _bytes = Array.ConvertAll(parts, Encoding.UTF8.GetBytes);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool Matches(ReadOnlySpan<byte> text) => Matches(text, _bytes);

    public bool Matches(ReadOnlySpan<char> text) => Matches(text, _texts);

    public override string ToString() => Text;

    // The first part is where the text starts, the last where it ends, those between come in their order: the earliest place of each leaves most to the next.
    private static bool Matches<T>(ReadOnlySpan<T> text, T[][] parts)
        where T : IEquatable<T>
    {
        ReadOnlySpan<T> first = parts[0], last = parts[^1];
        if (parts.Length == 1) return text.SequenceEqual(first);
        if (text.Length < first.Length + last.Length || !text.StartsWith(first) || !text.EndsWith(last)) return false;
        text = text[first.Length..^last.Length];
        foreach (T[] part in parts.AsSpan(1, parts.Length - 2))
        {
            int at = text.IndexOf(part);
            if (at < 0) return false;
            text = text[(at + part.Length)..];
        }

        return true;
    }
}
