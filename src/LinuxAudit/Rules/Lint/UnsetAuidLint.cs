namespace LinuxAudit.Rules.Lint;

/// <summary>AUD071: an unset auid is 4294967295, and so more than any other. No other user field of a process can be unset.</summary>
internal static class UnsetAuidLint
{
    // Such never rules are few in any real policy; the bound keeps many from taking quadratic time.
    private const int MostNever = 200;

    public static void Check(LintInput input)
    {
        if (input.Rules.Any(d => d.Rule.List == FilterList.Exclude && LintInput.Conditions(d.Rule).All(IsUnset) && d.Rule.Fields.Any(IsUnset))) return;
        List<AuditRule> never = [];
        foreach (RuleDirective directive in input.RulesInKernelOrder())
        {
            AuditRule rule = directive.Rule;
            if (rule.Action == RuleAction.Never && never.Count < MostNever && rule.Fields.Any(IsUnset)) never.Add(rule);
            if (rule.Fields.FirstOrDefault(f => f is { Field: RuleField.Auid, Operator: FieldOperator.GreaterThan or FieldOperator.GreaterThanOrEqual }) is not { } least
                || rule.Fields.Any(LeavesUnsetOut)
                || never.Exists(n => LeavesUnsetOut(n, rule))) continue;
            string text = least.Operator.Text() + (least.Text ?? $"{least.Value}");
            input.Report(DiagnosticCatalogue.UnsetAuid, directive,
                $"an unset auid is 4294967295, so auid{text} takes in every process without a login: containers and services",
                "add -F auid!=unset", at: ["auid" + text, "loginuid" + text]);
        }
    }

    private static bool IsUnset(FieldFilter f) => f is { Field: RuleField.Auid, Operator: FieldOperator.Equal, Value: uint.MaxValue };

    /// <summary>Whether no process without a login fulfils the condition. Without an auid there is no session either.</summary>
    private static bool LeavesUnsetOut(FieldFilter f) => f.Field is RuleField.Auid or RuleField.SessionId && f.Text is null && f.Operator switch
    {
        FieldOperator.NotEqual => f.Value == uint.MaxValue,
        FieldOperator.Equal => f.Value != uint.MaxValue,
        FieldOperator.LessThan => true,
        FieldOperator.LessThanOrEqual => f.Value != uint.MaxValue,
        _ => false,
    };

    private static bool LeavesUnsetOut(AuditRule never, AuditRule rule) =>
        never.List == rule.List && never.Syscalls.Includes(rule.Syscalls)
        && LintInput.Conditions(never).All(c => IsUnset(c) || rule.Fields.Contains(c));
}
