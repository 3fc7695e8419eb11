using AksAuditd.Policy;

namespace AksAuditd.Tests.Policy;

public sealed class RetryBackoffTests
{
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void Failed_AgainAndAgain_DoublesUpToTheMost()
    {
        Clock clock = new();
        RetryBackoff backoff = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.True(backoff.IsDue);
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => (int)backoff.Failed().TotalSeconds));
        clock.Now += TimeSpan.FromSeconds(4.9);
        Assert.False(backoff.IsDue);
        clock.Now += TimeSpan.FromSeconds(0.1);
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
