using AksAuditd.Node.Interop;

namespace AksAuditd.Node;

/// <summary>
/// auditd on a host without systemd: <c>auditd -n</c> as a child in a session of its own, its standard streams in a file of the state
/// directory. It outlives us, so that a restart of the agent loses no event; an auditd that already runs is taken over by its pid file.
/// </summary>
internal sealed class DirectAuditService(NodeCommand commands, string stateDirectory) : IAuditService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _words = $"{stateDirectory}/auditd.out";
    private int? _child;

    public string Manager => "direct";

    public Task<AuditServiceState> GetStateAsync(CancellationToken cancel) => Task.FromResult(State());

    public async Task StartAsync(CancellationToken cancel)
    {
        string program = commands.Find("auditd") ?? throw new NodeException("auditd", "is not installed on the node");
        if (State().IsRunning) return;
        int child = ChildProcess.Start(program, ["auditd", "-n"], _words);

        // Its pid file is written once it owns the audit socket.
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (AuditdProcess.Find() != child)
        {
            if ((ChildProcess.HasEnded(child, out string how) ? how : null) is { } ended)
                throw new NodeException("auditd", $"did not start: it {ended}; its last words: {await ReasonAsync(cancel).ConfigureAwait(false)}");
            if (Environment.TickCount64 > deadline)
                throw new NodeException("auditd", $"did not get ready within {Patience.TotalSeconds:0} s; its last words: {LastWords()}");
            await Task.Delay(20, cancel).ConfigureAwait(false);
        }

        _child = child;
    }

    public async Task StopAsync(CancellationToken cancel)
    {
        if (State().Pid is not { } pid) return;
        Send(pid, AuditdSignal.Stop);
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (State().IsRunning)
        {
            if (Environment.TickCount64 > deadline) throw new NodeException("auditd", $"(pid {pid}) did not stop within {Patience.TotalSeconds:0} s");
            await Task.Delay(20, cancel).ConfigureAwait(false);
        }
    }

    public Task SignalAsync(AuditdSignal signal, CancellationToken cancel)
    {
        AuditServiceState state = State();
        Send(state.Pid ?? throw new NodeException("auditd", $"cannot be sent {signal.Name()}: {state.Detail}"), signal);
        return Task.CompletedTask;
    }

    private static void Send(int pid, AuditdSignal signal)
    {
        // It may have ended meanwhile, which is what a stop wants.
        if (ProcessCalls.Kill(pid, (int)signal) != 0 && (signal != AuditdSignal.Stop || NodeException.LastErrno != LinuxAudit.Interop.Errno.ESRCH))
            throw NodeException.FromLastCall("auditd", $"be sent {signal.Name()} (kill(2), pid {pid})");
    }

    private AuditServiceState State()
    {
        if (_child is { } child && ChildProcess.HasEnded(child, out string how))
        {
            _child = null;
            return new(null, $"auditd {how}; its last words: {LastWords()}");
        }

        return AuditdProcess.Find() is { } pid ? new(pid, "") : new(null, "auditd is not running");
    }

    // As a daemon auditd gives its reasons to syslog alone, which this host may not have; with -f it says them to us, and fails again.
    private async Task<string> ReasonAsync(CancellationToken cancel)
    {
        try
        {
            CommandResult result = await commands.RunAsync("auditd", ["-f"], TimeSpan.FromSeconds(3), cancel).ConfigureAwait(false);
            string[] lines = [.. (result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.Contains("_parser called with"))];
            return string.Join(" | ", lines.TakeLast(3));
        }
        catch (NodeException)
        {
            // It started this time; the next try will tell.
            return LastWords();
        }
    }

    private string LastWords()
    {
        try
        {
            string text = File.ReadAllText(_words).Trim();
            return text.Length == 0 ? "(none; it logs to syslog)" : string.Join(" | ", text.Split('\n').TakeLast(5));
        }
        catch (IOException e)
        {
            return $"({e.Message})";
        }
    }
}
