namespace LinuxAudit.Rules.Lint;

/// <summary>AUD061: a 32-bit program gets past a rule that is for 64-bit system calls alone.</summary>
internal static class NoTwinLint
{
    private const int MostNames = 5;

    public static void Check(LintInput input)
    {
        Machine native = input.Options.Machine;
        if (native.B64() is not { } b64 || native.B32() is not { } b32) return;
        Dictionary<string, HashSet<int>> twins = [];
        bool everything = false;
        foreach (RuleDirective directive in input.Rules)
        {
            AuditRule rule = directive.Rule;
            if (!IsFor(rule, b32)) continue;
            everything |= rule.Syscalls.IsAll && LintInput.Conditions(rule).Count() == 1;
            if (!twins.TryGetValue(Others(rule), out HashSet<int>? numbers)) twins[Others(rule)] = numbers = [];
            numbers.UnionWith(rule.Syscalls.Numbers);
        }

        if (everything) return;
        foreach (RuleDirective directive in input.Rules)
        {
            AuditRule rule = directive.Rule;
            if (!IsFor(rule, b64)) continue;
            HashSet<int> covered = twins.GetValueOrDefault(Others(rule)) ?? [];
            string[] missing = [.. b64.SyscallNames(rule.Syscalls).Where(n => b32.SyscallNumber(n) is { } number && !covered.Contains(number))];
            if (missing.Length == 0) continue;
            string names = rule.Syscalls.IsAll ? "all of them"
                : string.Join(", ", missing.Take(MostNames)) + (missing.Length > MostNames ? $" and {missing.Length - MostNames} more" : "");
            input.Report(DiagnosticCatalogue.NoTwin, directive,
                $"no rule with arch=b32 and the same conditions: 32-bit programs get past it ({names})",
                "add the same rule with arch=b32", at: ["-F arch=b64", "-F arch="]);
        }
    }

    private static bool IsFor(AuditRule rule, Machine machine) =>
        rule is { List: FilterList.Exit, Action: RuleAction.Always }
        && rule.Fields.Count(f => f.Field == RuleField.Arch) == 1
        && rule.Fields.Any(f => f is { Field: RuleField.Arch, Operator: FieldOperator.Equal } && f.Value == (uint)machine);

    /// <summary>The conditions but arch, in any order.</summary>
    private static string Others(AuditRule rule) =>
        string.Join('\n', LintInput.Conditions(rule).Where(f => f.Field != RuleField.Arch).Select(f => f.ToString()).Order(StringComparer.Ordinal));
}
