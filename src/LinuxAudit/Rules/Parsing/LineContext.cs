using System.Text;

namespace LinuxAudit.Rules.Parsing;

/// <summary>The line being read: what makes places in it, and takes its diagnostics.</summary>
internal sealed class LineContext(string file, int number, string text, RuleContext rules, DiagnosticBag bag)
{
    public string Text => text;

    public RuleContext Rules => rules;

    /// <summary>Whether the line is wrong wherever it is loaded.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether this node lacks something the line needs.</summary>
    public bool HasNodeErrors { get; private set; }

    /// <summary>Whether suggestions are still worth their while.</summary>
    public bool IsQuiet => bag.IsFull;

    public SourceLocation Locate(Word word) => Locate(word.Start, word.Length);

    public SourceLocation Locate(int start, int length) =>
        new(file, number, 1 + Characters(text.AsSpan(0, start)), Characters(text.AsSpan(start, length)));

    public void Report(DiagnosticKind kind, Word at, string message, string? expected = null, string? fix = null) =>
        Report(new Diagnostic(kind, Locate(at), message) { Expected = expected, Fix = fix });

    public void Report(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Error)
        {
            if (diagnostic.Scope == DiagnosticScope.Source) HasErrors = true;
            else HasNodeErrors = true;
        }

        bag.Add(diagnostic);
    }

    /// <summary>A closest match, unless so much is wrong already that nobody would read it.</summary>
    public string? Suggest(ReadOnlySpan<char> word, IEnumerable<string> candidates) => IsQuiet ? null : Suggestion.For(word, candidates);

    /// <summary>The text in double quotes for a message; cut where it is long.</summary>
    public static string Show(string value) => value.Length <= 60 ? $"\"{value}\"" : $"\"{value[..57]}...\"";

    private static int Characters(ReadOnlySpan<char> span)
    {
        int count = 0;
        foreach (Rune _ in span.EnumerateRunes()) count++;
        return count;
    }
}
