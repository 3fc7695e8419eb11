using System.Collections.Immutable;

namespace LinuxAudit.Rules;

/// <summary>The diagnostics of one file, bounded: ten million bad lines must not become ten million objects.</summary>
internal sealed class DiagnosticBag
{
    /// <summary>Most diagnostics that are kept for one file.</summary>
    public const int Limit = 1000;

    private readonly List<Diagnostic> _kept = [];
    private SourceLocation _firstDropped;

    public int ErrorCount { get; private set; }

    public int DroppedCount { get; private set; }

    /// <summary>Whether the next diagnostic would be dropped; then its message and its fix need not be made.</summary>
    public bool IsFull => _kept.Count >= Limit;

    public void Add(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Error) ErrorCount++;
        if (!IsFull)
        {
            _kept.Add(diagnostic);
            return;
        }

        if (DroppedCount++ == 0) _firstDropped = diagnostic.Location;
    }

    public ImmutableArray<Diagnostic> ToImmutable()
    {
        if (DroppedCount == 0) return [.. _kept];
        Diagnostic last = new(DiagnosticCatalogue.TooMany, _firstDropped, $"{DroppedCount} more problems from here on are not shown")
        {
            Severity = ErrorCount > _kept.Count(d => d.Severity == DiagnosticSeverity.Error) ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
        };
        return [.. _kept, last];
    }
}
