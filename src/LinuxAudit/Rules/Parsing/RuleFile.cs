using System.Collections.Immutable;

namespace LinuxAudit.Rules;

/// <summary>What a rules file says, and what is wrong with it. Immutable.</summary>
/// <param name="FileName">The name the source was given.</param>
/// <param name="Directives">What it says, in order. A line with an error of its own is left out; one that only this node cannot load is not.</param>
/// <param name="Diagnostics">Every diagnostic, in order of line; at most 1,000, then AUD011 counts the rest.</param>
public sealed record RuleFile(string FileName, ImmutableArray<Directive> Directives, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether a line is wrong wherever it is loaded; then no part of the policy may be used.</summary>
    public bool HasSourceErrors => Diagnostics.Any(d => d.IsSourceError);
}
