using System.Collections.Immutable;
using LinuxAudit.Rules.Lint;

namespace LinuxAudit.Rules;

/// <summary>Warnings about rules that load but are not what was meant, or cost more than they need. Looks at all files together.</summary>
public static class RuleLinter
{
    /// <summary>Every warning, by file and line; at most 1,000, then AUD011 counts the rest. Takes time linear in the number of rules.</summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ImmutableArray<Diagnostic> Lint(MergedRules rules, LintOptions options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(options);
        DiagnosticBag bag = new();
        LintInput input = new(rules, options, bag);
        DuplicateLint.Check(input);
        ShadowedLint.Check(input);
        NeverMatchesLint.Check(input);
        NoArchLint.Check(input);
        NoTwinLint.Check(input);
        NotOnOtherArchLint.Check(input);
        FloodLint.Check(input);
        UnsetAuidLint.Check(input);
        TaskForLifeLint.Check(input);
        LockNotLastLint.Check(input);
        NoDeleteAllLint.Check(input);
        WatchFormLint.Check(input);
        return
        [
            .. bag.ToImmutable().OrderBy(d => d.Kind == DiagnosticCatalogue.TooMany)
                .ThenBy(d => d.Location.File, VersionOrder.Comparer).ThenBy(d => d.Location.Line).ThenBy(d => d.Location.Column),
        ];
    }
}
