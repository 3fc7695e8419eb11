using AksAuditd.Configuration;
using AksAuditd.Node;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>Sees that auditd runs and has the kernel's audit socket. Starts it again with growing patience; fights nobody who has the socket.</summary>
internal sealed class ServiceKeeper(Settings settings, IAuditService service, IAuditKernel kernel, TimeProvider clock, ILogger log)
{
    private readonly RetryBackoff _backoff = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private string? _problem;
    private bool _ran;
    private DateTimeOffset? _seen;

    /// <summary>auditd's process id when it was last seen.</summary>
    public int? Pid { get; private set; }

    /// <summary>When it was started last, by this agent; null when it did not have to be.</summary>
    public ServiceStart? Started { get; private set; }

    /// <summary>Looks, and starts auditd when it does not run.</summary>
    /// <returns>Why it is not as it should be; null when it is.</returns>
    public async Task<string?> KeepAsync(CancellationToken cancel)
    {
        AuditServiceState state = await service.GetStateAsync(cancel).ConfigureAwait(false);
        Pid = state.Pid;
        if (Owner(state.Pid) is { } owner) return _problem = owner;
        if (state.IsRunning)
        {
            (_problem, _ran, _seen) = (null, true, clock.GetUtcNow());
            _backoff.Succeeded();
            return null;
        }

        // The agent is not its own daemon before it has started that.
        bool isFirst = service.Manager == "embedded" && !_ran;
        if (_problem is null && !isFirst) log.LogWarning("{Service} does not run: {Detail}", service.Name, state.Detail);
        if (_ran && settings.Drift == DriftMode.Report) return _problem = $"{service.Name} does not run: {state.Detail} (drift: report)";
        if (!_backoff.IsDue) return _problem;
        try
        {
            await service.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (NodeException e)
        {
            TimeSpan wait = _backoff.Failed();
            return _problem = $"{e.Message}; trying again in {GoDuration.Format(wait)} at the earliest";
        }

        Pid = (await service.GetStateAsync(cancel).ConfigureAwait(false)).Pid;
        (_problem, _ran) = (null, true);
        if (!isFirst) Started = new(clock.GetUtcNow(), _seen, state.Detail);
        _seen = clock.GetUtcNow();
        log.LogInformation("{Service} started ({Manager}), pid {Pid}", service.Name, service.Manager, Pid);
        return null;
    }

    // The kernel sends its records to one process. A dead owner is no owner: the kernel finds out when it next sends.
    private string? Owner(int? auditd)
    {
        uint owner = kernel.ReadStatus().Pid;
        if (owner == 0 || owner == auditd || owner == Environment.ProcessId) return null;
        string? name = ProcessInfo.Name((int)owner);
        return name is null or "auditd" ? null
            : $"the kernel's audit socket belongs to another program: {name}, pid {owner}; {service.Name} gets no records while it has it";
    }
}
