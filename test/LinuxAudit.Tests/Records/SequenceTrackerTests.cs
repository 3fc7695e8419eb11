using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class SequenceTrackerTests
{
    private static SequenceTracker Observe(params uint[] serials)
    {
        SequenceTracker tracker = new();
        foreach (uint serial in serials) tracker.Observe(new EventId(100, 0, serial));
        return tracker;
    }

    [Theory]
    [InlineData(new uint[] { 5, 6, 7 }, 0)]
    [InlineData(new uint[] { 5, 8 }, 2)]
    [InlineData(new uint[] { 5, 8, 7 }, 1)]
    [InlineData(new uint[] { 5, 8, 7, 7, 6, 8 }, 0)]
    [InlineData(new uint[] { 5, 3 }, 1)]
    [InlineData(new uint[] { 5, 3, 4 }, 0)]
    [InlineData(new uint[] { 4294967294, 4294967295, 0, 1 }, 0)]
    [InlineData(new uint[] { 4294967294, 2 }, 3)]
    [InlineData(new uint[] { 1, 100001 }, 99999)]
    [InlineData(new uint[] { 1, 100001, 100000 }, 99998)]
    public void Missing_OfSerials_IsThoseNeverSeen(uint[] serials, long missing) => Assert.Equal(missing, Observe(serials).Missing);

    [Fact]
    public void Observe_OlderThanTheWindow_IsNotLookedAt() => Assert.Equal(4999, Observe(1, 5001, 2).Missing);

    [Fact]
    public void Observe_LowerSerialMuchLater_IsARestart()
    {
        SequenceTracker tracker = Observe(1000, 1002);
        tracker.Observe(new EventId(111, 0, 1));
        tracker.Observe(new EventId(111, 0, 2));
        Assert.Equal((1, 1), (tracker.Restarts, tracker.Missing));
    }
}
