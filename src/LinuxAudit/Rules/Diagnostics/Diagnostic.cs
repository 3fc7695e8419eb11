namespace LinuxAudit.Rules;

/// <summary>Something to say about a rules file, with the place it is about.</summary>
/// <param name="Kind">Which diagnostic: its code and title.</param>
/// <param name="Location">The place.</param>
/// <param name="Message">What is wrong here, in one sentence that names the offending text.</param>
public sealed record Diagnostic(DiagnosticKind Kind, SourceLocation Location, string Message)
{
    /// <summary>The stable code, such as <c>AUD015</c>.</summary>
    public string Code => Kind.Code;

    /// <summary>How bad it is.</summary>
    public DiagnosticSeverity Severity { get; init; } = Kind.Severity;

    /// <summary>Whose fault it is.</summary>
    public DiagnosticScope Scope => Kind.Scope;

    /// <summary>What would have been right there; null when the message says all there is.</summary>
    public string? Expected { get; init; }

    /// <summary>What to write or do instead; null when none is evident.</summary>
    public string? Fix { get; init; }

    /// <summary>Another place this is about, such as the first of two equal rules; null when there is none.</summary>
    public SourceLocation? Related { get; init; }

    /// <summary>Whether the whole policy has to be refused for it.</summary>
    public bool IsSourceError => Severity == DiagnosticSeverity.Error && Scope == DiagnosticScope.Source;

    /// <summary><c>file:line:column: severity CODE: message</c></summary>
    public override string ToString() => $"{Location}: {Severity.ToString().ToLowerInvariant()} {Code}: {Message}";
}
