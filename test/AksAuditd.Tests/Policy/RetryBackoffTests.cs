using AksAuditd.Policy;

namespace AksAuditd.Tests.Policy;

public sealed class RetryBackoffTests
{
    /// <summary>A clock that somebody can set, and time that passes all the same.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _passed;

        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _passed;

        public void Pass(TimeSpan time) => (Now, _passed) = (Now + time, _passed + time.Ticks);
    }

    [Fact]
    public void Failed_AgainAndAgain_DoublesUpToTheMost()
    {
        Clock clock = new();
        RetryBackoff backoff = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.True(backoff.IsDue);
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => (int)backoff.Failed().TotalSeconds));
        clock.Pass(TimeSpan.FromSeconds(4.9));
        Assert.False(backoff.IsDue);
        clock.Pass(TimeSpan.FromSeconds(0.1));
        Assert.True(backoff.IsDue);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void IsDue_ClockIsSetByADay_WaitsAsLongAsItSaid(int days)
    {
        Clock clock = new();
        RetryBackoff backoff = new(clock, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        backoff.Failed();
        clock.Now += TimeSpan.FromDays(days);
        Assert.False(backoff.IsDue);
        clock.Pass(TimeSpan.FromSeconds(5));
        Assert.True(backoff.IsDue);
    }

    [Fact]
    public void Succeeded_AfterFailures_StartsFromTheBeginning()
    {
        RetryBackoff backoff = new(new Clock(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        backoff.Failed();
        backoff.Failed();
        backoff.Succeeded();
        Assert.True(backoff.IsDue);
        Assert.Equal(TimeSpan.FromSeconds(1), backoff.Failed());
    }
}
