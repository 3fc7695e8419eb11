using AksAuditd.Node;
using LinuxAudit.Kernel;

namespace AksAuditd.Tests.Node;

public sealed class AuditStartTests
{
    [Theory]
    [InlineData("root=/dev/sda1 audit=1 quiet\n", true)]
    [InlineData("audit=on", true)]
    [InlineData("audit=0 audit=1", true)]
    [InlineData("audit=1 audit=0", false)]
    [InlineData("audit=1 audit=off", false)]
    [InlineData("audit_backlog_limit=8192 quiet", false)]
    [InlineData("audit=10", false)]
    [InlineData("systemd.audit=1 xaudit=1", false)]
    [InlineData("", false)]
    public void IsOnFromBoot_CommandLine_AsTheKernelReadsIt(string commandLine, bool expected) => Assert.Equal(expected, AuditStart.IsOnFromBoot(commandLine));

    [Fact]
    public void Look_RememberedOfThisBoot_IsThat()
    {
        AuditStart known = new(BootId.Current, 17);
        Assert.Same(known, AuditStart.Look(known, new() { Enabled = AuditEnabled.On, Pid = 1 }));
    }

    [Fact]
    public void Look_AuditIsOff_NotKnown() => Assert.Null(AuditStart.Look(new("another boot", 17), new() { Enabled = AuditEnabled.Off }));

    [Fact]
    public void Look_ThereIsADaemon_WhenItStarted()
    {
        AuditStart start = AuditStart.Look(new("another boot", 17), new() { Enabled = AuditEnabled.On, Pid = 1 })!;
        Assert.Equal(ProcessInfo.StartTicks(1), start.Ticks);
        Assert.True(start.IsOfThisBoot);
        Assert.True(start.At(DateTimeOffset.UtcNow) < DateTimeOffset.UtcNow);
    }

    /// <summary>This process turned it on, or one that has ended did.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Look_NobodyToAsk_Now(int pid)
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        AuditStart start = AuditStart.Look(null, new() { Enabled = AuditEnabled.Locked, Pid = pid < 0 ? (uint)Environment.ProcessId : (uint)pid })!;
        Assert.InRange(start.At(DateTimeOffset.UtcNow), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Contains(new OlderPrograms(start).Names(), n => n.Value > 0);
    }

    [Fact]
    public void Count_AuditIsOnFromBoot_None() => Assert.Equal(0, new OlderPrograms(new(BootId.Current, 0)).Count);
}
