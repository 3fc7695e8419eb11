using System.Text;

namespace AksAuditd.Check;

/// <summary>A line of a file with something under it that points to a stretch of it; long lines are cut to what is around that stretch.</summary>
/// <param name="Text">The line as a terminal can show it.</param>
/// <param name="Indent">Columns before the stretch.</param>
/// <param name="Width">Columns of the stretch, at least 1.</param>
internal sealed record Snippet(string Text, int Indent, int Width)
{
    private const int Longest = 140;
    private const int Before = 60;
    private const string Cut = "…";

    /// <summary>Makes one.</summary>
    /// <param name="line">The line.</param>
    /// <param name="column">First character of the stretch, from 1, in code points.</param>
    /// <param name="length">Its number of code points; 0 for a place between two.</param>
    public static Snippet Create(string line, int column, int length)
    {
        List<Rune> runes = [.. line.EnumerateRunes()];
        int start = Math.Clamp(column - 1, 0, runes.Count);
        int from = runes.Count <= Longest ? 0 : Math.Max(0, Math.Min(start - Before, runes.Count - Longest));
        int to = Math.Min(runes.Count, from + Longest);
        StringBuilder text = new(from > 0 ? Cut : "");
        int indent = from > 0 ? 1 : 0, width = 0;
        for (int i = from; i < to; i++)
        {
            DisplayText.Append(text, runes[i]);
            if (i < start) indent += DisplayText.Width(runes[i]);
            else if (i < start + length) width += DisplayText.Width(runes[i]);
        }

        if (to < runes.Count) text.Append(Cut);
        return new(text.ToString(), indent, Math.Max(1, width));
    }
}
