using System.Text.Json;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Compiled rules as text or JSON.</summary>
internal static class CompileReport
{
    /// <summary>One line a step; with <paramref name="wire"/> only rules, their bytes in hex, after <c>delete </c> for one to be deleted.</summary>
    public static void WriteText(IEnumerable<CompiledStep> steps, bool wire, TextWriter output)
    {
        foreach (CompiledStep step in steps)
        {
            if (!wire) output.WriteLine(DisplayText.Clean(step.Text));
            else if (step.Wire is { } bytes) output.WriteLine((IsDelete(step) ? "delete " : "") + Convert.ToHexStringLower(bytes));
        }
    }

    /// <summary>An array of objects; docs/check.md describes it.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="places">Where a directive's line is in the files that were given.</param>
    /// <param name="output">Takes the JSON.</param>
    public static void WriteJson(IEnumerable<CompiledStep> steps, Func<SourceLocation, SourceLocation> places, Stream output)
    {
        using Utf8JsonWriter json = new(output, ReportJson.Options);
        json.WriteStartArray();
        foreach (CompiledStep step in steps)
        {
            SourceLocation at = places(step.Directive.Location);
            json.WriteStartObject();
            json.WriteString("text", step.Text);
            json.WriteString("kind", step.Directive is not RuleDirective ? "setting" : IsDelete(step) ? "delete" : "rule");
            json.WriteString("file", at.File);
            json.WriteNumber("line", at.Line);
            if (step.Wire is { } bytes) json.WriteString("wire", Convert.ToHexStringLower(bytes));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsDelete(CompiledStep step) => step.Directive is RuleDirective { Operation: RuleOperation.Delete };
}
