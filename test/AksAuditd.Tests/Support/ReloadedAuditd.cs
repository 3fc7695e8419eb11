using AksAuditd.Node;

namespace AksAuditd.Tests.Support;

/// <summary>An auditd that runs, and does with the first, second … SIGHUP what it is told; nobody waits for that.</summary>
internal sealed class ReloadedAuditd(Func<int, Task> reload) : IAuditService
{
    public string Manager => "test";

    public int Reloads { get; private set; }

    public int Restarts { get; private set; }

    public Task<AuditServiceState> GetStateAsync(CancellationToken cancel) => Task.FromResult(new AuditServiceState(Environment.ProcessId, ""));

    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task SignalAsync(AuditdSignal signal, CancellationToken cancel)
    {
        if (signal == AuditdSignal.Reload) _ = reload(++Reloads);
        return Task.CompletedTask;
    }

    public Task RestartAsync(CancellationToken cancel)
    {
        Restarts++;
        return Task.CompletedTask;
    }
}
