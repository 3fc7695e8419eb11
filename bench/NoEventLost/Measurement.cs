using System.Diagnostics;
using LinuxAudit.Kernel;

namespace NoEventLost;

/// <summary>What came of one way.</summary>
/// <param name="Way">Its name.</param>
/// <param name="Changes">Policies applied.</param>
/// <param name="Processes">Processes run meanwhile.</param>
/// <param name="PerSecond">Of them a second.</param>
/// <param name="Missing">Of them without an EXECVE record.</param>
/// <param name="KernelLost">What the kernel says that it lost.</param>
/// <param name="MedianMilliseconds">Time that one change took, median.</param>
/// <param name="MaximumMilliseconds">The same, maximum.</param>
public sealed record Measurement(
    string Way, int Changes, int Processes, double PerSecond, int Missing, uint KernelLost, double MedianMilliseconds, double MaximumMilliseconds);

/// <summary>Measures how many of a stream of processes have no EXECVE record while policies change.</summary>
public static class Harness
{
    /// <summary>Ways that can be measured, by their short names.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["difference", "plain-moves", "augenrules", "restart"];

    /// <summary>
    /// Measures one way and puts the machine's audit state back. Needs root, auditd, a C compiler, rsync, and that no audit daemon runs.
    /// </summary>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="changes">Policies to apply, one after the other.</param>
    /// <param name="rate">Processes to run a second.</param>
    /// <param name="seed">Of the policies.</param>
    public static Measurement Run(string way, int changes, int rate, int seed)
    {
        string directory = Directory.CreateTempSubdirectory("no-event-lost-").FullName;
        try
        {
            using AuditClient client = AuditClient.Open();
            using KernelState state = new(client, directory);
            using AuditDaemon daemon = new(client, directory);
            ExecLoad.Compile(directory);
            Empty(client);
            Policies policies = new(client, seed);
            KernelState.Check("AUDIT_SET", client.SetStatus(new AuditStatus { Mask = AuditStatusMask.BacklogLimit, BacklogLimit = 8192 }));
            KernelState.Check("AUDIT_SET", client.ResetCounter(AuditStatusMask.Lost, out _));
            return Run(Way(way, client, daemon), policies, daemon, directory, changes, rate, client);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Measurement Run(
        IWay way, Policies policies, AuditDaemon daemon, string directory, int changes, int rate, AuditClient client)
    {
        daemon.Start();
        new DifferenceWay(client).Apply(policies);
        using ExecLoad load = ExecLoad.Start(directory, rate);
        List<double> times = [];
        for (int i = 0; i < changes; i++)
        {
            Thread.Sleep(50);
            policies.Change();
            Stopwatch clock = Stopwatch.StartNew();
            way.Apply(policies);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        Thread.Sleep(500);
        (int count, double seconds) = load.Stop();
        daemon.Drain();
        uint lost = daemon.Status().Lost;
        daemon.Stop();
        List<int> missing = ExecLog.Missing(daemon.LogPath, load.Tag, count);
        times.Sort();
        return new Measurement(way.Name, changes, count, count / seconds, missing.Count, lost, times[times.Count / 2], times[^1]);
    }

    private static IWay Way(string name, AuditClient client, AuditDaemon daemon) => name switch
    {
        "difference" => new DifferenceWay(client),
        "plain-moves" => new PlainMovesWay(client),
        "augenrules" => new AugenrulesWay(),
        "restart" => new RestartWay(daemon),
        _ => throw new ArgumentException($"no way is called {name}", nameof(name)),
    };

    private static void Empty(AuditClient client)
    {
        KernelState.Check("AUDIT_LIST_RULES", client.ListRules(out IReadOnlyList<KernelRule> rules));
        KernelState.Check("AUDIT_DEL_RULE", RuleDifference.Between(rules, []).Apply(client, out _));
    }
}
