using System.Diagnostics;
using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class LineDeliveryTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static LineDelivery Start(ISink sink, DeliveryOptions? options = null) => new(sink, options ?? new(), TimeProvider.System, NullLogger.Instance);

    private DeliveryOptions WithSpool(long bytes = 64 * 1024 * 1024) => new()
    {
        QueueBytes = 64 * 1024,
        SpoolDirectory = _directory["spool"],
        SpoolBytes = bytes,
        SpoolAfter = TimeSpan.FromMilliseconds(100),
        LossReportInterval = TimeSpan.Zero,
    };

    [Fact]
    public void Drain_SinkTakes_AllInOrder()
    {
        FakeSink sink = new();
        using LineDelivery delivery = Start(sink);
        for (int i = 0; i < 10_000; i++) Assert.True(delivery.Enqueue(Line(i)));
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(Text), sink.Lines);
        AssertBalanced(delivery.Counters);
        Assert.Equal(10_000, delivery.Counters.Delivered);
    }

    [Fact]
    public void Enqueue_NoSpoolAndSinkDown_LosesTheNewestAndCounts()
    {
        FakeSink sink = new() { State = SendState.Down };
        using LineDelivery delivery = Start(sink, new() { QueueBytes = 64 * 1024 });
        int taken = 0;
        for (int i = 0; i < 5_000; i++) taken += delivery.Enqueue(Line(i)) ? 1 : 0;
        Assert.InRange(taken, 1_000, 2_200);
        Assert.Equal(5_000 - taken, delivery.Counters.Lost.QueueFull);
        Eventually(() => delivery.Counters.SinkErrors == 1);
        Assert.Equal("fake: as the test wants", delivery.Counters.LastError);
        sink.State = SendState.Sent;
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
        Assert.Equal(Enumerable.Range(0, taken).Select(Text), sink.Lines);
    }

    [Fact]
    public void Drain_NoSpoolAndSinkDown_CountsTheRestAsLost()
    {
        using LineDelivery delivery = Start(new FakeSink { State = SendState.Down });
        for (int i = 0; i < 7; i++) delivery.Enqueue(Line(i));
        Assert.False(delivery.Drain(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(7, delivery.Counters.Lost.Stopped);
        Assert.False(delivery.Enqueue(Line(8)));
        Assert.Equal(8, delivery.Counters.Lost.Stopped);
        AssertBalanced(delivery.Counters);
    }

    [Fact]
    public void Enqueue_TooLong_IsCountedAndOthersGoOn()
    {
        FakeSink sink = new();
        using LineDelivery delivery = Start(sink);
        Assert.False(delivery.Enqueue(new byte[8001]));
        Assert.True(delivery.Enqueue("before"u8));
        Assert.True(delivery.Enqueue("refused by the sink"u8));
        Assert.True(delivery.Enqueue("after"u8));
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
        Assert.Equal(["before", "after"], sink.Lines);
        Assert.Equal((2, 2), (delivery.Counters.Lost.TooLong, delivery.Counters.Delivered));
    }

    [Fact]
    public void Enqueue_SinkDownForLong_SpoolsAndDeliversInOrderWhenItIsBack()
    {
        FakeSink sink = new() { State = SendState.Down };
        using LineDelivery delivery = Start(sink, WithSpool());
        for (int i = 0; i < 50_000; i++) EnqueuePatiently(delivery, i);
        Eventually(() => delivery.Counters is { Queued: 0, Spooled: 50_000 });
        sink.State = SendState.Sent;
        for (int i = 50_000; i < 60_000; i++) EnqueuePatiently(delivery, i);
        Eventually(() => delivery.Counters is { Queued: 0, Spooled: 0 });
        Assert.Equal(Enumerable.Range(0, 60_000).Select(Text), sink.Lines);
        Assert.Empty(Directory.GetFiles(_directory["spool"], "*.spool"));

        // And from now on memory alone is enough.
        delivery.Enqueue("x"u8);
        Eventually(() => delivery.Counters.Delivered == 60_001);
        Assert.Empty(Directory.GetFiles(_directory["spool"], "*.spool"));
    }

    [Fact]
    public void Enqueue_FewLinesAndSinkDown_AreOnDiskAfterAWhile()
    {
        using LineDelivery delivery = Start(new FakeSink { State = SendState.Down }, WithSpool());
        delivery.Enqueue("one"u8);
        Eventually(() => delivery.Counters is { Queued: 0, Spooled: 1 });
    }

    [Fact]
    public void Constructor_SpoolOfAnEarlierProcess_GoesFirst()
    {
        using (LineDelivery first = Start(new FakeSink { State = SendState.Busy }, WithSpool()))
        {
            for (int i = 0; i < 1000; i++) first.Enqueue(Line(i));
            Assert.False(first.Drain(TimeSpan.FromMilliseconds(50)));
            Assert.Equal((1000, 0), (first.Counters.Spooled, first.Counters.Lost.Total));
        }

        FakeSink sink = new();
        using LineDelivery delivery = Start(sink, WithSpool());
        for (int i = 1000; i < 1010; i++) delivery.Enqueue(Line(i));
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
        Assert.Equal(Enumerable.Range(0, 1010).Select(Text), sink.Lines);
        Assert.Equal((1010, 1000), (delivery.Counters.Accepted, delivery.Counters.Recovered));
    }

    [Fact]
    public void Enqueue_SpoolInUseAtTheStart_IsDeliveredWhenItIsNot()
    {
        using (LineDelivery first = Start(new FakeSink { State = SendState.Busy }, WithSpool()))
        {
            for (int i = 0; i < 10; i++) first.Enqueue(Line(i));
            Assert.False(first.Drain(TimeSpan.FromMilliseconds(50)));
        }

        FakeSink sink = new();
        LineDelivery delivery;
        using (Spool.Open(WithSpool().SpoolDirectory!, 1024 * 1024, out _))
        {
            delivery = Start(sink, WithSpool());
            delivery.Enqueue(Line(10));
            Eventually(() => delivery.Counters is { Delivered: 1, LastError: not null });
        }

        using (delivery)
        {
            int next = 11;
            Eventually(() => delivery.Enqueue(Line(next++)) && delivery.Counters.Recovered == 10);
            Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
            Assert.Equal(Enumerable.Range(0, next).Select(Text).Order(), sink.Lines.Order());
            AssertBalanced(delivery.Counters);
        }
    }

    [Fact]
    public void Enqueue_SpoolFull_LosesAndSaysWhy()
    {
        FakeSink sink = new() { State = SendState.Down };
        using LineDelivery delivery = Start(sink, WithSpool(1024 * 1024));
        Fill(delivery, () => delivery.Counters.SpooledBytes > 900 * 1024);
        DeliveryCounters full = delivery.Counters;
        Assert.True(full.Lost.SpoolFull > 10_000, full.ToString());
        Assert.False(delivery.TryGetLoss(out _));
        sink.State = SendState.Sent;
        Eventually(() => delivery.Counters is { Queued: 0, Spooled: 0 });
        Assert.True(delivery.TryGetLoss(out LossReport report));
        Assert.Equal(full.Lost, report.Lost);
        Assert.True(report.From < report.To);
        delivery.Told(report);
        Assert.False(delivery.TryGetLoss(out _));
        AssertBalanced(delivery.Counters);
    }

    [Fact]
    public void Enqueue_SpoolCannotBeMade_LosesAndSaysWhy()
    {
        using LineDelivery delivery = Start(new FakeSink { State = SendState.Down }, WithSpool() with { SpoolDirectory = "/proc/nowhere/spool" });
        Eventually(() => delivery.Counters.LastError?.StartsWith("spool: /proc/nowhere", StringComparison.Ordinal) == true);
        for (int i = 0; i < 5_000; i++) delivery.Enqueue(Line(i));
        Assert.True(delivery.Counters.Lost.SpoolFailed > 1_000, delivery.Counters.ToString());
    }

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public void Enqueue_DiskFull_LosesWithoutACrashAndGoesOnWhenThereIsRoom()
    {
        using TinyDisk disk = new(_directory["disk"], "256k");
        FakeSink sink = new() { State = SendState.Down };
        using LineDelivery delivery = Start(sink, WithSpool() with { SpoolDirectory = $"{disk.Path}/spool" });
        Fill(delivery, () => delivery.Counters.LastError?.StartsWith("spool: ", StringComparison.Ordinal) == true);
        DeliveryCounters full = delivery.Counters;
        Assert.True(full.Lost.SpoolFailed > 10_000, full.ToString());
        Assert.Contains("o space left", full.LastError, StringComparison.Ordinal);
        sink.State = SendState.Sent;
        Eventually(() => delivery.Counters is { Queued: 0, Spooled: 0 });
        AssertBalanced(delivery.Counters);
        Assert.Equal(delivery.Counters.Delivered, sink.Lines.Distinct().Count());
        Assert.Equal(sink.Lines.Select(Number).Order(), sink.Lines.Select(Number));
    }

    [Fact]
    public void Counters_SampledWhileEverythingHappens_AlwaysBalance()
    {
        int seed = Environment.TickCount;
        FakeSink sink = new() { Keep = false };
        using LineDelivery delivery = Start(sink, WithSpool(1024 * 1024));
        using CancellationTokenSource end = new();
        Thread producer = new(() =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                delivery.Enqueue(i % 50 == 0 ? "refuse"u8 : Line(i));
                if (i % 64 == 0) Thread.Sleep(0);
            }
        });
        Thread chaos = new(() =>
        {
            Random random = new(seed);
            while (!end.IsCancellationRequested)
            {
                sink.State = (SendState)random.Next(3);
                sink.Batch = random.Next(1, 500);
                Thread.Sleep(random.Next(60));
            }
        });
        producer.Start();
        chaos.Start();
        for (int i = 0; i < 10_000; i++)
        {
            DeliveryCounters counters = delivery.Counters;
            Assert.True(IsBalanced(counters), $"seed {seed}, sample {i}: {counters}");
            if (i % 20 == 0) Thread.Sleep(5);
        }

        // However slow the machine was: at last the spool is full too.
        end.Cancel();
        producer.Join();
        chaos.Join();
        sink.State = SendState.Down;
        Fill(delivery, () => delivery.Counters.SpooledBytes > 900 * 1024);
        AssertBalanced(delivery.Counters);
        DeliveryCounters last = delivery.Counters;
        Assert.True(last.Lost.TooLong > 0 && last.Lost.Total > last.Lost.TooLong && last.Delivered > 0, $"seed {seed}: {last}");
        sink.State = SendState.Sent;
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(20)));
        Assert.Equal(delivery.Counters.Delivered, sink.Taken);
    }

    [Fact]
    public void Enqueue_Steady_AllocatesNothing()
    {
        FakeSink sink = new() { Keep = false };
        using LineDelivery delivery = Start(sink);
        byte[] line = Line(1);
        long allocated = 0;
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100_000; i++) delivery.Enqueue(line);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Reopen_Asked_ReachesTheSink()
    {
        FakeSink sink = new();
        using LineDelivery delivery = Start(sink);
        delivery.Reopen();
        Eventually(() => sink.Reopened == 1);
    }

    [Fact]
    public void Closed_PipeHasNoReader_IsSet()
    {
        using LineDelivery delivery = Start(new FakeSink { State = SendState.Closed });
        Assert.False(delivery.Closed.IsCancellationRequested);
        delivery.Enqueue("x"u8);
        Eventually(() => delivery.Closed.IsCancellationRequested);
        Assert.False(delivery.Drain(TimeSpan.FromMinutes(1)));
    }

    private static string Text(int number) => $"{{\"n\":{number},\"x\":\"0123456789\"}}";

    private static int Number(string text) => int.Parse(text.AsSpan(5, text.IndexOf(',') - 5));

    private static byte[] Line(int number) => Encoding.UTF8.GetBytes(Text(number));

    // As fast as the spool takes them.
    private static void EnqueuePatiently(LineDelivery delivery, int number)
    {
        for (int i = 0; i < 5000 && delivery.Counters.QueuedBytes > 50_000; i++) Thread.Sleep(1);
        delivery.Enqueue(Line(number));
    }

    /// <summary>Enqueues until the spool takes no more, then more than the queue takes.</summary>
    private static void Fill(LineDelivery delivery, Func<bool> almost)
    {
        int number = 0;
        while (!almost()) EnqueuePatiently(delivery, number++);
        for (int burst = 0; burst < 5; burst++)
        {
            for (int i = 0; i < 5000; i++) delivery.Enqueue(Line(number++));
            Thread.Sleep(100);
        }
    }

    private static bool IsBalanced(DeliveryCounters c) => c.Accepted == c.Delivered + c.Lost.Total + c.Queued + c.Spooled && c is { Queued: >= 0, Spooled: >= 0 };

    private static void AssertBalanced(DeliveryCounters counters) => Assert.True(IsBalanced(counters), counters.ToString());

    private static void Eventually(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < 20, "not within 20 s");
            Thread.Sleep(5);
        }
    }
}
