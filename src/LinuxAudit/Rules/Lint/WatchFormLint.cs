namespace LinuxAudit.Rules.Lint;

/// <summary>AUD070: audit 3.2 and later call -w deprecated for its cost: it is a rule for every system call of every arch.</summary>
internal static class WatchFormLint
{
    public static void Check(LintInput input)
    {
        foreach (RuleDirective directive in input.Rules)
        {
            if (!directive.IsWatch) continue;
            AuditRule rule = directive.Rule;
            string rest = RuleText.Escape(rule.Fields.FirstOrDefault(f => f.Text is not null)?.Text ?? "");
            string field = rule.Fields.Any(f => f.Field == RuleField.Dir) ? "dir" : "path";
            string keys = string.Concat(rule.Keys.Select(k => " -F key=" + RuleText.Escape(k)));
            FieldFilter? perm = rule.Fields.FirstOrDefault(f => f.Field == RuleField.Perm);
            input.Report(DiagnosticCatalogue.WatchForm, directive, "-w is deprecated: it looks at every system call, and cannot say whose",
                $"write -a always,exit -F arch=b64 -F {field}={rest} -F perm={RulePrinter.Permissions(perm?.Value ?? 0)}{keys}, and the same with arch=b32", at: ["-w"]);
        }
    }
}
