using System.Text.Json;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Findings as SARIF 2.1.0 (OASIS), for code scanning services. Columns count Unicode code points.</summary>
internal static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static void Write(CheckResult result, string version, Stream output)
    {
        using Utf8JsonWriter json = new(output, ReportJson.Options);
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(version, json);
        WriteInvocation(result, json);
        json.WriteString("columnKind", "unicodeCodePoints");
        json.WriteStartArray("results");
        foreach (Finding finding in result.Findings) WriteResult(finding.Diagnostic, json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTool(string version, Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "aks-auditd");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (DiagnosticKind kind in InputDiagnostics.Catalogue)
        {
            json.WriteStartObject();
            json.WriteString("id", kind.Code);
            WriteMessage("shortDescription", kind.Title, json);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", TextReport.Name(kind.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInvocation(CheckResult result, Utf8JsonWriter json)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", result.Unreadable.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (string reason in result.Unreadable)
        {
            json.WriteStartObject();
            json.WriteString("level", "error");
            WriteMessage("message", reason, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResult(Diagnostic diagnostic, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", diagnostic.Code);
        json.WriteString("level", TextReport.Name(diagnostic.Severity));
        string advice = (diagnostic.Expected is { } expected ? $"; expected: {expected}" : "") + (diagnostic.Fix is { } fix ? $"; {fix}" : "");
        WriteMessage("message", diagnostic.Message + advice, json);
        json.WriteStartArray("locations");
        WriteLocation(diagnostic.Location, null, json);
        json.WriteEndArray();
        if (diagnostic.Related is { } related)
        {
            json.WriteStartArray("relatedLocations");
            WriteLocation(related, "the other one is here", json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteLocation(SourceLocation at, string? message, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(at.File));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", at.Line);
        json.WriteNumber("startColumn", at.Column);
        json.WriteNumber("endColumn", at.Column + at.Length);
        json.WriteEndObject();
        json.WriteEndObject();
        if (message is not null) WriteMessage("message", message, json);
        json.WriteEndObject();
    }

    private static void WriteMessage(string name, string text, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static string Uri(string file)
    {
        string path = string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString));
        return file.StartsWith('/') ? "file://" + path : path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }
}
