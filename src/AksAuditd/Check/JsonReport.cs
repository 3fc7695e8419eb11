using System.Text.Json;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Findings as one JSON object; docs/check.md describes it.</summary>
internal static class JsonReport
{
    public static void Write(CheckResult result, Stream output)
    {
        using Utf8JsonWriter json = new(output, ReportJson.Options);
        json.WriteStartObject();
        json.WriteNumber("files", result.Entries);
        json.WriteNumber("rules", result.Rules);
        json.WriteNumber("errors", result.Errors);
        json.WriteNumber("warnings", result.Warnings);
        json.WriteStartArray("diagnostics");
        foreach (Finding finding in result.Findings) Write(finding.Diagnostic, json);
        json.WriteEndArray();
        WriteTexts("leftOut", result.LeftOut, json);
        WriteTexts("unreadable", result.Unreadable, json);
        json.WriteEndObject();
    }

    private static void Write(Diagnostic diagnostic, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("code", diagnostic.Code);
        json.WriteString("severity", TextReport.Name(diagnostic.Severity));
        json.WriteString("scope", diagnostic.Scope == DiagnosticScope.Node ? "node" : "source");
        WritePlace(diagnostic.Location, json);
        json.WriteString("message", diagnostic.Message);
        if (diagnostic.Expected is { } expected) json.WriteString("expected", expected);
        if (diagnostic.Fix is { } fix) json.WriteString("fix", fix);
        if (diagnostic.Related is { } related)
        {
            json.WriteStartObject("related");
            WritePlace(related, json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePlace(SourceLocation at, Utf8JsonWriter json)
    {
        json.WriteString("file", at.File);
        json.WriteNumber("line", at.Line);
        json.WriteNumber("column", at.Column);
        json.WriteNumber("length", at.Length);
    }

    private static void WriteTexts(string name, IReadOnlyList<string> texts, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
