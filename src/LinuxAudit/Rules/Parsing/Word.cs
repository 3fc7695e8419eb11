namespace LinuxAudit.Rules.Parsing;

/// <summary>A word of a line: its text with escapes resolved, and where it stands in the line (UTF-16 units, from 0).</summary>
internal readonly record struct Word(string Text, int Start, int Length)
{
    /// <summary>A part of the word; the whole word where escapes make places inside uncertain.</summary>
    public Word Part(int offset, int length) =>
        Length == Text.Length ? new Word(Text.Substring(offset, length), Start + offset, length)
            : this with { Text = Text.Substring(offset, length) };

    public Word From(int offset) => Part(offset, Text.Length - offset);
}
