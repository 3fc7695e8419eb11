using System.Text;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>The place of stretches of a text, in lines and code points.</summary>
internal sealed class TextIndex
{
    private readonly string _text;
    private readonly List<int> _starts = [0];

    public TextIndex(string text)
    {
        _text = text;
        for (int i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1)) _starts.Add(i + 1);
    }

    /// <summary>Where these characters are; a stretch that goes on in the next line is cut at the end of its first.</summary>
    public SourceLocation Locate(string file, int start, int end)
    {
        start = Math.Clamp(start, 0, _text.Length);
        int line = LineOf(start);
        int lineEnd = line < _starts.Count ? _starts[line] - 1 : _text.Length;
        end = Math.Clamp(end, start, Math.Max(start, lineEnd));
        return new(file, line, 1 + Characters(_text.AsSpan(_starts[line - 1], start - _starts[line - 1])), Characters(_text.AsSpan(start, end - start)));
    }

    /// <summary>Where a place of this text, in lines and code points, is in its characters; its end when there is no such place.</summary>
    public int Find(int line, int column)
    {
        int at = line <= _starts.Count ? _starts[line - 1] : _text.Length;
        for (int c = 1; c < column && at < _text.Length && _text[at] != '\n'; c++)
            at += char.IsSurrogatePair(_text, at) ? 2 : 1;
        return at;
    }

    private int LineOf(int at)
    {
        int found = _starts.BinarySearch(at);
        return found >= 0 ? found + 1 : ~found;
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }
}
