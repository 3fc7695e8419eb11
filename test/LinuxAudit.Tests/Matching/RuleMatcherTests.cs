using LinuxAudit.Matching;
using LinuxAudit.Records;
using LinuxAudit.Rules;
using LinuxAudit.Tests.Records;

namespace LinuxAudit.Tests.Matching;

/// <summary>Single verdicts on records as the kernel writes them; that the kernel thinks so too is tried in EndToEnd.Tests.</summary>
public sealed class RuleMatcherTests
{
    private const string Who = "ppid=10 pid=11 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"x\" exe=\"/usr/bin/x\" key=\"k\"";
    private const string Open = $"type=SYSCALL msg=audit(1.000:7): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=1 a2=0 a3=0 items=1 {Who}";
    private const string OpenByDescriptor = $"type=SYSCALL msg=audit(1.000:7): arch=c000003e syscall=257 success=yes exit=3 a0=5 a1=1 a2=0 a3=0 items=1 {Who}";
    private const string Chmod32 = $"type=SYSCALL msg=audit(1.000:7): arch=40000003 syscall=15 success=no exit=-1 a0=1 a1=1ff a2=0 a3=0 items=1 {Who}";
    private const string Directory = "type=CWD msg=audit(1.000:7): cwd=\"/etc\"";
    private const string Exec = $"type=SYSCALL msg=audit(1.000:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=1 a2=0 a3=0 items=0 {Who}";

    private static string File(string name, int inode = 5, string kind = "NORMAL") =>
        $"type=PATH msg=audit(1.000:7): item=0 name={name} inode={inode} dev=fd:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype={kind}";

    private static AuditEvent Event(params string[] lines)
    {
        EventAssembler assembler = new();
        foreach (string line in lines) Assert.True(assembler.Add(Lines.Bytes(line)));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? made));
        return made;
    }

    private static RuleMatcher Matcher(PathLinks? links, params string[] rules) =>
        new([.. RuleParser.ParseText(string.Join('\n', rules), LinuxAudit.Tests.Rules.Read.Laptop).Directives.OfType<RuleDirective>().Select(d => d.Rule)], links);

    private static string Verdict(string[] rules, params string[] lines) => Verdict(Matcher(null, rules), lines);

    private static string Verdict(RuleMatcher matcher, params string[] lines)
    {
        using AuditEvent e = Event(lines);
        EventVerdict verdict = matcher.Match(e);
        string possible = verdict.Possible.Count == 0 ? "" : $", or {string.Join(' ', verdict.Possible)}";
        return $"{verdict.Fate} {verdict.Rule}{possible}";
    }

    [Theory]
    [InlineData("-a always,exit -F arch=b64 -S openat -k a", "Recorded 0")]
    [InlineData("-a always,exit -F arch=b32 -S openat -k a", "NotRecorded -1")]
    [InlineData("-a never,exit -F arch=b64 -S openat", "Suppressed 0")]
    [InlineData("-a always,exit -S openat -F auid=1000 -F uid!=0 -k a", "NotRecorded -1")]
    [InlineData("-a always,exit -S openat -F exit=3 -F success=1 -F auid>=1000 -F auid!=unset -k a", "Recorded 0")]
    [InlineData("-a always,exit -S openat -F success=0 -k a", "NotRecorded -1")]
    [InlineData("-a always,exit -S openat -F a0=-100 -F a2&0x3 -k a", "NotRecorded -1")]
    [InlineData("-a always,exit -S openat -F a0=-100 -F sessionid=3 -F pers=0 -k a", "Recorded 0")]
    [InlineData("-a always,exit -S openat -F exe=/usr/bin/x -F ppid=10 -F pid=11 -k a", "Recorded 0")]
    [InlineData("-a always,exit -S openat -F exe!=/usr/bin/x -k a", "NotRecorded -1")]
    [InlineData("-a always,exit -S openat -C auid!=uid -k a", "Recorded 0")]
    [InlineData("-a always,exit -S openat -C uid=obj_uid -k a", "Recorded 0")]
    [InlineData("-a always,exit -S all -F inode=5 -F devmajor=253 -F devminor=1 -k a", "Recorded 0")]
    [InlineData("-a always,exit -S openat -F subj_type=etc_t -k a", "NotRecorded -1, or 0")]
    [InlineData("-w /etc/shadow -p r -k a", "Recorded 0")]
    [InlineData("-w /etc/shadow -p wa -k a", "NotRecorded -1")]
    [InlineData("-a always,exit -F dir=/etc -F perm=r -k a", "Recorded 0")]
    [InlineData("-a always,exit -F dir=/et -F perm=r -k a", "NotRecorded -1")]
    public void Match_OneRule_IsAsTheKernelDecides(string rule, string expected) => Assert.Equal(expected, Verdict([rule], Open, Directory, File("\"shadow\"")));

    [Fact]
    public void Match_SeveralRules_TheFirstDecidesWhereverItIsAsked()
    {
        // Watches are asked after the others, but the order of the rules decides.
        Assert.Equal("Recorded 0", Verdict(["-w /etc/shadow -p r -k a", "-a never,exit -S openat"], Open, Directory, File("\"shadow\"")));
        Assert.Equal("Suppressed 0", Verdict(["-a never,exit -S openat", "-w /etc/shadow -p r -k a"], Open, Directory, File("\"shadow\"")));
        Assert.Equal("Recorded 1", Verdict(["-a never,exit -S openat -F auid=0", "-a always,exit -S openat -k b", "-a never,exit -S openat"], Open));
        Assert.Equal("Suppressed 0", Verdict(["-a never,task", "-a always,exit -S openat -k a"], Open));
    }

    [Fact]
    public void Match_32BitCall_IsAccessByItsOwnNumbers()
    {
        Assert.Equal("Recorded 0", Verdict(["-w /etc/shadow -p a -k a"], Chmod32, Directory, File("\"shadow\"")));
        Assert.Equal("NotRecorded -1", Verdict(["-w /etc/shadow -p r -k a"], Chmod32, Directory, File("\"shadow\"")));
    }

    [Fact]
    public void Match_FileByDescriptor_IsUnknownUntilItsNameWasSeen()
    {
        RuleMatcher matcher = Matcher(null, "-w /etc/shadow -p r -k a");
        Assert.Equal("NotRecorded -1, or 0", Verdict(matcher, OpenByDescriptor, Directory, File("\"shadow\"")));
        Assert.Equal("NotRecorded -1, or 0", Verdict(matcher, Open, File("(null)")));
        Assert.Equal("Recorded 0", Verdict(matcher, Open, Directory, File("\"/etc/shadow\"")));
        Assert.Equal("Recorded 0", Verdict(matcher, OpenByDescriptor, Directory, File("\"x\"")));
        Assert.Equal("Recorded 0", Verdict(matcher, Open, File("\"/etc/other-name\"")));
        Assert.Equal("Recorded 0", Verdict(matcher, Open, File("\"/etc/shadow\"", kind: "DELETE")));
        Assert.Equal("NotRecorded -1, or 0", Verdict(matcher, Open, File("(null)")));
    }

    [Fact]
    public void Match_DirectoryThatIsALink_IsTheOneItLeadsTo()
    {
        PathLinks links = new(new Dictionary<string, string> { ["/bin"] = "/usr/bin", ["/var/run"] = "/run" });
        Assert.Equal("Recorded 0", Verdict(Matcher(links, "-w /bin/su -p r -k a"), Open, File("\"/usr/bin/su\"")));
        Assert.Equal("Recorded 0", Verdict(Matcher(links, "-w /usr/bin/su -p r -k a"), Open, File("\"//bin/./su\"")));
        Assert.Equal("Recorded 0", Verdict(Matcher(links, "-a always,exit -F dir=/run -F perm=r -k a"), Open, File("\"/var/run/x/../y\"")));
        Assert.Equal("NotRecorded -1", Verdict(Matcher(null, "-w /bin/su -p r -k a"), Open, File("\"/usr/bin/su\"")));
    }

    [Fact]
    public void Match_FileThatIsNotThere_IsNoFile() =>
        Assert.Equal("NotRecorded -1", Verdict(["-w /etc/shadow -p r -k a", "-a always,exit -F dir=/etc -F perm=r -k a"], Open, Directory,
            "type=PATH msg=audit(1.000:7): item=0 name=\"shadow\" nametype=UNKNOWN"));

    [Fact]
    public void Match_RecordOfTheKernelsOwn_StaysWhateverRulesSay()
    {
        const string Change = "type=CONFIG_CHANGE msg=audit(1.000:7): op=add_rule key=\"a\" list=4 res=1";
        Assert.Equal("Unasked -1", Verdict(["-w /etc/shadow -p r -k a"], Change, Open));
        RuleMatcher never = Matcher(null, "-a never,exit -S openat");
        using AuditEvent e = Event(Change, Open);
        EventVerdict verdict = never.Match(e);
        Assert.Equal((EventFate.Suppressed, 0, true, false, true, false), (verdict.Fate, verdict.Rule, verdict.Keeps(0), verdict.Keeps(1), verdict.HasRecords, verdict.IsWhole));
    }

    [Fact]
    public void Match_MessagesAndExcludedTypes_AreTakenAwayRecordByRecord()
    {
        const string Message = "type=USER_CMD msg=audit(1.000:7): pid=1 uid=0 auid=1000 ses=3 msg='cmd=\"ls\" exe=\"/usr/bin/sudo\" uid=5'";
        Assert.Equal("Unasked -1", Verdict(["-a always,user -F uid=0 -k a"], Message));
        Assert.Equal("Suppressed 0", Verdict(["-a never,user -F msgtype=USER_CMD -F uid=0"], Message));
        Assert.Equal("Unasked -1", Verdict(["-a never,user -F uid=5"], Message));
        Assert.Equal("Unasked -1, or 0", Verdict(["-a always,exclude -F exe=/usr/bin/sudo"], Message));

        RuleMatcher matcher = Matcher(null, "-a always,exclude -F msgtype=CWD", "-a never,exclude -F msgtype=SYSCALL -F auid=0", "-a always,exit -S openat -k a");
        using AuditEvent e = Event(Open, Directory, File("\"shadow\""));
        EventVerdict verdict = matcher.Match(e);
        Assert.Equal((EventFate.Recorded, true, false, true), (verdict.Fate, verdict.Keeps(0), verdict.Keeps(1), verdict.Keeps(2)));
    }

    [Fact]
    public void Match_SyscallRecordMissing_IsIncomplete() => Assert.Equal("Incomplete -1", Verdict(["-a always,exit -S all -k a"], Directory, File("\"shadow\"")));

    [Theory]
    [InlineData("-a never,task -F uid=5", "the task list is asked when a process starts, and records do not tell when that was")]
    [InlineData("-a never,filesystem -F fstype=tracefs", "records do not tell the type of a file system")]
    [InlineData("-a always,exit -S openat -F subj_type=etc_t -k a", "subj_type is a label, which is not compared")]
    [InlineData("-a always,exit -S openat -F exe=/usr/bin/x -C uid!=euid -k a", null)]
    [InlineData("-a never,task", null)]
    public void WhyNot_Rule_SaysWhatNoLogHas(string rule, string? expected) => Assert.Equal(expected, RuleMatcher.WhyNot(LinuxAudit.Tests.Rules.Read.Rule(rule)));

    [Fact]
    public void Match_OnceWarm_AllocatesNothing()
    {
        RuleMatcher matcher = Matcher(null, "-a never,exit -S openat -F auid=0", "-w /etc/shadow -p wa -k a", "-a always,exit -F dir=/srv -F perm=r -k b", "-a always,exit -S openat -C uid!=auid -k c");
        using AuditEvent open = Event(Open, Directory, File("\"shadow\"")), exec = Event(Exec);
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000) before = GC.GetAllocatedBytesForCurrentThread();
            matcher.Match(open);
            matcher.Match(exec);
        }

        // The runtime allocates a little when it compiles a method anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }
}
