namespace LinuxAudit.Rules.Lint;

/// <summary>AUD069: rules that match all day long. The kernel then makes processes wait for auditd, or drops records.</summary>
internal static class FloodLint
{
    /// <summary>Calls that any busy program makes hundreds of times a second.</summary>
    private static readonly HashSet<string> Busy =
    [
        "read", "write", "readv", "writev", "pread", "pwrite", "open", "openat", "openat2", "close", "stat", "fstat", "lstat", "newfstatat", "statx",
        "access", "faccessat",
        "mmap", "mmap2", "mprotect", "munmap", "brk", "futex", "poll", "ppoll", "select", "epoll_wait", "epoll_pwait", "ioctl", "fcntl", "lseek",
        "getdents", "getdents64",
        "recvfrom", "recvmsg", "sendto", "sendmsg", "clock_gettime", "clock_nanosleep", "nanosleep", "rt_sigaction", "rt_sigprocmask", "getpid",
        "gettid", "sched_yield",
    ];

    private static readonly HashSet<string> Exec = ["execve", "execveat"];

    private static readonly HashSet<string> BusyDirectories = ["/", "/usr", "/usr/bin", "/usr/lib", "/bin", "/lib", "/lib64", "/proc", "/sys", "/dev",
        "/var", "/var/lib", "/tmp", "/run"];

    public static void Check(LintInput input)
    {
        bool loudLeftOut = false;
        foreach (RuleDirective directive in input.Rules)
        {
            AuditRule rule = directive.Rule;
            loudLeftOut |= LeavesOutPrograms(input, rule);
            if (rule is not { List: FilterList.Exit, Action: RuleAction.Always }) continue;
            if (rule.Fields.Any(f => f.Field is RuleField.Path or RuleField.Dir)) CheckDirectory(input, directive);
            else if (!rule.Fields.Any(f => Narrows(f))) CheckSyscalls(input, directive, loudLeftOut);
        }
    }

    /// <summary>A never rule for the starts of some programs: whoever has written one knows what the rule behind it costs.</summary>
    private static bool LeavesOutPrograms(LintInput input, AuditRule rule) =>
        rule is { List: FilterList.Exit, Action: RuleAction.Never }
        && rule.Fields.Any(f => f is { Field: RuleField.Exe, Operator: FieldOperator.Equal })
        && (rule.Syscalls.IsAll || input.MachineOf(rule).SyscallNames(rule.Syscalls).Any(Exec.Contains));

    private static void CheckDirectory(LintInput input, RuleDirective directive)
    {
        AuditRule rule = directive.Rule;
        FieldFilter? dir = rule.Fields.FirstOrDefault(f => f.Field == RuleField.Dir);
        if (dir?.Text is not { } text || rule.Fields.Any(f => f.Field != RuleField.Dir && Narrows(f))) return;
        string path = text.Length > 1 ? text.TrimEnd('/') : text;
        FieldFilter? perm = rule.Fields.FirstOrDefault(f => f.Field == RuleField.Perm);
        bool reads = perm is null || ((FilePermissions)perm.Value & (FilePermissions.Read | FilePermissions.Execute)) != 0;
        if (!BusyDirectories.Contains(path)
            || (!reads && path is not ("/" or "/proc" or "/sys" or "/dev" or "/var" or "/var/lib" or "/run" or "/tmp"))) return;
        input.Report(DiagnosticCatalogue.Flood, directive, $"programs use files under {path} all the time",
            "name the files or directories that matter, or write perm=wa and -F auid>=1000 -F auid!=unset");
    }

    private static void CheckSyscalls(LintInput input, RuleDirective directive, bool loudLeftOut)
    {
        AuditRule rule = directive.Rule;
        if (rule.Syscalls.IsAll)
        {
            // "All 32-bit calls" is a common rule on machines that run none; it then matches nothing.
            if (rule.Arch is { } arch && !arch.Is64Bit()) return;
            bool perm = rule.Fields.Any(f => f.Field == RuleField.Perm);
            input.Report(DiagnosticCatalogue.Flood, directive,
                perm ? "the rule matches every use of every file" : "the rule matches every system call of every process",
                perm ? "add -F path= or -F dir=" : "name system calls, or add -F auid>=1000 -F auid!=unset or -F exe=");
            return;
        }

        Machine machine = input.MachineOf(rule);
        string[] names = [.. machine.SyscallNames(rule.Syscalls)];
        string[] busy = [.. names.Where(Busy.Contains)];
        string[] exec = [.. names.Where(Exec.Contains)];
        if (busy.Length > 0)
        {
            input.Report(DiagnosticCatalogue.Flood, directive, $"every program calls {string.Join(", ", busy)} all the time",
                "add -F path= or -F dir= (then only those files are looked at), -F exit=-EACCES, or -F auid>=1000 -F auid!=unset", at: busy);
        }
        else if (exec.Length > 0 && !loudLeftOut)
        {
            input.Report(DiagnosticCatalogue.Flood, directive, "every program of every container that starts makes a record",
                "add -F auid>=1000 -F auid!=unset for people only, or put never rules for loud programs (-F exe=) before it", at: exec);
        }
    }

    /// <summary>Whether the condition leaves most events out.</summary>
    private static bool Narrows(FieldFilter f) => f.Field switch
    {
        RuleField.Key or RuleField.Arch or RuleField.Perm or RuleField.FileType or RuleField.Pers => false,
        RuleField.Success => f is { Operator: FieldOperator.Equal, Value: 0 },
        // Nothing but 0 is what most calls return.
        RuleField.Exit => f is { Operator: FieldOperator.Equal, Value: not 0 },
        // auid!=unset alone leaves people; uid>=0 or uid!=5 leave nearly everything.
        RuleField.Auid => f.Value != 0 || f.Operator == FieldOperator.Equal,
        RuleField.FieldCompare => FieldComparison.Fields(f.Value) is { } pair && Narrows(pair.Left, pair.Right, f.Operator),
        _ => f.Operator is not FieldOperator.NotEqual,
    };

    // uid!=euid is a program that has changed its user; most have one user and one group. Most have no auid either, so auid!= holds for nearly all of
    // them. Files are root's or not, as programs are.
    private static bool Narrows(RuleField left, RuleField right, FieldOperator op) =>
        left == RuleField.Auid || right == RuleField.Auid ? op == FieldOperator.Equal
        : op == FieldOperator.NotEqual && right is not (RuleField.ObjUid or RuleField.ObjGid);
}
