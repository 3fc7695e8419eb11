using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Check;

/// <summary>Reads <c>|</c> and <c>></c> scalars: lines with the indentation taken off, joined in the second.</summary>
internal static class BlockScalarReader
{
    public static void Read(string text, int start, Scalar scalar, ScalarMap.Writer writer)
    {
        bool folded = scalar.Style == ScalarStyle.Folded;
        int at = NextLine(text, LineEnd(text, start));
        int indent = Indentation(text, at, scalar.Value);
        int lineBreak = -1;
        bool wasIndented = false;
        List<int> blanks = [];
        while (at < text.Length)
        {
            int content = at;
            while (content < at + indent && content < text.Length && text[content] == ' ') content++;
            int end = LineEnd(text, content);
            if (content == end)
            {
                if (end < text.Length) blanks.Add(content);
                at = NextLine(text, end);
                continue;
            }

            if (content - at < indent) break;
            bool isIndented = text[content] is ' ' or '\t';
            if (lineBreak >= 0 && folded && !wasIndented && !isIndented)
            {
                if (blanks.Count == 0) writer.Add(' ', lineBreak);
            }
            else if (lineBreak >= 0)
            {
                writer.Add('\n', lineBreak);
            }

            foreach (int blank in blanks) writer.Add('\n', blank);
            blanks.Clear();
            writer.Copy(content, end);
            lineBreak = end < text.Length ? end : -1;
            wasIndented = isIndented;
            at = NextLine(text, end);
        }

        // How much of the end belongs to the value is up to the chomping indicator; the parser has carried it out.
        if (lineBreak >= 0 && !writer.IsFull) writer.Add('\n', lineBreak);
        foreach (int blank in blanks)
            if (!writer.IsFull) writer.Add('\n', blank);
    }

    // The first line that is not blank has in the text just so many more spaces as are taken off.
    private static int Indentation(string text, int at, string value)
    {
        int kept = 0;
        for (int i = 0; i < value.Length && value[i] is ' ' or '\n'; i++) kept = value[i] == '\n' ? 0 : kept + 1;
        while (at < text.Length)
        {
            int content = at;
            while (content < text.Length && text[content] == ' ') content++;
            int end = LineEnd(text, content);
            if (content < end) return Math.Max(0, content - at - kept);
            at = NextLine(text, end);
        }

        return 0;
    }

    private static int LineEnd(string text, int at)
    {
        int end = text.AsSpan(at).IndexOfAny('\n', '\r');
        return end < 0 ? text.Length : at + end;
    }

    private static int NextLine(string text, int end) =>
        end >= text.Length ? text.Length : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
}
