using AksAuditd.Policy;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Policy;

public sealed class DriftGuardTests
{
    private const string File = "/etc/audit/rules.d/10.rules";
    private readonly ManualClock _clock = new();
    private readonly DriftGuard _guard;

    public DriftGuardTests() => _guard = new(_clock);

    [Fact]
    public void Repaired_FiveTimesTheSame_OnlyThatWaits()
    {
        Fight(Drift.Rules, isFile: false);
        Assert.Equal(TimeSpan.FromSeconds(10), _guard.Remaining(Drift.Rules));
        Assert.Equal(TimeSpan.Zero, _guard.Remaining(Drift.Enabled));
        Assert.Equal(TimeSpan.Zero, _guard.Remaining(File));
    }

    [Fact]
    public void Repaired_FiveUnlikeThings_NothingWaits()
    {
        foreach (string thing in (string[])[Drift.Rules, Drift.Enabled, "rate_limit", "failure", File, "/etc/audit/auditd.conf"])
            Assert.Null(_guard.Repaired(thing, isFile: thing[0] == '/'));
        Assert.Equal(TimeSpan.Zero, _guard.Remaining(Drift.Rules));
    }

    [Theory]
    [InlineData(Drift.Rules)]
    [InlineData(Drift.Enabled)]
    [InlineData("rate_limit")]
    public void Repaired_FoughtForAnHour_KernelNeverWaitsLonger(string thing)
    {
        Fight(thing, isFile: false);
        for (int i = 0; i < 360; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(10), _guard.Remaining(thing));
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(TimeSpan.Zero, _guard.Remaining(thing));
            Assert.EndsWith("somebody changes it back; its next repair waits 10s, never longer", _guard.Repaired(thing, isFile: false), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Repaired_FileIsFoughtAbout_WaitsLongerUpToFiveMinutesAndForgets()
    {
        Fight(File, isFile: true);
        foreach (int seconds in (int[])[30, 60, 120, 240, 300, 300, 300])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), _guard.Remaining(File));
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            _guard.Repaired(File, isFile: true);
        }

        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(_guard.Repaired(File, isFile: true));
        Assert.Equal(TimeSpan.Zero, _guard.Remaining(File));
    }

    private void Fight(string thing, bool isFile)
    {
        for (int i = 1; i < DriftGuard.Patience; i++) Assert.Null(_guard.Repaired(thing, isFile));
        Assert.StartsWith($"{thing}: repaired 5 times within 5m", _guard.Repaired(thing, isFile), StringComparison.Ordinal);
    }
}
