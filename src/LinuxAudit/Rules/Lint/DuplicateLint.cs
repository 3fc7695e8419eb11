namespace LinuxAudit.Rules.Lint;

/// <summary>AUD063: the kernel refuses the second of two equal rules (EEXIST), and auditctl stops there.</summary>
internal static class DuplicateLint
{
    public static void Check(LintInput input)
    {
        Dictionary<AuditRule, RuleDirective> first = [];
        foreach (Directive directive in input.Directives)
        {
            switch (directive)
            {
                case DeleteAllDirective { Key: null }:
                    first.Clear();
                    break;
                case DeleteAllDirective { Key: { } key }:
                    foreach (AuditRule rule in first.Keys.Where(r => r.Keys.Contains(key)).ToArray()) first.Remove(rule);
                    break;
                case RuleDirective { Operation: RuleOperation.Delete } delete:
                    first.Remove(delete.Rule);
                    break;
                case RuleDirective add when !first.TryAdd(add.Rule, add):
                    RuleDirective other = first[add.Rule];
                    input.Report(DiagnosticCatalogue.Duplicate, add,
                        $"the same rule is at {other.Location}: the kernel refuses the second, and auditctl -R stops there",
                        "delete one of them", related: other);
                    break;
            }
        }
    }
}
