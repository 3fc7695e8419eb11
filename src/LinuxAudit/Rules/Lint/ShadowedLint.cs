namespace LinuxAudit.Rules.Lint;

/// <summary>AUD062: the first matching rule of a list decides, so nothing gets past a never rule whose conditions are all among a later
/// rule's.</summary>
internal static class ShadowedLint
{
    // Never rules are few in any real policy; the bound keeps 100,000 of them from taking quadratic time.
    private const int MostCandidates = 200;

    public static void Check(LintInput input)
    {
        Dictionary<(FilterList, FieldFilter?), List<RuleDirective>> never = [];
        foreach (RuleDirective directive in input.RulesInKernelOrder())
        {
            AuditRule rule = directive.Rule;
            if (rule.List == FilterList.Exclude) continue;
            FieldFilter[] conditions = [.. LintInput.Conditions(rule)];
            RuleDirective? shadow = conditions.Append(null).Select(c => Find(never, rule, conditions, c)).FirstOrDefault(d => d is not null);
            if (shadow is not null && !shadow.Rule.Equals(rule) && rule.Action != RuleAction.Never)
            {
                input.Report(DiagnosticCatalogue.Shadowed, directive,
                    $"the never rule at {shadow.Location} comes first and takes everything this rule would match",
                    "put this rule before it, or narrow the never rule", related: shadow);
            }

            if (rule.Action != RuleAction.Never) continue;
            (FilterList, FieldFilter?) place = (rule.List, conditions.FirstOrDefault(c => c.Field != RuleField.Arch) ?? conditions.FirstOrDefault());
            if (!never.TryGetValue(place, out List<RuleDirective>? list)) never[place] = list = [];
            if (list.Count < MostCandidates) list.Add(directive);
        }
    }

    private static RuleDirective? Find(Dictionary<(FilterList, FieldFilter?), List<RuleDirective>> never, AuditRule rule, FieldFilter[] conditions,
        FieldFilter? place) =>
        never.TryGetValue((rule.List, place), out List<RuleDirective>? list) ? list.Find(d => Covers(d.Rule, rule, conditions)) : null;

    private static bool Covers(AuditRule earlier, AuditRule rule, FieldFilter[] conditions) =>
        earlier.Syscalls.Includes(rule.Syscalls) && LintInput.Conditions(earlier).All(c => conditions.Contains(c));
}
