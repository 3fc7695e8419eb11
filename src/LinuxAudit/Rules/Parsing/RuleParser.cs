using System.Globalization;
using System.Text.Unicode;
using LinuxAudit.Rules.Parsing;

namespace LinuxAudit.Rules;

/// <summary>Reads rules files: the language of audit.rules(7) and auditctl(8), as auditctl 3.0.9 reads it with <c>-R</c>.</summary>
/// <remarks>Pure and thread safe: no file, user database or kernel is looked at, but through the resolvers of the <see
/// cref="RuleContext"/>.</remarks>
public static class RuleParser
{
    /// <summary>Longest line auditctl reads, in bytes without its end.</summary>
    public const int MaxLineLength = 6143;

    /// <summary>Reads a file. Never throws for any content; takes time linear in its length.</summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static RuleFile Parse(RuleSource source, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(context);
        DiagnosticBag bag = new();
        List<Directive> directives = [];
        ReadOnlySpan<byte> rest = source.Bytes.Span;
        bool carriageReturnSaid = false;
        for (int number = 1; !rest.IsEmpty; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.EndsWith("\r"u8))
            {
                line = line[..^1];
                if (!carriageReturnSaid) ReportCarriageReturn(source.FileName, number, line, context, bag);
                carriageReturnSaid = true;
            }

            ParseLine(source.FileName, number, line, context, bag, directives);
        }

        return new RuleFile(source.FileName, [.. directives], bag.ToImmutable());
    }

    /// <summary>Reads one line, such as <c>auditctl -l</c> prints; the diagnostics say line 1 of <paramref name="fileName"/>.</summary>
    public static RuleFile ParseText(string text, RuleContext context, string fileName = "-") =>
        Parse(new RuleSource(fileName, RuleText.ToBytes(text)), context);

    private static void ParseLine(
        string file, int number, ReadOnlySpan<byte> bytes, RuleContext context, DiagnosticBag bag, List<Directive> directives)
    {
        ReadOnlySpan<byte> content = bytes.TrimStart((byte)' ');
        if (content.IsEmpty || content[0] == '#') return;
        if (bytes.Length > MaxLineLength)
        {
            bag.Add(new Diagnostic(DiagnosticCatalogue.LineTooLong, new SourceLocation(file, number, 1, 0), $"the line has {bytes.Length} bytes")
            {
                Expected = "at most 6143 bytes in a line",
                Fix = "split the rule in two",
            });
            return;
        }

        string text = RuleText.FromBytes(bytes);
        LineContext line = new(file, number, text, context, bag);
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001F') is >= 0 and int bad)
        {
            ReportControlCharacter(line, bad);
            return;
        }

        if (!Utf8.IsValid(bytes))
        {
            int first = text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF');
            line.Report(DiagnosticCatalogue.InvalidUtf8, new Word("", first, 1),
                $"byte 0x{(text[first] - 0xDC00).ToString("X2", CultureInfo.InvariantCulture)} is not valid UTF-8; it is passed on as it is");
        }

        List<Word> words = Tokenizer.Split(text);
        List<Option> options = OptionReader.Read(words, line);
        int start = words[0].Start;
        SourceLocation location = line.Locate(start, words[^1].Start + words[^1].Length - start);
        new LineInterpreter(line, location).Interpret(options, directives);
    }

    private static void ReportCarriageReturn(string file, int number, ReadOnlySpan<byte> bytes, RuleContext context, DiagnosticBag bag)
    {
        string text = bytes.Length <= MaxLineLength ? RuleText.FromBytes(bytes) : "";
        LineContext line = new(file, number, text, context, bag);
        line.Report(DiagnosticCatalogue.CarriageReturn, new Word("", text.Length, 0),
            "the line ends with CR LF; the CR is left out here, but auditctl would keep it", "LF at the end of each line",
                "save the file with Unix line ends");
    }

    private static void ReportControlCharacter(LineContext line, int at)
    {
        char c = line.Text[at];
        Word where = new("", at, 1);
        if (c == '\0') line.Report(DiagnosticCatalogue.NulByte, where, "a NUL byte: auditctl would drop the rest of the line", "text without NUL");
        else if (c == '\t') line.Report(DiagnosticCatalogue.ControlCharacter, where, "a tab does not separate words for auditctl", "spaces",
            "write a space");
        else line.Report(DiagnosticCatalogue.ControlCharacter, where, $"control character U+{(int)c:X4}", "text without control characters");
    }
}
