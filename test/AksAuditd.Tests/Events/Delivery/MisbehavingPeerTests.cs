using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>
/// The way straight to Container Insights, for JSON (a line an event) and for records (three): whatever the peer does, the accounts balance in events, the spool takes
/// over, and it heals.
/// </summary>
public sealed class MisbehavingPeerTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly MisbehavingPeer _peer = new();
    private readonly LineDelivery _delivery;
    private int _next;

    public MisbehavingPeerTests() => _delivery = Open();

    public void Dispose()
    {
        _delivery.Dispose();
        _peer.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Peer_Refuses_EventsWaitOnDiskAndArriveWhenItListens(int records)
    {
        _peer.Stop();
        Enqueue(500, records);
        Eventually(() => _delivery.Counters is { Spooled: 500, SinkErrors: 1 });
        Assert.Equal($"syslog tcp 127.0.0.1:{_peer.Port}: connect: ECONNREFUSED", _delivery.Counters.LastError?.Split(" (")[0]);
        _peer.Start();
        _peer.Accept();
        _peer.Read(500 * records);
        AssertWhole(0, 500, records);
        Eventually(() => _delivery.Counters is { Delivered: 500, Spooled: 0 });
        AssertBalanced();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Peer_AcceptsAndNeverReads_EventsGoToTheSpoolAndAllArriveOnce(int records)
    {
        Enqueue(20_000, records);
        _peer.Accept();
        Eventually(() => _delivery.Counters is { Spooled: > 5_000, Queued: 0 });
        AssertBalanced();
        Assert.Equal((0, 0), (_delivery.Counters.Lost.Total, _delivery.Counters.SinkErrors));
        _peer.Read(20_000 * records);
        AssertWhole(0, 20_000, records);
        Eventually(() => _delivery.Counters is { Delivered: 20_000, Spooled: 0 });
        AssertBalanced();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Peer_ResetsInsideALine_TheEventIsSentAgainWhole(int records)
    {
        Enqueue(20_000, records);
        _peer.Accept();
        Eventually(() => _delivery.Counters is { Spooled: > 5_000, Queued: 0 });
        long before = _delivery.Counters.Delivered;
        _peer.Read(int.MaxValue, bytes: 100_003);
        Assert.True(_peer.HasHalfALine);
        long read = _peer.Lines.Length / records;
        _peer.Reset();
        _peer.Stop();
        _peer.Start();
        _peer.Accept();
        Eventually(() => _delivery.Counters.SinkErrors >= 1);
        // What the two kernels held is gone and counts as delivered; from the first event on that they had not taken whole, nothing is missing.
        long first = Number(Next());
        Assert.InRange(first, Math.Min(read, before), _delivery.Counters.Accepted);
        _peer.Read((20_000 - (int)first) * records - 1);
        AssertWhole((int)first, 20_000, records);
        Eventually(() => _delivery.Counters is { Delivered: 20_000, Spooled: 0, Lost.Total: 0 });
        AssertBalanced();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Peer_GoesAndComesBack_GoesOnWhereItStopped(int records)
    {
        Enqueue(100, records);
        _peer.Accept();
        _peer.Read(100 * records);
        AssertWhole(0, 100, records);
        Eventually(() => _delivery.Counters.Delivered == 100);
        _peer.Stop();
        // The kernel tells a sender a moment later.
        Thread.Sleep(50);
        Enqueue(300, records);
        Eventually(() => _delivery.Counters is { Spooled: 300 });
        _peer.Start();
        _peer.Accept();
        Enqueue(100, records);
        _peer.Read(400 * records);
        AssertWhole(100, 500, records);
        Eventually(() => _delivery.Counters is { Delivered: 500, Spooled: 0, Lost.Total: 0 });
        AssertBalanced();
    }

    /// <summary>A change of events.yaml's format, or an upgrade: what the spool has is sent as what it is.</summary>
    [Fact]
    public void Peer_SpoolHoldsBothFormats_EachEventArrivesInItsOwn()
    {
        _peer.Stop();
        Enqueue(2, records: 1);
        Enqueue(2, records: 3);
        Enqueue(1, records: 1);
        Eventually(() => _delivery.Counters.Spooled == 5);
        _delivery.Dispose();
        _peer.Start();
        using LineDelivery next = Open();
        _peer.Accept();
        _peer.Read(9);
        Assert.Equal(["0.0", "1.0", "2.0", "2.1", "2.2", "3.0", "3.1", "3.2", "4.0"], _peer.Lines.Select(Label));
        Eventually(() => next.Counters is { Recovered: 5, Accepted: 5, Delivered: 5 });
    }

    [Fact]
    public void Enqueue_GroupLargerThanTheQueueAllows_IsCountedAsOneEvent()
    {
        string line = new('x', 1000);
        Assert.True(_delivery.Enqueue(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line + "\n", 15)))));
        Assert.False(_delivery.Enqueue(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line + "\n", 17)))));
        Assert.Equal((2, 1), (_delivery.Counters.Accepted, _delivery.Counters.Lost.TooLong));
    }

    // The queue is small: 128 KiB, so a group has 16 KiB at the most.
    private LineDelivery Open()
    {
        Assert.True(SinkAddress.TryParse($"syslog:tcp://127.0.0.1:{_peer.Port}?format=rfc3164", out SinkAddress? address, out string? error), error);
        DeliveryOptions options = new() { QueueBytes = 128 * 1024, SpoolDirectory = _directory["spool"], SpoolAfter = TimeSpan.FromMilliseconds(100) };
        return new(address.Open(TimeProvider.System, "node-1"), options, TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>Events of so many lines: <c>EVENT.LINE xxx…</c>.</summary>
    private void Enqueue(int count, int records)
    {
        string rest = new('x', 600 / records);
        for (int i = 0; i < count; i++, _next++)
        {
            string text = string.Concat(Enumerable.Range(0, records).Select(r => $"{_next}.{r} {rest}\n"));
            SpinWait.SpinUntil(() => _delivery.Counters.QueuedBytes < 100 * 1024, TimeSpan.FromSeconds(20));
            Assert.True(_delivery.Enqueue(Encoding.ASCII.GetBytes(records == 1 ? text[..^1] : text), 1_700_000_000_000_000));
        }
    }

    private string Next()
    {
        _peer.Read(1);
        return _peer.Lines[0];
    }

    private static string Label(string line) => line[(line.IndexOf("]: ", StringComparison.Ordinal) + 3)..].Split(' ')[0];

    private static int Number(string line) => int.Parse(Label(line).Split('.')[0]);

    private void AssertWhole(int first, int end, int records)
    {
        string[] lines = _peer.Lines;
        string start = $"<182>Nov 14 22:13:20 node-1 aks-auditd[{Environment.ProcessId}]: ";
        Assert.Equal(Enumerable.Range(first, end - first).SelectMany(e => Enumerable.Range(0, records).Select(r => $"{e}.{r}")), lines.Select(Label));
        Assert.All(lines, l => Assert.True(l.StartsWith(start, StringComparison.Ordinal) && l.EndsWith(new string('x', 600 / records), StringComparison.Ordinal), l));
    }

    private void AssertBalanced()
    {
        DeliveryCounters c = _delivery.Counters;
        Assert.Equal(c.Accepted, c.Delivered + c.Lost.Total + c.Queued + c.Spooled);
        Assert.Equal(_next, c.Accepted);
    }

    private void Eventually(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)), _delivery.Counters.ToString());
}
