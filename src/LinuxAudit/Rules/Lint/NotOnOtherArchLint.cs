namespace LinuxAudit.Rules.Lint;

/// <summary>AUD066: the same files go to every node of a cluster, and b64 means something else on each kind of them.</summary>
internal static class NotOnOtherArchLint
{
    public static void Check(LintInput input)
    {
        Machine native = input.Options.Machine;
        foreach (Machine other in input.Options.OtherMachines)
        {
            if (other == native) continue;
            foreach (RuleDirective directive in input.Rules)
            {
                AuditRule rule = directive.Rule;
                if (rule.List != FilterList.Exit || rule.Syscalls.IsAll) continue;
                Machine here = input.MachineOf(rule);
                if ((here == native.B64() ? other.B64() : here == native.B32() ? other.B32() : null) is not { } there) continue;
                string[] missing = [.. here.SyscallNames(rule.Syscalls).Where(n => there.SyscallNumber(n) is null)];
                if (missing.Length == 0) continue;
                string names = string.Join(", ", missing);
                input.Report(DiagnosticCatalogue.NotOnOtherArch, directive, $"{there.Name()} has no {names}: nodes of that kind skip the rule",
                    "put these into a rule of their own", at: missing);
            }
        }
    }
}
