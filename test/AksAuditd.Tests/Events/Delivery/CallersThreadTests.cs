using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>A <see cref="LineDelivery"/> without a thread: whoever enqueues delivers.</summary>
public sealed class CallersThreadTests : IDisposable
{
    private const int QueueBytes = 64 * 1024, LineBytes = 100;
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static LineDelivery Open(ISink sink, DeliveryOptions? options = null) =>
        new(sink, (options ?? new()) with { QueueBytes = QueueBytes, HasThread = false }, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public void Deliver_All_IsDoneWhenItReturns()
    {
        FakeSink sink = new();
        using LineDelivery delivery = Open(sink);
        Enqueue(delivery, 0, 10);
        Assert.Empty(sink.Lines);
        delivery.Deliver(all: true, CancellationToken.None);
        Assert.Equal(Lines(10), sink.Lines);
        Assert.Equal((10, 0), (delivery.Counters.Delivered, delivery.Counters.Queued));
    }

    [Fact]
    public void Deliver_NotAll_WaitsUntilAWriteIsWorthIt()
    {
        FakeSink sink = new();
        using LineDelivery delivery = Open(sink);
        int queued = 0;
        for (; sink.Taken == 0; queued++)
        {
            Assert.True(delivery.Enqueue(Line(queued)));
            delivery.Deliver(all: false, CancellationToken.None);
        }

        Assert.InRange(queued * LineBytes, QueueBytes / 4, QueueBytes / 2);
        Assert.Equal((queued, 0), (sink.Taken, delivery.Counters.QueuedBytes));
    }

    [Fact]
    public void Deliver_SinkDownForAWhile_WaitsAndLosesNothing()
    {
        FakeSink sink = new() { State = SendState.Down };
        using LineDelivery delivery = Open(sink);
        Thread mend = new(() =>
        {
            Thread.Sleep(200);
            sink.State = SendState.Busy;
            Thread.Sleep(100);
            (sink.Batch, sink.State) = (7, SendState.Sent);
        });
        mend.Start();
        for (int i = 0; i < 200; i++)
        {
            Enqueue(delivery, i * 50, 50);
            delivery.Deliver(all: false, CancellationToken.None);
        }

        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)), delivery.Counters.ToString());
        mend.Join();
        Assert.Equal(Lines(10_000), sink.Lines);
    }

    [Fact]
    public void Deliver_Stopped_Returns()
    {
        using LineDelivery delivery = Open(new FakeSink { State = SendState.Down });
        Enqueue(delivery, 0, 300);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        delivery.Deliver(all: true, stop.Token);
        Assert.Equal(300, delivery.Counters.Queued);
        Assert.False(delivery.Drain(TimeSpan.FromMilliseconds(50)));
        Assert.Equal((300, 0), (delivery.Counters.Lost.Stopped, delivery.Counters.Queued));
        Assert.False(delivery.Enqueue("late"u8));
        Assert.False(delivery.Drain(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void Deliver_ReaderHasGone_Returns()
    {
        using LineDelivery delivery = Open(new FakeSink { State = SendState.Closed });
        Enqueue(delivery, 0, 1);
        delivery.Deliver(all: true, CancellationToken.None);
        Assert.True(delivery.Closed.IsCancellationRequested);
    }

    [Fact]
    public void Deliver_SinkDownWithSpool_GoesToTheSpoolAndFromThereInOrder()
    {
        FakeSink sink = new() { State = SendState.Down };
        DeliveryOptions options = new() { SpoolDirectory = _directory["spool"], SpoolAfter = TimeSpan.FromMilliseconds(50) };
        using (LineDelivery first = Open(sink, options))
        {
            Enqueue(first, 0, 100);
            first.Deliver(all: true, CancellationToken.None);
            Assert.Equal((0, 100), (first.Counters.Queued, first.Counters.Spooled));
        }

        sink.State = SendState.Sent;
        using LineDelivery delivery = Open(sink, options);
        Enqueue(delivery, 100, 100);
        delivery.Deliver(all: true, CancellationToken.None);
        Assert.Equal(Lines(200), sink.Lines);
        Assert.Equal((200, 100), (delivery.Counters.Delivered, delivery.Counters.Recovered));
    }

    [Fact]
    public void Deliver_HasThread_IsAMistake()
    {
        using LineDelivery delivery = new(new FakeSink(), new(), TimeProvider.System, NullLogger.Instance);
        Assert.Throws<InvalidOperationException>(() => delivery.Deliver(all: true, CancellationToken.None));
    }

    private static void Enqueue(LineDelivery delivery, int first, int count)
    {
        for (int i = first; i < first + count; i++) Assert.True(delivery.Enqueue(Line(i)));
    }

    private static string Text(int number) => number.ToString().PadLeft(LineBytes, '.');

    private static byte[] Line(int number) => Encoding.ASCII.GetBytes(Text(number));

    private static IEnumerable<string> Lines(int count) => Enumerable.Range(0, count).Select(Text);
}
