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
                    $"leave out {name}", at: ["-F " + name, "-F" + name, "-k"]);
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

    /// <summary>A field that the kernel does not fill in for this list. auditctl(8) says so for user; for task there is no system call yet. At a key
    /// audit_filter (kernel/auditfilter.c) stops as at any field that it does not know, and records the message: a never rule comes to nothing.</summary>
    private static FieldFilter? OnThisList(AuditRule rule) => rule.List switch
    {
        FilterList.User => rule.Fields.FirstOrDefault(f => f.Field is not (RuleField.Pid or RuleField.Uid or RuleField.Gid or RuleField.Auid or RuleField.MsgType or RuleField.Exe
            or RuleField.SubjUser or RuleField.SubjRole or RuleField.SubjType or RuleField.SubjSen or RuleField.SubjClr)
            && !(f.Field == RuleField.Key && rule.Action == RuleAction.Always)),
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
            if (IsOfFiles(field.Key) && field.Count() > 1) continue;
            bool isSuccess = field.Key == RuleField.Success;
            (long low, long high) = isSuccess ? (1, 2) : (0, uint.MaxValue);
            HashSet<long> excluded = [];
            foreach (FieldFilter f in field)
            {
                // The kernel's numbers for success: 1 for what went well, 2 for what did not (0 in the rule).
                long value = !isSuccess ? f.Value : f.Value != 0 ? 1 : 2;
                switch (f.Operator)
                {
                    case FieldOperator.Equal: (low, high) = (Math.Max(low, value), Math.Min(high, value)); break;
                    case FieldOperator.NotEqual: excluded.Add(value); break;
                    case FieldOperator.LessThan: high = Math.Min(high, value - 1); break;
                    case FieldOperator.LessThanOrEqual: high = Math.Min(high, value); break;
                    case FieldOperator.GreaterThan: low = Math.Max(low, value + 1); break;
                    case FieldOperator.GreaterThanOrEqual: low = Math.Max(low, value); break;
                }
            }

            if (low < high || (low == high && !excluded.Contains(low))) continue;
            string name = FieldInfo.Find(field.Key)?.Name ?? "a field";
            return field.Count() == 1 ? $"nothing is less than {name}'s least value or more than its greatest (numbers have no sign here)"
                : $"no {name} fulfils all conditions on it";
        }

        return null;
    }

    /// <summary>Whether any file of the call may fulfil a condition on this field, so that two conditions may be fulfilled by two files.</summary>
    private static bool IsOfFiles(RuleField field) =>
        field is RuleField.ObjUid or RuleField.ObjGid or RuleField.DevMajor or RuleField.DevMinor or RuleField.FileType;
}
