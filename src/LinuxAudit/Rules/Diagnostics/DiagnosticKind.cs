namespace LinuxAudit.Rules;

/// <summary>One kind of diagnostic. <see cref="DiagnosticCatalogue"/> holds them all.</summary>
/// <param name="Code">Stable name, <c>AUD</c> and three digits; never given to another kind.</param>
/// <param name="Severity">How bad it is, unless the diagnostic says otherwise.</param>
/// <param name="Scope">Whose fault it is.</param>
/// <param name="Title">What it means, in one sentence.</param>
public sealed record DiagnosticKind(string Code, DiagnosticSeverity Severity, DiagnosticScope Scope, string Title);
