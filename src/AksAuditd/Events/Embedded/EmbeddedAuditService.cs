using AksAuditd.Events.Reporting;
using AksAuditd.Events.Sources;
using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Events.Embedded;

/// <summary>
/// This process as the node's audit daemon, for nodes that cannot have auditd: takes the kernel's audit socket and hands every event to the sink. A living
/// owner of the socket is not fought: it is named, and its events are listened to beside it until it goes.
/// </summary>
/// <param name="kernel">For who owns the socket, and the backlog.</param>
/// <param name="open">Makes the pipeline of a source, which belongs to it.</param>
/// <param name="settings">Reads the settings of events; null when they are not valid.</param>
/// <param name="log">For people.</param>
internal sealed class EmbeddedAuditService(IAuditKernel kernel, Func<IRecordSource, EventsProgram> open, Func<EventsSettings?> settings, ILogger log) : IAuditService, IDisposable
{
    // As auditd's packages set it: with the kernel's 64 a burst of processes waits for us.
    private const uint LeastBacklog = 8192;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private readonly object _gate = new();
    private readonly bool _onlyLooks;
    private Reader? _reader;

    /// <summary>For a process that only wants to know how the agent's daemon is.</summary>
    public EmbeddedAuditService(IAuditKernel kernel)
        : this(kernel, _ => throw new NotSupportedException(), () => null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance) => _onlyLooks = true;

    public string Manager => "embedded";

    public string Name => "the agent's own audit daemon";

    /// <summary>What is read, and what became of it; null while nothing is.</summary>
    public EventsReport? Report => Volatile.Read(ref _reader)?.Program.Report.Last;

    public Task<AuditServiceState> GetStateAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_reader is { IsOwner: true, Failure: null }) return Task.FromResult(new AuditServiceState(Environment.ProcessId, ""));
            uint owner = kernel.ReadStatus().Pid;
            if (owner != 0 && owner != Environment.ProcessId && ProcessInfo.Name((int)owner) is { } name)
            {
                if (_onlyLooks && name == "aks-auditd") return Task.FromResult(new AuditServiceState((int)owner, ""));
                if (!_onlyLooks) Listen(name, owner);
                return Task.FromResult(new AuditServiceState(null, $"{name} (pid {owner}) has the kernel's audit socket"));
            }

            return Task.FromResult(new AuditServiceState(null, _reader?.Failure ?? "it has not been started"));
        }
    }

    public Task StartAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_reader is { IsOwner: true, Failure: null }) return Task.CompletedTask;
            AuditStatus status = kernel.ReadStatus();
            if (status.BacklogLimit < LeastBacklog && status.Enabled != AuditEnabled.Locked)
                kernel.SetStatus(new AuditStatus { Mask = AuditStatusMask.BacklogLimit, BacklogLimit = LeastBacklog });
            // The socket of one that does not read any more is still the kernel's: only who gives it back can take it again.
            if (_reader is { IsOwner: true })
            {
                _reader.Dispose();
                _reader = null;
            }

            IRecordSource source = KernelSource.TryOwn(out Errno error)
                ?? throw new NodeException("kernel audit", $"the audit socket cannot be taken: {NodeKernel.Describe(KernelCall.BecomeDaemon, error)}");
            _reader?.Dispose();
            _reader = new(source, open, isOwner: true, log);
            return Task.CompletedTask;
        }
    }

    public Task StopAsync(CancellationToken cancel)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A reload reads the settings of events again; the other signals mean nothing to it.</summary>
    public Task SignalAsync(AuditdSignal signal, CancellationToken cancel)
    {
        if (signal != AuditdSignal.Reload) return Task.CompletedTask;
        lock (_gate)
        {
            if (_reader is not { } reader || settings() is not { } changed) return Task.CompletedTask;
            reader.Program.Change(changed);
            reader.Program.Report.TellSettings(null);
        }

        return Task.CompletedTask;
    }

    /// <summary>Gives the socket back, and delivers what has come.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _reader?.Dispose();
            _reader = null;
        }
    }

    private void Listen(string owner, uint pid)
    {
        if (_reader is { IsOwner: false, Failure: null }) return;
        try
        {
            IRecordSource source = KernelSource.Listen();
            _reader?.Dispose();
            _reader = new(source, open, isOwner: false, log);
            log.LogWarning("{Owner} (pid {Pid}) has the kernel's audit socket; listening beside it, where the kernel may drop records", owner, pid);
        }
        catch (NodeException e)
        {
            log.LogWarning("{Owner} (pid {Pid}) has the kernel's audit socket, and listening beside it is not possible: {Reason}", owner, pid, e.Message);
        }
    }

    /// <summary>A pipeline and its thread.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;

        public Reader(IRecordSource source, Func<IRecordSource, EventsProgram> open, bool isOwner, ILogger log)
        {
            IsOwner = isOwner;
            Program = open(source);
            _thread = new(() => Run(log)) { IsBackground = true, Name = "events" };
            _thread.Start();
        }

        public bool IsOwner { get; }

        public EventsProgram Program { get; }

        /// <summary>Why it does not read any more; null while it does.</summary>
        public string? Failure { get; private set; }

        public void Dispose()
        {
            _stop.Cancel();
            if (!_thread.Join(StopLimit)) return;
            Program.Dispose();
            _stop.Dispose();
        }

        private void Run(ILogger log)
        {
            try
            {
                Program.Run(_stop.Token);
                Failure = Program.IsClosed ? "nobody reads standard output any more" : "it has ended";
            }
            catch (NodeException e)
            {
                Failure = e.Message;
                log.LogError("events: {Reason}", e.Message);
            }
        }
    }
}
