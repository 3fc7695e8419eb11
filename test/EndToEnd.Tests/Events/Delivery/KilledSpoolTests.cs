using System.Diagnostics;
using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndToEnd.Tests.Events.Delivery;

/// <summary>A process with a spool is killed; the next one delivers what it left.</summary>
public sealed class KilledSpoolTests
{
    private const int Kills = 3;

    [Fact]
    public void Spool_ProcessKilledWhileItWrites_NothingOfItIsLost()
    {
        using TempDirectory directory = new();
        List<(int First, int Last)> runs = [];
        int next = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process child = ChildProcess.Start($"fill-spool {directory["spool"]} {next}");
            int spooled = 0;
            while (spooled < 3000 + (kill * 1777)) spooled = int.Parse(child.StandardOutput.ReadLine()!);
            child.Kill();
            child.WaitForExit();
            runs.Add((next, next + spooled));
            next += 1_000_000;
        }

        using FileSink sink = new(directory["events"], new(1L << 30, 1), TimeProvider.System);
        using LineDelivery delivery = new(sink, new() { SpoolDirectory = directory["spool"] }, TimeProvider.System, NullLogger.Instance);
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(20)), delivery.Counters.ToString());
        DeliveryCounters counters = delivery.Counters;
        Assert.InRange(counters.Lost.Damaged, 0, Kills);
        Assert.Equal(counters.Recovered, counters.Delivered + counters.Lost.Damaged);

        int[] numbers = [.. File.ReadLines(directory["events"]).Select(line => int.Parse(line.AsSpan(5, line.IndexOf(',') - 5)))];
        Assert.Equal(numbers.Distinct().Order(), numbers);
        foreach ((int first, int known) in runs)
        {
            int[] run = [.. numbers.Where(n => n >= first && n < first + 1_000_000)];
            Assert.Equal(Enumerable.Range(first, run.Length), run);
            Assert.True(run.Length >= known - first, $"{known - first} were in the spool, {run.Length} came out of it");
        }
    }

    [Fact]
    public void Spool_ProcessKilledWhileItDelivers_RepeatsOneBatchAtTheMost()
    {
        using TempDirectory directory = new();
        using (Process child = ChildProcess.Start($"fill-spool {directory["spool"]} 0"))
        {
            while (int.Parse(child.StandardOutput.ReadLine()!) < 20_000) continue;
            child.Kill();
            child.WaitForExit();
        }

        for (int kill = 0; kill < Kills; kill++)
        {
            using Process child = ChildProcess.Start($"empty-spool {directory["spool"]} {directory["events"]}");
            while (int.Parse(child.StandardOutput.ReadLine()!) < 1500) continue;
            child.Kill();
            child.WaitForExit();
        }

        using FileSink sink = new(directory["events"], new(1L << 30, 1), TimeProvider.System);
        using LineDelivery delivery = new(sink, new() { SpoolDirectory = directory["spool"] }, TimeProvider.System, NullLogger.Instance);
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(20)), delivery.Counters.ToString());
        int[] numbers = [.. File.ReadLines(directory["events"]).Where(line => line.EndsWith('}')).Select(line => int.Parse(line.AsSpan(5, line.IndexOf(',') - 5)))];
        Assert.Equal(Enumerable.Range(0, numbers.Max() + 1), numbers.Distinct().Order());
        Assert.True(numbers.Max() >= 19_999);

        // A batch is what one write takes: 64 KiB of lines of 100 bytes and more.
        Assert.InRange(numbers.Length - numbers.Distinct().Count(), 0, Kills * 650);
    }

    /// <summary>The child: fills a spool from a number on, its sink being down, and says how many lines are in it.</summary>
    internal static void Fill(string spool, int number)
    {
        using StreamSink nowhere = new("nowhere", new System.Net.Sockets.UnixDomainSocketEndPoint("/nonexistent"), new(), TimeProvider.System);
        using LineDelivery delivery = new(nowhere, new() { QueueBytes = 64 * 1024, SpoolDirectory = spool, SpoolAfter = TimeSpan.FromMilliseconds(1) },
            TimeProvider.System, NullLogger.Instance);
        while (true)
        {
            for (int i = 0; i < 100; i++) delivery.Enqueue(Encoding.UTF8.GetBytes($"{{\"n\":{number++},\"x\":\"{new string('x', 100)}\"}}"));
            while (delivery.Counters.QueuedBytes > 20_000) Thread.Sleep(1);
            DeliveryCounters counters = delivery.Counters;
            Console.WriteLine(counters.Spooled - counters.Recovered);
        }
    }

    /// <summary>The child: delivers a spool to a file, slowly, and says how many lines it has delivered.</summary>
    internal static void Empty(string spool, string file)
    {
        using FileSink sink = new(file, new(1L << 30, 1), TimeProvider.System);
        using SlowSink slow = new(sink);
        using LineDelivery delivery = new(slow, new() { SpoolDirectory = spool }, TimeProvider.System, NullLogger.Instance);
        while (true)
        {
            Console.WriteLine(delivery.Counters.Delivered);
            Thread.Sleep(1);
        }
    }

    private sealed class SlowSink(ISink sink) : ISink
    {
        public string Name => sink.Name;

        public int MaximumLine => sink.MaximumLine;

        public string? Error => sink.Error;

        public SendState Send(LineFrames lines, out int taken)
        {
            Thread.Sleep(5);
            return sink.Send(lines, out taken);
        }

        public void Wait(int milliseconds) => sink.Wait(milliseconds);

        public void Forget() => sink.Forget();

        public void Reopen() => sink.Reopen();

        public void Dispose() => sink.Dispose();
    }
}
