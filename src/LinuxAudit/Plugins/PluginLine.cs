using System.Text;
using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>A word of a line.</summary>
internal sealed record PluginWord(string Text, int Start);

/// <summary>One line <c>key = value…</c> of a plugin file or of auditd.conf, split at spaces as auditd does.</summary>
internal sealed class PluginLine
{
    private readonly string _file;
    private readonly int _number;
    private readonly DiagnosticBag _bag;

    public PluginLine(string file, int number, string text, DiagnosticBag bag)
    {
        (_file, _number, Text, _bag) = (file, number, text, bag);
        List<PluginWord> words = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ') continue;
            int end = text.IndexOf(' ', i);
            if (end < 0) end = text.Length;
            words.Add(new(text[i..end], i));
            i = end;
        }

        Words = words;
    }

    /// <summary>Reads a line; null for one that says nothing, and for one that is not <c>key = value…</c>, which is reported.</summary>
    public static PluginLine? TryRead(string file, int number, ReadOnlySpan<byte> bytes, bool isEnded, DiagnosticBag bag)
    {
        if (bytes.TrimStart((byte)' ') is [] or [(byte)'#', ..]) return null;
        if (bytes.Length > PluginParser.MaxLineLength)
        {
            bag.Add(new(PluginDiagnostics.LineTooLong, new(file, number, 1, 0), $"the line has {bytes.Length} bytes, and auditd passes over it")
            {
                Expected = $"at most {PluginParser.MaxLineLength} bytes in a line",
            });
            return null;
        }

        PluginLine line = new(file, number, RuleText.FromBytes(bytes), bag);
        if (line.HasControlCharacter()) return null;
        if (!isEnded) line.Report(PluginDiagnostics.NoFinalNewline, line.End, "the last line has no end: auditd passes over it", fix: "end the file with a newline");
        if (line.Words is [_, { Text: "=" }, ..]) return line;
        line.ReportNoEquals();
        return null;
    }

    public string Text { get; }

    public IReadOnlyList<PluginWord> Words { get; }

    /// <summary>The place after the last word, where something is missing.</summary>
    public PluginWord End => new("", Words[^1].Start + Words[^1].Text.Length);

    public static string Show(string text) => $"\"{text}\"";

    public SourceLocation Locate(PluginWord word) => new(_file, _number, 1 + Characters(Text.AsSpan(0, word.Start)), Characters(word.Text));

    public void Report(DiagnosticKind kind, PluginWord at, string message, string? expected = null, string? fix = null, SourceLocation? related = null) =>
        _bag.Add(new(kind, Locate(at), message) { Expected = expected, Fix = fix, Related = related });

    private void ReportNoEquals()
    {
        PluginWord first = Words[0];
        int equals = Text.IndexOf('=', StringComparison.Ordinal);
        string? fix = equals > 0 ? $"write \"{Text[..equals].Trim()} = {Text[(equals + 1)..].Trim()}\"" : null;
        Report(PluginDiagnostics.MissingEquals, Words.Count > 1 && equals < 0 ? Words[1] : first,
            equals < 0 ? $"{Show(first.Text)} without an equals sign" : "the equals sign is not a word of its own", "key = value, with a space on both sides of the equals sign", fix);
    }

    // Reports the first one; false when there is none.
    private bool HasControlCharacter()
    {
        int at = Text.AsSpan().IndexOfAnyInRange('\0', '\u001F');
        if (at < 0) return false;
        PluginWord where = new(Text[at].ToString(), at);
        switch (Text[at])
        {
            case '\r':
                Report(PluginDiagnostics.ControlCharacter, where, "the line ends with CR LF: auditd takes the CR for a part of the value", "LF at the end of each line", "save the file with Unix line ends");
                break;
            case '\t':
                Report(PluginDiagnostics.ControlCharacter, where, "a tab does not separate words for auditd", "spaces", "write a space");
                break;
            default:
                Report(PluginDiagnostics.ControlCharacter, where, $"control character U+{(int)Text[at]:X4}", "text without control characters");
                break;
        }

        return true;
    }

    /// <summary>The value among <paramref name="valid"/>, whatever its case; null, and reported, when it is none of them.</summary>
    public string? OneOf(string key, PluginWord value, string[] valid)
    {
        string? found = Array.Find(valid, v => v.Equals(value.Text, StringComparison.OrdinalIgnoreCase));
        if (found is null)
            Report(PluginDiagnostics.BadValue, value, $"{key}: {Show(value.Text)} is not valid", string.Join(" or ", valid), Suggestion.For(value.Text.ToLowerInvariant(), valid));
        return found;
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }
}
