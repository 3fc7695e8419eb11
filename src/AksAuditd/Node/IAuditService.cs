namespace AksAuditd.Node;

/// <summary>What the audit daemon on the node is doing.</summary>
/// <param name="Pid">Its process id; null when it does not run.</param>
/// <param name="Detail">What there is to say when it does not: the manager's word, or its last words.</param>
internal sealed record AuditServiceState(int? Pid, string Detail)
{
    /// <summary>Whether it runs.</summary>
    public bool IsRunning => Pid is not null;
}

/// <summary>The signals that auditd understands (auditd(8)). The values are those of signal(7).</summary>
internal enum AuditdSignal
{
    /// <summary>SIGHUP: read auditd.conf and the plugin files again.</summary>
    Reload = 1,

    /// <summary>SIGTERM: end.</summary>
    Stop = 15,

    /// <summary>SIGCONT: write the state to a file (since 3.0).</summary>
    ReportState = 18,
}

/// <summary>auditd as a service of the node. Everything throws <see cref="NodeException"/> with auditd's last words when it fails.</summary>
internal interface IAuditService
{
    /// <summary>Who manages it: <c>systemd</c>, <c>direct</c>, or <c>embedded</c> when it is the agent itself.</summary>
    string Manager { get; }

    /// <summary>What messages call it.</summary>
    string Name => "auditd";

    /// <summary>Whether it runs now. Starts no program while it runs: under a rule on execve, each poll would make events.</summary>
    Task<AuditServiceState> GetStateAsync(CancellationToken cancel);

    /// <summary>Starts it and waits until it runs; does nothing when it does.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Ends it and waits until it ended. The kernel keeps its rules.</summary>
    Task StopAsync(CancellationToken cancel);

    /// <summary>Sends it a signal.</summary>
    /// <exception cref="NodeException">It does not run, or the signal was denied; the message says which.</exception>
    Task SignalAsync(AuditdSignal signal, CancellationToken cancel);

    /// <summary>Makes it read auditd.conf and its plugin files again.</summary>
    Task ReloadAsync(CancellationToken cancel) => SignalAsync(AuditdSignal.Reload, cancel);

    /// <summary>Resets the manager's count of failed starts. After five failures in ten seconds systemd refuses every start until then.</summary>
    Task ForgetFailuresAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Stops and starts it.</summary>
    async Task RestartAsync(CancellationToken cancel)
    {
        await StopAsync(cancel).ConfigureAwait(false);
        await StartAsync(cancel).ConfigureAwait(false);
    }
}
