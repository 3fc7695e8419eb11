using System.Collections.Immutable;

namespace LinuxAudit.Rules;

/// <summary>Many rules files as one, in the order they are to be loaded. Immutable.</summary>
/// <param name="Directives">What they say together; each knows its file and line.</param>
/// <param name="Diagnostics">The diagnostics of every file, in the order of the files.</param>
public sealed record MergedRules(ImmutableArray<Directive> Directives, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether a file is wrong wherever it is loaded; then nothing of the policy may be used.</summary>
    public bool HasSourceErrors => Diagnostics.Any(d => d.IsSourceError);

    /// <summary>The rules to load on this node, in order: those that are added and that the node lacks nothing for.</summary>
    public IEnumerable<RuleDirective> UsableRules =>
        Directives.OfType<RuleDirective>().Where(d => d is { IsUsable: true, Operation: not RuleOperation.Delete });
}
