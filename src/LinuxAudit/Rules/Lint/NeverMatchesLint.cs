namespace LinuxAudit.Rules.Lint;

/// <summary>AUD064: conditions that exclude each other, or that the rule's list never fulfils.</summary>
internal static class NeverMatchesLint
{
    public static void Check(LintInput input)
    {
        foreach (RuleDirective directive in input.Rules)
        {
            AuditRule rule = directive.Rule;
            if (OnThisList(rule) is { } field)
            {
                string name = FieldInfo.Find(field.Field)!.Name;
                input.Report(DiagnosticCatalogue.NeverMatches, directive,
                    $"on the {RulePrinter.Name(rule.List)} list the kernel knows no {name}, so the rule never matches",
                    $"leave out {name}", at: ["-F " + name, "-F" + name]);
            }
            else if (ForeignArch(rule, input.Options) is { } machine)
            {
                input.Report(DiagnosticCatalogue.NeverMatches, directive,
                    $"{input.Options.Machine.Name()} runs no {machine.Name()} system calls, so the rule never matches",
                    "write arch=b64 or arch=b32", at: ["-F arch="]);
            }
            else if (Contradiction(rule) is { } text)
            {
                input.Report(DiagnosticCatalogue.NeverMatches, directive, $"{text}, so the rule never matches",
                    "make it two rules, or leave one condition out");
            }
        }
    }

    /// <summary>A field that the kernel does not fill in for this list. auditctl(8) says so for user; for task there is no system call yet.</summary>
    private static FieldFilter? OnThisList(AuditRule rule) => rule.List switch
    {
        FilterList.User => rule.Fields.FirstOrDefault(f => f.Field is not (RuleField.Pid or RuleField.Uid or RuleField.Gid or RuleField.Auid or RuleField.MsgType or RuleField.Exe
            or RuleField.SubjUser or RuleField.SubjRole or RuleField.SubjType or RuleField.SubjSen or RuleField.SubjClr or RuleField.Key)),
        FilterList.Task => rule.Fields.FirstOrDefault(f => f.Field is RuleField.Arch or RuleField.A0 or RuleField.A1 or RuleField.A2 or RuleField.A3
            or RuleField.ObjUid or RuleField.ObjGid or RuleField.SaddrFam),
        _ => null,
    };

    private static Machine? ForeignArch(AuditRule rule, LintOptions options)
    {
        bool IsHere(Machine machine) => machine == options.Machine || machine == options.Machine.B32()
            || options.OtherMachines.Any(o => machine == o || machine == o.B32());
        return rule.Fields.FirstOrDefault(f => f is { Field: RuleField.Arch, Operator: FieldOperator.Equal } && !IsHere((Machine)f.Value)) is { } arch
            ? (Machine)arch.Value : null;
    }

    /// <summary>The numbers that fulfil all conditions on a field, as an interval without holes; the kernel compares without sign.</summary>
    private static string? Contradiction(AuditRule rule)
    {
        IEnumerable<FieldFilter> numeric = rule.Fields.Where(f => f.Text is null && f.Field is not (RuleField.FieldCompare or RuleField.Perm));
        foreach (IGrouping<RuleField, FieldFilter> field in numeric.GroupBy(f => f.Field))
        {
            (long low, long high) = (0, uint.MaxValue);
            HashSet<long> excluded = [];
            foreach (FieldFilter f in field)
            {
                switch (f.Operator)
                {
                    case FieldOperator.Equal: (low, high) = (Math.Max(low, f.Value), Math.Min(high, f.Value)); break;
                    case FieldOperator.NotEqual: excluded.Add(f.Value); break;
                    case FieldOperator.LessThan: high = Math.Min(high, f.Value - 1L); break;
                    case FieldOperator.LessThanOrEqual: high = Math.Min(high, f.Value); break;
                    case FieldOperator.GreaterThan: low = Math.Max(low, f.Value + 1L); break;
                    case FieldOperator.GreaterThanOrEqual: low = Math.Max(low, f.Value); break;
                }
            }

            if (low < high || (low == high && !excluded.Contains(low))) continue;
            string name = FieldInfo.Find(field.Key)?.Name ?? "a field";
            return field.Count() == 1 ? $"nothing is less than {name}'s least value or more than its greatest (numbers have no sign here)"
                : $"no {name} fulfils all conditions on it";
        }

        return null;
    }
}
