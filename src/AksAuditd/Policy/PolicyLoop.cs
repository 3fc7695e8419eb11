using AksAuditd.Configuration;
using AksAuditd.Node;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>Makes passes: at once when a source or the kernel's audit configuration changes or a missing directory or user may have come, and at each poll interval.</summary>
internal sealed class PolicyLoop(Settings settings, NodeRoot root, PolicyAgent agent, ILogger log)
{
    // A pass may wait this long for a service to start on a slow node before the loop counts as stuck.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    // A kubelet makes several changes in a row; they settle within this time.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(20);

    private long _lastTurn = Environment.TickCount64;

    /// <summary>Whether the loop still turns.</summary>
    public bool IsAlive => Environment.TickCount64 - Volatile.Read(ref _lastTurn) < (settings.PollInterval + Slack).TotalMilliseconds;

    /// <summary>Runs until cancelled.</summary>
    /// <returns>False when it ended of itself, because only a new container can go on.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        WritableMounts mounts = new([.. FileSet.From(settings).Select(s => s.Target), settings.StateDirectory]);
        using SemaphoreSlim wake = new(0);
        using DriftListener? drift = DriftListener.TryStart(() => Wake(wake), log);
        using SourceWatcher watcher = new(FileSet.From(settings), root, () => Wake(wake), log);
        bool worked = true;
        using CauseWatcher causes = new(() => Wake(wake), log);
        try
        {
            while (true)
            {
                if (mounts.Lost() is { } lost)
                {
                    log.LogCritical("{Directory} was replaced on the node and what is there now is read-only here: ending, so that it is mounted anew", lost);
                    return false;
                }

                if (settings.Watch) watcher.Refresh();
                await agent.PassAsync(cancel).ConfigureAwait(false);
                if (settings.Watch) causes.Watch(agent.Missing);
                Volatile.Write(ref _lastTurn, Environment.TickCount64);

                // What only the start or a change needed is given back before the long rest.
                if (worked && !agent.HasChanged) OwnMemory.Trim();
                worked = agent.HasChanged;
                if (!await wake.WaitAsync(Rest(agent.NextRepair), cancel).ConfigureAwait(false)) continue;
                await Task.Delay(Settle, cancel).ConfigureAwait(false);
                while (wake.CurrentCount > 0) await wake.WaitAsync(cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return true;
        }
    }

    // A repair that waits is not to wait for the poll as well. One millisecond more: timers count whole ones.
    private TimeSpan Rest(TimeSpan? nextRepair) =>
        nextRepair is { } next && next < settings.PollInterval ? next + TimeSpan.FromMilliseconds(1) : settings.PollInterval;

    private static void Wake(SemaphoreSlim wake)
    {
        try
        {
            if (wake.CurrentCount == 0) wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // An event that came with the end.
        }
    }
}
