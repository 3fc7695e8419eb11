namespace LinuxAudit.Rules.Lint;

/// <summary>AUD063: the kernel refuses the second of two equal rules (EEXIST), and auditctl stops there.</summary>
internal static class DuplicateLint
{
    public static void Check(LintInput input)
    {
        Dictionary<AuditRule, RuleDirective> first = [];
        foreach (RuleDirective directive in input.Rules)
        {
            if (first.TryAdd(directive.Rule, directive)) continue;
            RuleDirective other = first[directive.Rule];
            input.Report(DiagnosticCatalogue.Duplicate, directive,
                $"the same rule is at {other.Location}: the kernel refuses the second, and auditctl -R stops there",
                "delete one of them", related: other);
        }
    }
}
