namespace LinuxAudit.Rules.Lint;

/// <summary>AUD060: without arch the numbers of one machine's system calls are matched for the other's too.</summary>
internal static class NoArchLint
{
    public static void Check(LintInput input)
    {
        Machine native = input.Options.Machine;
        foreach (RuleDirective directive in input.Rules)
        {
            AuditRule rule = directive.Rule;
            if (rule.List != FilterList.Exit || rule.Syscalls.IsAll || rule.Syscalls.IsEmpty || rule.Arch is not null) continue;
            int number = rule.Syscalls.Numbers.First();
            string? here = native.SyscallName(number);
            string? there = native.B32()?.SyscallName(number);
            string example = here is not null && there is not null && here != there
                ? $": number {number} is {here} for 64-bit programs and {there} for 32-bit ones" : "";
            input.Report(DiagnosticCatalogue.NoArch, directive, "the rule names system calls without saying for which arch" + example,
                "write -F arch=b64 before -S, and a second rule with arch=b32", at: ["-S"]);
        }
    }
}
