namespace LinuxAudit.Rules.Lint;

/// <summary>AUD070: audit 3.2 and later call -w deprecated for its cost: it is a rule for every system call of every arch.</summary>
/// <remarks>A watch on a directory takes in what is below it; <c>path=</c> with a directory does not, and <c>dir=</c> is for directories only.</remarks>
internal static class WatchFormLint
{
    private static readonly HashSet<string> Directories =
    [
        "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var",
        "/etc/apparmor", "/etc/apt", "/etc/audit", "/etc/cni", "/etc/containerd", "/etc/cron.daily", "/etc/cron.hourly", "/etc/cron.monthly",
        "/etc/cron.weekly", "/etc/kubernetes", "/etc/kubernetes/manifests", "/etc/kubernetes/pki", "/etc/pki", "/etc/security", "/etc/selinux", "/etc/ssh",
        "/etc/ssl", "/etc/systemd", "/etc/systemd/system", "/etc/udev", "/root/.ssh", "/usr/bin", "/usr/lib", "/usr/lib/systemd", "/usr/local",
        "/usr/local/bin", "/usr/local/sbin", "/usr/sbin", "/usr/share", "/var/lib", "/var/lib/containerd", "/var/lib/docker", "/var/lib/kubelet", "/var/log",
        "/var/log/audit", "/var/run", "/var/spool", "/var/spool/cron",
    ];

    private static readonly HashSet<string> Files =
    [
        "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/crontab", "/etc/hosts", "/etc/hostname", "/etc/fstab",
        "/etc/localtime", "/etc/ld.so.conf", "/etc/ld.so.preload", "/etc/login.defs", "/etc/nsswitch.conf", "/etc/pam.conf", "/etc/profile",
        "/etc/resolv.conf", "/etc/securetty", "/etc/sysctl.conf", "/etc/security/opasswd", "/etc/ssh/sshd_config", "/etc/audit/auditd.conf",
        "/etc/audit/audit.rules", "/var/log/lastlog", "/var/log/wtmp", "/var/log/btmp", "/var/run/utmp", "/run/utmp",
    ];

    public static void Check(LintInput input)
    {
        foreach (RuleDirective directive in input.Rules)
        {
            if (!directive.IsWatch) continue;
            FieldFilter[] fields = [.. directive.Rule.Fields];
            string path = fields[0].Text!;
            string shown = RuleText.Escape(path);
            string rest = string.Concat(fields.Skip(1).Select(f => RulePrinter.Field(f, input.Options.Machine)));
            string Rule(string field) => $"-a always,exit -F arch=b64 -F {field}={shown}{rest}";
            string fix = fields[0].Field == RuleField.Dir || IsDirectory(path) ? $"write {Rule("dir")}, and the same with arch=b32"
                : Files.Contains(path) ? $"write {Rule("path")}, and the same with arch=b32"
                : $"write {Rule("path")} if it is a file, with dir={shown} if it is a directory (path= leaves out what is in it); and the same with arch=b32";
            input.Report(DiagnosticCatalogue.WatchForm, directive, "-w is deprecated: it looks at every system call, and cannot say whose", fix, at: ["-w"]);
        }
    }

    /// <summary>Whether every node has a directory there: one of the hierarchy's, or one that is called so, as <c>/etc/cron.d</c> is.</summary>
    private static bool IsDirectory(string path) => Directories.Contains(path) || path.EndsWith(".d", StringComparison.Ordinal);
}
