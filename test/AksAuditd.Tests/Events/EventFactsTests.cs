using System.Text;
using AksAuditd.Events;

namespace AksAuditd.Tests.Events;

public sealed class EventFactsTests
{
    [Fact]
    public void Read_Exec_HasWhatFiltersAskFor()
    {
        EventFacts facts = EventMaker.Facts(EventMaker.Exec, "type=EXECVE msg=audit(1700000000.123:7): argc=1 a0=\"ls\"");
        Assert.Equal((10u, 11u, 0u, 1000u), (facts.ParentPid, facts.Pid, facts.Uid, facts.AuditUid));
        Assert.Equal((true, 59, 0xc000003e, true, 0L), (facts.HasSyscall, facts.Syscall, facts.Architecture, facts.Success, facts.Exit));
        Assert.Equal("/usr/bin/ls", Encoding.ASCII.GetString(facts.Executable));
        Assert.Equal("ls", Encoding.ASCII.GetString(facts.Command));
        Assert.Equal(1, facts.KeyCount);
        Assert.Equal("procmon", Encoding.ASCII.GetString(facts.Key(0)));
    }

    [Theory]
    [InlineData("6F6E6501", "one")]
    [InlineData("6F6E650174776F", "one,two")]
    [InlineData("6F6E6501010174776F", "one,two")]
    [InlineData("(null)", "")]
    [InlineData("\"a b\"", "a b")]
    public void Read_Keys_AreToldApart(string written, string expected)
    {
        EventFacts facts = EventMaker.Facts($"type=SYSCALL msg=audit(1.000:1): pid=1 key={written}");
        Assert.Equal(expected, string.Join(',', Enumerable.Range(0, facts.KeyCount).Select(i => Encoding.ASCII.GetString(facts.Key(i)))));
    }

    [Fact]
    public void Read_MessageOfAProgram_ItsOwnFieldsDoNotCount()
    {
        EventFacts facts = EventMaker.Facts("type=USER_CMD msg=audit(1.000:1): pid=5 uid=1000 auid=1000 ses=1 msg='pid=1 uid=0 exe=\"/bin/x\" key=\"procmon\" res=success'");
        Assert.Equal((5u, 1000u, 0), (facts.Pid, facts.Uid, facts.KeyCount));
        Assert.True(facts.Executable.IsEmpty);
        Assert.Null(facts.Success);
    }

    [Fact]
    public void Read_SecondEvent_NothingIsLeftOfTheFirst()
    {
        EventFacts facts = EventMaker.Facts(EventMaker.Exec);
        using LinuxAudit.Records.AuditEvent other = EventMaker.Event("type=DAEMON_START msg=audit(1.000:1): op=start");
        facts.Read(other);
        Assert.Equal((EventFacts.None, EventFacts.None, EventFacts.None, EventFacts.None), (facts.Pid, facts.ParentPid, facts.Uid, facts.AuditUid));
        Assert.Equal((false, -1, 0u, null, 0), (facts.HasSyscall, facts.Syscall, facts.Architecture, facts.Success, facts.KeyCount));
        Assert.True(facts.Executable.IsEmpty && facts.Command.IsEmpty);
    }

    // With a second space somewhere a record is read field by field.
    [Theory]
    [InlineData("arch=c000003e syscall=257 success=no exit=-2 a0=ffffff9c a1=7ffdb0259b40 a2=80000 a3=0 items=1 ppid=12 pid=345")]
    [InlineData("arch=c000003e syscall=9 success=yes exit=140737488347136 a0=0 a1=0 a2=0 a3=0 items=0 ppid=0 pid=1")]
    [InlineData("arch=c000003e syscall=9 success=yes exit=18446744073709551615 a0=ffffffffffffffff a1=0 a2=0 a3=0 items=0 ppid=4294967295 pid=4294967295")]
    [InlineData("arch=c000003e syscall=2147483648 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2")]
    [InlineData("arch=1c000003e syscall=1 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2")]
    [InlineData("arch=c000003e syscall=1 success=maybe exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2")]
    [InlineData("arch=c000003e syscall=1 success=yes exit=0x1 a0=12345678901234567 a1=FF a2=0 a3=0 items=-1 ppid=4294967296 pid=-1")]
    [InlineData("arch=c000003e syscall=1 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2")]
    [InlineData("arch=c000003e syscall= success=yes exit= a0= a1=0 a2=0 a3=0 items=0 ppid=1 pid=2")]
    [InlineData("arch=c000003e syscall=1 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 pid=3")]
    public void Read_UsualRecord_IsWhatFieldByFieldGives(string first)
    {
        const string second = " auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=3 comm=\"x\" exe=\"/bin/x\" key=(null)";
        string usual = Describe(EventMaker.Facts($"type=SYSCALL msg=audit(1.000:1): {first}{second}"));
        Assert.Equal(Describe(EventMaker.Facts($"type=SYSCALL msg=audit(1.000:1):  {first}{second}")), usual);
    }

    private static string Describe(EventFacts facts)
    {
        string seen = string.Concat(Enum.GetValues<FactField>().Select(f => facts.Has(f) ? '1' : '0'));
        return $"{facts.Architecture:x} {facts.Syscall} {facts.Success} {facts.Exit} {string.Join(',', facts.Arguments.ToArray())} {facts.Items} {facts.ParentPid} {facts.Pid} {facts.AuditUid} {facts.Session} {seen} {facts.LeftoverCount}";
    }
}
