using System.Text.Encodings.Web;
using System.Text.Json;

namespace AksAuditd.Check;

/// <summary>How reports are written as JSON.</summary>
internal static class ReportJson
{
    /// <summary>For people too: quotes and letters stay what they are. Nothing here goes into HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
