using System.Globalization;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events.Plugin;

/// <summary>
/// Where events go when something goes wrong at 1,000 programs a second: each is delivered or counted, the accounts balance, auditd loses nothing, and no program
/// waits. AKS_AUDITD_ACCOUNTING_SECONDS makes the load longer; bench/accounting.md has what that gave.
/// </summary>
public sealed class AccountingTests(ITestOutputHelper output)
{
    private const string Tag = "account-";

    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("AKS_AUDITD_ACCOUNTING_SECONDS") ?? "1.5", CultureInfo.InvariantCulture));

    // Seconds: what waited during the trouble comes after it.
    private static readonly int CatchUp = 60 + (int)(3 * Trouble.TotalSeconds);

    [KernelTheory]
    [InlineData("stopped")]
    [InlineData("slow")]
    public void Sink_TakesNothingOrLittle_EveryEventArrivesAfterwards(string how)
    {
        using TcpSink sink = new();
        using PluginNode node = new($"to: syslog:tcp://127.0.0.1:{sink.Port}\nqueue: 256Ki");
        int count = node.Load(Tag, 1000, () =>
        {
            (sink.IsStopped, sink.IsSlow) = (how == "stopped", how == "slow");
            Thread.Sleep(Trouble);
            (sink.IsStopped, sink.IsSlow) = (false, false);
        });
        // Counted before they are read: that takes its time too.
        Eventually.True(() => sink.Lines.Count >= count && PluginNode.Numbers(sink.Lines, Tag).Count == count, CatchUp, () => $"{PluginNode.Numbers(sink.Lines, Tag).Count} of {count}; others:\n{Others(sink)}");
        Assert.Equal(Enumerable.Range(0, count), PluginNode.Numbers(sink.Lines, Tag));
        Finish(node, $"sink {how}", count, count);
    }

    [KernelFact]
    public void Sink_KilledAndStartedAgain_LosesNoMoreThanTheKernelHeldForIt()
    {
        using TcpSink sink = new();
        using PluginNode node = new($"to: syslog:tcp://127.0.0.1:{sink.Port}\nqueue: 256Ki");
        int count = node.Load(Tag, 1000, () =>
        {
            Thread.Sleep(300);
            sink.IsKilled = true;
            Thread.Sleep(Trouble);
            sink.IsKilled = false;
        });
        Eventually.True(() => PluginNode.Numbers(sink.Lines, Tag) is [.., var last] && last == count - 1, CatchUp, () => $"{PluginNode.Numbers(sink.Lines, Tag).Count} of {count}");
        int seen = PluginNode.Numbers(sink.Lines, Tag).Distinct().Count();
        // What was on its way when it was killed: it read all the time, so that is little.
        Assert.InRange(count - seen, 0, 200);
        Finish(node, "sink killed", count, seen);
    }

    [KernelFact]
    public void Disk_Full_EveryEventIsInTheFileOrCounted()
    {
        using PluginNode node = new("to: file:DISK/events.log?size=1Gi\nqueue: 64Ki\nspool: { directory: DISK/spool, size: 1Mi }", disk: "128k");
        int count = node.Load(Tag, 1000, () => Thread.Sleep(Trouble));
        Eventually.True(() => File.ReadAllText(node.AuditLog).Contains($"{Tag}{count - 1}\"", StringComparison.Ordinal), CatchUp);
        node.Stop();
        int seen = PluginNode.Numbers(PluginNode.Parse(node.Files["disk/events.log"]), Tag).Distinct().Count();
        JsonNode accounts = PluginNode.Report["accounts"]!;
        Assert.InRange(seen, 1, count - 1);
        Assert.InRange((long)accounts["lost"]!, 1, (long)accounts["received"]! + (long)accounts["notices"]!);
        Assert.InRange(seen + (long)accounts["lost"]! + (long)accounts["spooled"]!, count, long.MaxValue);
        Finish(node, "disk full", count, seen);
    }

    [KernelFact]
    public void Plugin_Killed_IsStartedAgainAndLosesOnlyWhatItHeld()
    {
        using PluginNode node = new();
        int killed = node.PluginPid!.Value;
        int count = node.Load(Tag, 1000, () =>
        {
            Thread.Sleep(500);
            AuditMachine.Run("kill", "-KILL", $"{killed}");
            Thread.Sleep(Trouble);
        });
        Eventually.True(() => PluginNode.Numbers(node.Lines, Tag) is [.., var last] && last == count - 1, CatchUp, () => node.Log);
        Assert.NotEqual(killed, node.PluginPid);
        int seen = PluginNode.Numbers(node.Lines, Tag).Distinct().Count();
        // Its memory and the pipe: some 10 ms, and what auditd wrote until it noticed.
        Assert.InRange(count - seen, 0, 300);
        Finish(node, "plugin killed", count, seen);
    }

    private static string Others(TcpSink sink) =>
        string.Join('\n', sink.Lines.Where(line => PluginNode.Arguments(line) is not [_, { } argument] || !argument.StartsWith(Tag, StringComparison.Ordinal)).Take(20));

    private void Finish(PluginNode node, string what, int count, int seen)
    {
        Dictionary<string, string> status = AuditMachine.Status();
        node.Stop();
        JsonNode report = PluginNode.Report, a = report["accounts"]!;
        output.WriteLine($"{what}: {count} programs, {seen} delivered, {count - seen} not; plugin: received {a["received"]}, lost {a["lost"]}, spooled {a["spooled"]}; "
            + $"kernel: lost {status["lost"]}, waited {status["backlog_wait_time_actual"]}");
        PluginNode.AssertBalanced(report);
        // 1,000 a second where nothing else runs; a load, at any rate.
        Assert.InRange(count, (int)(Trouble.TotalSeconds * 100), int.MaxValue);
        Assert.Equal("0", status["lost"]);
        Assert.Equal("0", status["backlog_wait_time_actual"]);
    }
}
