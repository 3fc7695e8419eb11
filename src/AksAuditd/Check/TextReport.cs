using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Findings for people: place, what is wrong, the line with a mark under it, what was expected, what would mend it.</summary>
internal sealed class TextReport(TextWriter output, bool colour)
{
    private const string Red = "\u001B[1;31m", Yellow = "\u001B[1;33m", Cyan = "\u001B[1;36m", Bold = "\u001B[1m", Blue = "\u001B[34m", Reset = "\u001B[0m";

    public void Write(CheckResult result)
    {
        foreach (Finding finding in result.Findings) Write(finding);
        foreach (string left in result.LeftOut) output.WriteLine($"left out: {DisplayText.Clean(left)}");
        output.WriteLine(Summary(result));
    }

    /// <summary>Writes one finding.</summary>
    public void Write(Finding finding)
    {
        Diagnostic diagnostic = finding.Diagnostic;
        string paint = diagnostic.Severity switch { DiagnosticSeverity.Error => Red, DiagnosticSeverity.Warning => Yellow, _ => Cyan };
        WriteHead(diagnostic.Location, $"{Name(diagnostic.Severity)} {diagnostic.Code}", paint, diagnostic.Message);
        int margin = WriteLine(finding.File, diagnostic.Location, paint);
        WriteAdvice(margin, "expected", diagnostic.Expected);
        WriteAdvice(margin, "fix", diagnostic.Fix);
        if (diagnostic.Related is not { } related || finding.RelatedFile is not { } file) return;
        WriteHead(related, "note", Cyan, "the other one is here");
        WriteLine(file, related, Cyan);
    }

    /// <summary>How a severity is called, in all formats.</summary>
    public static string Name(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "note",
    };

    private static string Summary(CheckResult result) =>
        $"{Count(result.Errors, "error")}, {Count(result.Warnings, "warning")} in {Count(result.Rules, "rule")} of {Count(result.Entries, "file")}";

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private void WriteHead(SourceLocation at, string what, string paint, string message) =>
        output.WriteLine($"{Paint(Bold, DisplayText.Clean(at.ToString()))}: {Paint(paint, what)}: {Paint(Bold, DisplayText.Clean(message))}");

    private int WriteLine(TextFile file, SourceLocation at, string paint)
    {
        string number = $"{at.Line}".PadLeft(5);
        if (file.Line(at.Line) is not { } line) return number.Length;
        Snippet snippet = Snippet.Create(line, at.Column, at.Length);
        output.WriteLine($"{Paint(Blue, number + " |")} {snippet.Text}");
        string mark = "^" + new string('~', snippet.Width - 1);
        output.WriteLine($"{Paint(Blue, new string(' ', number.Length) + " |")} {new string(' ', snippet.Indent)}{Paint(paint, mark)}");
        return number.Length;
    }

    private void WriteAdvice(int margin, string what, string? text)
    {
        if (text is not null) output.WriteLine($"{new string(' ', margin)} {Paint(Blue, "=")} {Paint(Bold, what)}: {DisplayText.Clean(text)}");
    }

    private string Paint(string paint, string text) => colour ? $"{paint}{text}{Reset}" : text;
}
