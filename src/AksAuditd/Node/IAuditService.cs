namespace AksAuditd.Node;

/// <summary>What the audit daemon on the node is doing.</summary>
/// <param name="Pid">Its process id; null when it does not run.</param>
/// <param name="Detail">What there is to say when it does not: the manager's word, or its last words.</param>
internal sealed record AuditServiceState(int? Pid, string Detail)
{
    /// <summary>Whether it runs.</summary>
    public bool IsRunning => Pid is not null;
}

/// <summary>auditd as a service of the node. Everything throws <see cref="NodeException"/> with auditd's last words when it fails.</summary>
internal interface IAuditService
{
    /// <summary>Who manages it: <c>systemd</c>, <c>direct</c>, or <c>embedded</c> when it is the agent itself.</summary>
    string Manager { get; }

    /// <summary>What messages call it.</summary>
    string Name => "auditd";

    /// <summary>Whether it runs now.</summary>
    Task<AuditServiceState> GetStateAsync(CancellationToken cancel);

    /// <summary>Starts it and waits until it runs; does nothing when it does.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Ends it and waits until it ended. The kernel keeps its rules.</summary>
    Task StopAsync(CancellationToken cancel);

    /// <summary>Makes it read auditd.conf and its plugin files again (SIGHUP).</summary>
    Task ReloadAsync(CancellationToken cancel);

    /// <summary>Stops and starts it.</summary>
    async Task RestartAsync(CancellationToken cancel)
    {
        await StopAsync(cancel).ConfigureAwait(false);
        await StartAsync(cancel).ConfigureAwait(false);
    }
}
