using AksAuditd.Events.Reporting;
using AksAuditd.Health;
using AksAuditd.Tests.Support;
using LinuxAudit.Kernel;

namespace AksAuditd.Tests.Health;

public sealed class LossWatchTests
{
    private readonly ManualClock _clock = new();
    private readonly LossWatch _watch;

    public LossWatchTests() => _watch = new(TimeSpan.FromSeconds(30), _clock);

    [Fact]
    public void Look_First_OnlyRemembers() => Assert.Null(_watch.Look(Seen(kernelLost: 1000, Report(lost: 50))));

    [Fact]
    public void Look_KernelLostGrows_SaysItForTheHold()
    {
        _watch.Look(Seen(1000));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("the kernel lost 12 audit records (backlog_limit 64, rate_limit 0)", _watch.Look(Seen(1012)));
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("the kernel lost 12 audit records (backlog_limit 64, rate_limit 0)", _watch.Look(Seen(1012)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_watch.Look(Seen(1012)));
    }

    [Fact]
    public void Look_KernelCounterWasReset_CountsFromThere()
    {
        _watch.Look(Seen(1000));
        Assert.Null(_watch.Look(Seen(0)));
        Assert.StartsWith("the kernel lost 1 audit records", _watch.Look(Seen(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_KernelDoesNotAnswer_NothingIsForgotten()
    {
        _watch.Look(Seen(1000));
        Assert.Null(_watch.Look(Seen(kernelLost: null)));
        Assert.StartsWith("the kernel lost 5 ", _watch.Look(Seen(1005)), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_EventsLost_SaysHowMany()
    {
        _watch.Look(Seen(0, Report(lost: 50)));
        Assert.Equal("3 events were lost on their way to syslog:/dev/log", _watch.Look(Seen(0, Report(lost: 53))));
        Assert.Contains("the kernel dropped records 2 times", _watch.Look(Seen(0, Report(lost: 53, overruns: 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_EventsProgramStartedAnew_CountsFromItsStart()
    {
        _watch.Look(Seen(0, Report(lost: 50)));
        Assert.Null(_watch.Look(Seen(0, Report(lost: 0, pid: 8))));
        Assert.StartsWith("4 events ", _watch.Look(Seen(0, Report(lost: 4, pid: 9))), StringComparison.Ordinal);
    }

    private static NodeLook Seen(uint? kernelLost, EventsReport? report = null) =>
        new(kernelLost is { } lost ? new AuditStatus { Lost = lost, BacklogLimit = 64 } : null, DaemonRuns: true, WantsEvents: report is not null, report, EventsProblem: null);

    private static EventsReport Report(long lost, long overruns = 0, int pid = 7) => new()
    {
        Version = "1",
        Pid = pid,
        Since = DateTimeOffset.UnixEpoch,
        At = DateTimeOffset.UnixEpoch,
        Source = "auditd",
        Sink = "syslog:/dev/log",
        Accounts = new() { Lost = lost },
        Overruns = overruns,
    };
}
