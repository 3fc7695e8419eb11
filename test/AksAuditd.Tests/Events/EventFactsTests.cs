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
}
