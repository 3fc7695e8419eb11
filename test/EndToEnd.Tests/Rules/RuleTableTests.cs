using System.Diagnostics;
using EndToEnd.Tests.Support;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Rules;

/// <summary>Our tables against those of the audit tools: ausyscall for system calls, what auditctl prints for the rest.</summary>
public sealed class RuleTableTests
{
    /// <summary>Names we read that ausyscall has not: the kernel headers' names beside those of the audit tools, and calls the tools' table leaves out.</summary>
    private static readonly Dictionary<Machine, string[]> Ours = new()
    {
        [Machine.X86_64] = ["17 pread64", "18 pwrite64"],
        [Machine.I386] = ["283 kexec_load", "423 sched_rr_get_interval_time64"],
        [Machine.Aarch64] = ["61 getdents64", "67 pread64", "68 pwrite64", "80 fstat"],
        [Machine.Arm] =
        [
            "140 _llseek", "142 _newselect", "149 _sysctl", "270 arm_fadvise64_64", "335 pselect6", "336 ppoll", "341 arm_sync_file_range", "341 sync_file_range2",
            "346 epoll_pwait", "423 sched_rr_get_interval_time64",
        ],
    };

    [Theory(Skip = "needs ausyscall (package auditd)", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    [InlineData(Machine.X86_64, "x86_64", 362)]
    [InlineData(Machine.I386, "i386", 440)]
    [InlineData(Machine.Aarch64, "aarch64", 306)]
    [InlineData(Machine.Arm, "arm", 412)]
    public void Syscalls_AllOfAMachine_AreThoseOfAusyscall(Machine machine, string name, int count)
    {
        string[] theirs = [.. AuditMachine.Run("ausyscall", name, "--dump").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Replace('\t', ' '))];
        Assert.Equal(count, theirs.Length);
        foreach (string line in theirs)
        {
            string[] parts = line.Split(' ');
            int number = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(number, machine.SyscallNumber(parts[1]));
            Assert.Equal(parts[1], machine.SyscallName(number));
        }

        IEnumerable<string> ours = LinuxAudit.Rules.Tables.AuditTables.Syscalls(machine)!.Names.Select(n => $"{machine.SyscallNumber(n)} {n}");
        Assert.Equal(Ours[machine].Order(StringComparer.Ordinal), ours.Except(theirs).Order(StringComparer.Ordinal));
    }

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void MessageTypesAndErrnos_Numbers_PrintAsAuditctlPrintsThem()
    {
        AuditMachine.ClearRules();
        string[] rules =
        [
            .. Enumerable.Range(1000, 1700).Select(n => $"-a never,exclude -F msgtype={n}"),
            .. Enumerable.Range(1, 140).Select(n => $"-a never,exit -S all -F exit=-{n}"),
        ];
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, rules);
        AuditMachine.Run("chmod", "600", file);
        AuditMachine.Run("auditctl", "-R", file);
        string[] printed = AuditMachine.Rules();
        AuditMachine.ClearRules();
        File.Delete(file);
        string[] ours = [.. RuleParser.ParseText(string.Join('\n', rules), ThisMachine.Context).Directives.OfType<RuleDirective>().Select(d => d.Rule.ToText(Machine.X86_64))];

        // These two are younger than audit 3.0.9.
        string[] newer = ["-a never,exclude -F msgtype=DM_CTRL", "-a never,exclude -F msgtype=DM_EVENT"];
        Assert.Equal(newer, ours.Except(printed));
        Assert.Equal(1840, printed.Length);
    }

    [Fact(Skip = "needs augenrules (package auditd)", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Merge_Directory_HasTheOrderOfAugenrules()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("aks-auditd-augenrules-");
        string rulesDirectory = Path.Combine(root.FullName, "rules.d");
        Directory.CreateDirectory(rulesDirectory);
        Dictionary<string, string> files = new()
        {
            ["99-end.rules"] = "-e 1\n-w /etc/issue -p w\n",
            ["10-base.rules"] = "# base\n-D\n-b 100\n\n-f 2\n--backlog_wait_time 5\n",
            ["9-early.rules"] = "-e 0\n-b 200 \n-w /etc/hosts -p w\n",
            ["100-late.rules"] = "-f 1 -r 3\n-D\n-D -k gone\n-a never,task\n",
            ["a.rules"] = "-w /etc/passwd -p w\n",
            ["A.rules"] = "-w /etc/group -p w\n",
            ["1_x.rules"] = "-w /etc/shells -p w\n",
            ["ignored.conf"] = "-w /etc/ignored -p w\n",
        };
        foreach ((string name, string text) in files) File.WriteAllText(Path.Combine(rulesDirectory, name), text);

        // No line starts with a space: there Debian's awk and GNU awk make augenrules do different things.
        // The program itself, pointed at our directory.
        string script = File.ReadAllText("/sbin/augenrules").Replace("/etc/audit", root.FullName, StringComparison.Ordinal);
        string path = Path.Combine(root.FullName, "augenrules");
        File.WriteAllText(path, script);
        ProcessStartInfo start = new("bash", [path]) { Environment = { ["LC_ALL"] = "C" } };
        using (Process process = Process.Start(start)!) process.WaitForExit();
        string[] expected = [.. File.ReadAllLines(Path.Combine(root.FullName, "audit.rules")).Where(l => l.Trim().Length > 0 && !l.StartsWith('#'))];

        IEnumerable<RuleSource> sources = Directory.EnumerateFiles(rulesDirectory).Where(RuleMerger.IsRulesFile).Select(f => new RuleSource(f, File.ReadAllBytes(f)));
        MergedRules merged = RuleMerger.Merge(sources, ThisMachine.Context);
        Assert.Equal(expected, merged.Directives.DistinctBy(d => d.Location).Select(d => d.Text));
        Assert.Equal(12, expected.Length);
        root.Delete(recursive: true);
    }
}
