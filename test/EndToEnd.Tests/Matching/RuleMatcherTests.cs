using EndToEnd.Tests.Support;
using LinuxAudit.Matching;
using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Matching;

/// <summary>The matcher's verdicts are the kernel's: on what it recorded with many rules, and on what it would have recorded with others.</summary>
public sealed class RuleMatcherTests(ITestOutputHelper output) : IDisposable
{
    private const int Here = -100, Bad = 1;

    private static readonly string[] Permissions = ["r", "w", "x", "a"];
    private readonly string _d = Directory.CreateTempSubdirectory("aks-auditd-match-").FullName;

    private readonly string _programs = Directory.CreateTempSubdirectory("aks-auditd-perl-").FullName;

    // A copy of its own: other programs of this machine are perl's too, and their events would be of the rules before.
    private string Perl => Path.Join(_programs, "perl");

    public void Dispose() => AuditMachine.Run("rm", "-rf", _d, _programs);

    [KernelFact]
    public void Match_EventsOfTheRealKernel_IsTheRuleWhoseKeyTheKernelWrote()
    {
        File.Copy("/usr/bin/perl", Perl);
        MakeFiles();
        string script = Script();
        using MatcherNode kernel = new();

        kernel.Load($"-a always,exit -S all -F exe={Perl} -k all\n");
        List<AuditEvent> everything = kernel.Record(Perl, "-e", script);
        Assert.DoesNotContain(everything, e => e.DroppedRecords > 0);

        MakeFiles();
        AuditRule[] rules = kernel.Load(Rules());
        List<AuditEvent> recorded = kernel.Record(Perl, "-e", script);
        string[] keys = [.. rules.SelectMany(r => r.Keys)];

        // What the kernel recorded: each by the rule that we say.
        RuleMatcher matcher = new(rules);
        int certain = 0, withKey = 0;
        foreach (AuditEvent e in recorded)
        {
            EventVerdict verdict = matcher.Match(e);
            string? key = MatcherNode.KeyOf(e);
            if (key is null) continue;
            withKey++;
            // A file that was opened without a record, and is used by descriptor.
            if (verdict.Possible.Any(i => rules[i].Keys.Contains(key))) continue;
            certain++;
            Assert.True(verdict.Fate == EventFate.Recorded && rules[verdict.Rule].Keys.Single() == key, $"{verdict.Fate} {(verdict.Rule < 0 ? "" : rules[verdict.Rule])}, the kernel says {key}:\n{Text(e)}");
        }

        Assert.True(certain >= withKey - 5, $"only {certain} of {withKey} are certain");

        // What it would have recorded of the same calls, by what was recorded of all.
        RuleMatcher forecast = new(rules);
        List<string> foreseen = [], types = [], uncertain = [];
        foreach (AuditEvent e in everything)
        {
            EventVerdict verdict = forecast.Match(e);
            if (verdict.Possible.Count > 0) uncertain.Add(Text(e));
            if (verdict.Fate == EventFate.Recorded) foreseen.Add(rules[verdict.Rule].Keys.Single());
            for (int i = 0; i < e.Count; i++)
                if (verdict.Keeps(i)) types.Add(e.TypeOf(i).ToString());
        }

        // A directory of which the log has only the descriptor that it was opened from.
        Assert.Contains("name=\"sub\"", Assert.Single(uncertain), StringComparison.Ordinal);
        output.WriteLine($"{everything.Count} events of {everything.Sum(e => e.Count)} records; {recorded.Count} with {rules.Length} rules");
        Assert.Equal(Counts(recorded.Select(MatcherNode.KeyOf).OfType<string>()), Counts(foreseen));
        Assert.Equal(Counts(recorded.SelectMany(e => Enumerable.Range(0, e.Count).Select(i => e.TypeOf(i).ToString()))), Counts(types));
        Assert.Equal(keys.Order(), foreseen.Distinct().Order());
        foreach (AuditEvent e in everything.Concat(recorded)) e.Dispose();
    }

    private string Rules() => $"""
        {string.Concat(Permissions.Select((p, i) => $"-a always,exit -S all -F exe={Perl} -F a3={Tag(i)} -F perm={p} -k perm-{p}\n"))}
        -a always,exit -S all -F exe={Perl} -F a3>={Tag(0)} -F a3<={Tag(3)} -k perm-none
        -a never,exit -S getppid -F exe={Perl}
        -a always,exit -S getppid,getuid -F exe={Perl} -F uid=0 -F ppid={Environment.ProcessId} -k getuid
        -a never,exit -F dir={_d}/quiet
        -w {_d}/watched -p wa -k watch-wa
        -a always,exit -F path={_d}/read -F perm=r -k watch-r
        -a always,exit -F path={_d}/gone -F perm=wa -k watch-gone
        -w {_d}/tree -p wa -k tree-wa
        -a always,exit -S all -F inode={AuditMachine.Run("stat", "-c", "%i", $"{_d}/exact").Trim()} -k inode
        -a always,exit -S openat -F exe={Perl} -F exit=-ENOENT -F a2&=0x80000 -k enoent-cloexec
        -a always,exit -S openat -F exe={Perl} -F success=0 -k failed
        -a always,exit -S mkdirat -F exe={Perl} -F a2&0x40 -F auid=unset -k mode
        -a always,exit -S getgid -F exe={Perl} -F uid>=4000 -F gid!=77 -k user
        -a always,exit -S getegid -F exe={Perl} -C uid!=euid -k two-users
        -a always,exit -S fchmodat -F exe={Perl} -C uid!=obj_uid -k not-the-owner
        -a always,exit -S fchmodat -F exe={Perl} -F obj_uid=0 -F obj_gid=0 -k of-root
        -a always,exit -S fchdir,chdir -F exe={Perl} -F filetype=dir -F success=1 -k directory
        -a always,exit -S connect -F exe={Perl} -F saddr_fam=1 -k unix
        -a always,exit -S connect -F exe={Perl} -F saddr_fam!=1 -k not-unix
        -a always,exit -S umask -F exe!=/usr/bin/true -F ppid={Environment.ProcessId} -F pers=0 -F sessionid=-1 -k umask
        -a always,exit -S ftruncate,truncate -F exe={Perl} -F devminor<=255 -F devmajor<4096 -k device
        -a always,exit -S getpgid -F exe={Perl} -F a0=1 -k getpgid-1
        -a always,exit -S getpgid -F exe={Perl} -F a0!=1 -F exit>0 -k getpgid-other
        -a always,exclude -F msgtype=CWD
        -a never,exclude -F msgtype=PROCTITLE -F exe={Perl} -F uid=4321
        -a never,user -F msgtype=USER -F uid=0

        """;

    private string Script()
    {
        CallScript calls = new();
        for (int i = 0; i < 4; i++) Sweep(calls, Tag(i));
        return calls
            .Call("getppid").Call("getuid").Call("getpgid", 1).Call("getpgid", 0).Call("getgid").Call("umask", 18)
            // Files, by their names, by other names, by descriptor.
            .Call("openat", Here, $"{_d}/watched", 0).Call("openat", Here, $"{_d}/watched", 1).Call("openat", Here, $"{_d}/tree/../watched", 2)
            .Call("openat", Here, $"{_d}/read", 0).Call("openat", Here, $"{_d}/read", 1).Call("openat", Here, $"{_d}/link-to-read", 0)
            .Call("chdir", _d).Call("openat", Here, "watched", 1).Call("openat", Here, "./tree//sub/file", 1).Call("openat", Here, "treetop", 1)
            .Call("chdir", $"{_d}/no-such-directory")
            .Perl($"open(my $f, '+<', '{_d}/watched') or die; my $fd = fileno($f);").Call("fchmod", "$fd", 384).Call("ftruncate", "$fd", 0)
            .Perl($"opendir(my $t, '{_d}/tree') or die; my $dir = fileno($t);").Call("openat", "$dir", "sub", 0).Call("fchdir", "$dir")
            .Call("mkdirat", Here, "made", 448).Call("mkdirat", Here, $"{_d}/elsewhere", 448).Call("mkdirat", Here, $"{_d}/elsewhere", 384).Call("unlinkat", Here, "made", 512)
            .Call("linkat", Here, $"{_d}/watched", Here, $"{_d}/second", 0).Call("openat", Here, $"{_d}/second", 1).Call("unlinkat", Here, $"{_d}/second", 0)
            .Call("openat", Here, $"{_d}/gone", 65, 384).Call("unlinkat", Here, $"{_d}/gone", 0)
            .Call("openat", Here, $"{_d}/new", 65, 384).Call("renameat2", Here, $"{_d}/new", Here, $"{_d}/watched", 0).Call("openat", Here, $"{_d}/watched", 1)
            .Call("openat", Here, $"{_d}/quiet/watched", 1).Call("openat", Here, $"{_d}/exact", 0).Call("openat", Here, $"{_d}/tree/nothing-here", 0)
            .Call("openat", Here, $"{_d}/nothing", 0x80000).Call("openat", Here, "/nothing/here", 1)
            .Call("truncate", $"{_d}/owned", 0).Call("fchmodat", Here, $"{_d}/owned", 384).Call("fchmodat", Here, $"{_d}/exact", 384).Call("fchmodat", Here, $"{_d}/treetop", 384).Call("fchmodat", Here, $"{_d}/quiet/watched", 384)
            // Addresses.
            .Perl("socket(my $u, 1, 1, 0); my $us = fileno($u); socket(my $i, 2, 1, 0); my $is = fileno($i); my $ua = pack('S a*', 1, '/no/such\\0'); my $ia = pack('S n C4 x8', 2, 1, 127, 0, 0, 1);")
            .Call("connect", "$us", "$ua", 11).Call("connect", "$is", "$ia", 16)
            // A message of user space, and another user.
            .Perl("system('/sbin/auditctl', '-m', 'matching');")
            .Perl("$( = $) = 99; $> = 4321;").Call("getegid").Perl("$< = 4321;").Call("getegid").Call("getgid").Call("getuid").Call("openat", Here, $"{_d}/watched", 1)
            .ToString();
    }

    /// <summary>Every call that the kernel takes for an access of a file, and some that it does not: their pointers lead nowhere, so they do nothing.</summary>
    private static void Sweep(CallScript calls, int tag)
    {
        string[] names =
        [
            "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "creat", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat", "mknod", "mknodat", "acct", "swapon",
            "swapoff", "quotactl", "truncate", "bind", "readlink", "readlinkat", "listxattr", "llistxattr", "getxattr", "lgetxattr", "chmod", "fchmodat", "fchmodat2", "chown", "lchown",
            "fchownat", "setxattr", "lsetxattr", "removexattr", "lremovexattr", "setxattrat", "getxattrat", "listxattrat", "removexattrat", "execve", "execveat", "access", "faccessat", "chdir",
            "statx", "newfstatat", "stat", "utimensat", "utime", "statfs", "name_to_handle_at", "inotify_add_watch", "connect", "open_tree", "chroot", "umount2", "pivot_root",
        ];
        foreach (string name in names) calls.Call(name, Bad, Bad, Bad, tag, Bad, Bad);
        foreach (string name in (string[])["ftruncate", "fallocate", "fchmod", "fchown", "flistxattr", "fgetxattr", "fsetxattr", "fremovexattr", "fstat", "fsync"])
            calls.Call(name, -1, Bad, Bad, tag);
        for (int flags = 0; flags < 4; flags++)
        {
            calls.Call("open", Bad, flags, 0, tag).Call("openat", Here, Bad, flags, tag);
            calls.Perl($"my $how{tag}_{flags} = pack('Q4', {flags}, 0, 0, 0);").Call("openat2", Here, Bad, $"$how{tag}_{flags}", tag);
        }
    }

    private static int Tag(int permission) => 24 + permission;

    private void MakeFiles()
    {
        // "exact" stays the file that it is: a rule has its inode's number, which another file could get.
        AuditMachine.Run("find", _d, "-mindepth", "1", "-not", "-name", "exact", "-delete");
        foreach (string directory in (string[])["tree/sub", "quiet"]) Directory.CreateDirectory($"{_d}/{directory}");
        foreach (string file in (string[])["watched", "read", "exact", "owned", "treetop", "tree/sub/file", "quiet/watched"]) File.WriteAllText($"{_d}/{file}", "x");
        File.CreateSymbolicLink($"{_d}/link-to-read", $"{_d}/read");
        AuditMachine.Run("chown", "1234:1234", $"{_d}/owned");
        AuditMachine.Run("chmod", "-R", "a+rwX", _d);
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<string> texts) => new(texts.GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count()));

    private static string Text(AuditEvent e)
    {
        List<string> lines = [];
        for (int i = 0; i < e.Count; i++) lines.Add($"{e.TypeOf(i)} {System.Text.Encoding.UTF8.GetString(e[i].Raw)}");
        return string.Join('\n', lines);
    }
}
