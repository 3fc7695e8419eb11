using EndToEnd.Tests.Support;
using NoEventLost;

namespace EndToEnd.Tests.Kernel;

/// <summary>The short form of <c>bench/no-event-lost.sh</c>: real auditd, a stream of processes, and policies that change meanwhile.</summary>
public sealed class NoEventLostTests(ITestOutputHelper output) : IDisposable
{
    private const string ExpeditedPath = "/sys/kernel/rcu_expedited";

    private readonly string? _expedited = AuditMachine.IsUsable ? File.ReadAllText(ExpeditedPath) : null;

    public void Dispose()
    {
        if (_expedited is not null) File.WriteAllText(ExpeditedPath, _expedited);
    }

    [KernelFact]
    public void Difference_TwentyPolicyChanges_MissesNoProcess()
    {
        Measurement measured = Measure("difference", 20);
        Assert.Equal(20, measured.Changes);
        Assert.Equal(0, measured.Missing);
        Assert.Equal(0u, measured.KernelLost);
        // At 600 a second it is some 1,500; on a busy machine fewer.
        Assert.InRange(measured.Processes, 100, int.MaxValue);
    }

    /// <summary>That the harness can see what is missed.</summary>
    [KernelFact]
    public void Restart_ThreePolicyChanges_MissesMany()
    {
        Measurement measured = Measure("restart", 3);
        Assert.InRange(measured.Missing, 50, measured.Processes - 1);
    }

    private Measurement Measure(string way, int changes)
    {
        AuditMachine.EndDaemon();
        // As on a node: with the kernel's waits, which the other tests shorten.
        File.WriteAllText(ExpeditedPath, "0");
        int seed = Random.Shared.Next();
        Measurement measured = Harness.Run(way, changes, rate: 600, seed);
        output.WriteLine($"seed {seed}: {measured}");
        return measured;
    }
}
