using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Something to say, with its place in a file that was given.</summary>
/// <param name="Diagnostic">What; its places are in the files that were given.</param>
/// <param name="File">The file.</param>
/// <param name="RelatedFile">The file of the other place it is about; null when there is none.</param>
internal sealed record Finding(Diagnostic Diagnostic, TextFile File, TextFile? RelatedFile);

/// <summary>What a check came to.</summary>
/// <param name="Findings">By file in the order given, then by line and column.</param>
/// <param name="Entries">Number of rules files, plugin files and ConfigMap entries that were checked.</param>
/// <param name="Rules">Number of rules in them, for the first machine.</param>
/// <param name="Unreadable">What could not be read, and why.</param>
/// <param name="LeftOut">What was found, but is neither rules nor a plugin file.</param>
internal sealed record CheckResult(
    IReadOnlyList<Finding> Findings, int Entries, int Rules, IReadOnlyList<string> Unreadable, IReadOnlyList<string> LeftOut)
{
    public int Errors => Findings.Count(f => f.Diagnostic.Severity == DiagnosticSeverity.Error);

    public int Warnings => Findings.Count(f => f.Diagnostic.Severity == DiagnosticSeverity.Warning);
}
