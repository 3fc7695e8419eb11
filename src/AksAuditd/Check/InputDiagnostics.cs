using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>What can be wrong with a file that holds rules or plugin files. docs/check.md says how to mend it.</summary>
internal static class InputDiagnostics
{
    public static readonly DiagnosticKind BadYaml = Error("AUD120", "The text is not valid YAML.");
    public static readonly DiagnosticKind SecondEntry = Error("AUD121", "A key of a ConfigMap that stands twice.");
    public static readonly DiagnosticKind NotText = Error("AUD122", "An entry of a ConfigMap that is not a text.");
    public static readonly DiagnosticKind BinaryData = Warning("AUD123", "An entry under binaryData, which is not looked into.");
    public static readonly DiagnosticKind TooDeep = Error("AUD124", "YAML that is nested too deeply.");
    public static readonly DiagnosticKind TooLarge = Error("AUD125", "An entry larger than a ConfigMap can be.");
    public static readonly DiagnosticKind BadEvents = Error("AUD126", "A mistake in events.yaml.");
    public static readonly DiagnosticKind NotRead = Warning("AUD127", "Rules under a name that is not *.rules, which nobody reads.");
    public static readonly DiagnosticKind Folded = Warning("AUD128", "A text that begins with > in YAML, which joins its lines.");
    public static readonly DiagnosticKind NotAllowed = Warning("AUD129", "A plugin that the agent does not allow unless it is configured to.");

    /// <summary>Every kind, by code.</summary>
    public static IReadOnlyList<DiagnosticKind> All { get; } = [BadYaml, SecondEntry, NotText, BinaryData, TooDeep, TooLarge, BadEvents, NotRead, Folded, NotAllowed];

    /// <summary>Every kind that <c>check</c> can report, by code.</summary>
    public static IReadOnlyList<DiagnosticKind> Catalogue { get; } = [.. DiagnosticCatalogue.All, .. PluginDiagnostics.All, .. All];

    private static DiagnosticKind Error(string code, string title) => new(code, DiagnosticSeverity.Error, DiagnosticScope.Source, title);

    private static DiagnosticKind Warning(string code, string title) => new(code, DiagnosticSeverity.Warning, DiagnosticScope.Source, title);
}
