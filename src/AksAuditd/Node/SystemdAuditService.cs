using System.Globalization;

namespace AksAuditd.Node;

/// <summary>
/// auditd as a systemd unit, through <c>systemctl</c> run in the node's root. systemd sends the signals too: a container runtime's AppArmor profile denies
/// kill(2) on processes outside of the container. See <c>docs/decisions/confinement.md</c>.
/// </summary>
internal sealed class SystemdAuditService(NodeCommand commands) : IAuditService
{
    private const string Unit = "auditd.service";
    private const string StartLimitHit = "start-limit-hit";
    private static readonly TimeSpan Query = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Change = TimeSpan.FromSeconds(90);

    public string Manager => "systemd";

    public async Task<AuditServiceState> GetStateAsync(CancellationToken cancel) =>
        AuditdProcess.Find() is { } pid ? new(pid, "") : StateOf(await ShowAsync(cancel).ConfigureAwait(false));

    public async Task StartAsync(CancellationToken cancel)
    {
        // After five failed starts in ten seconds systemd refuses every further one, whoever asks, until it is told to forget them.
        if ((await ShowAsync(cancel).ConfigureAwait(false)).GetValueOrDefault("ActiveState") == "failed") await ForgetFailuresAsync(cancel).ConfigureAwait(false);
        await ControlAsync("start", mustRun: true, cancel).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancel)
    {
        Dictionary<string, string> properties = await ShowAsync(cancel).ConfigureAwait(false);
        if (properties.GetValueOrDefault("RefuseManualStop") != "yes")
        {
            await ControlAsync("stop", mustRun: false, cancel).ConfigureAwait(false);
            return;
        }

        // Upstream's unit forbids "systemctl stop" so that the stop is audited with the user who asked; a signal to the main process works.
        if (Pid(properties) is null) return;
        await SignalAsync(AuditdSignal.Stop, cancel).ConfigureAwait(false);
        await WaitAsync(running: false, cancel).ConfigureAwait(false);
    }

    public async Task SignalAsync(AuditdSignal signal, CancellationToken cancel)
    {
        // Not "systemctl reload": Debian's unit has no ExecReload. The main process alone: auditd passes the signal on to those plugins that want it.
        CommandResult result = await KillAsync("--kill-who=main", signal, cancel).ConfigureAwait(false);
        // Named --kill-whom since systemd 252, which takes both.
        if (result.ExitCode != 0 && result.Error.Contains("option", StringComparison.Ordinal)) result = await KillAsync("--kill-whom=main", signal, cancel).ConfigureAwait(false);
        if (result.ExitCode == 0) return;
        AuditServiceState state = await GetStateAsync(cancel).ConfigureAwait(false);
        throw new NodeException("auditd", state.IsRunning
            ? $"(pid {state.Pid}) cannot be sent {signal.Name()}: systemctl kill: {Words(result)}"
            : $"cannot be sent {signal.Name()}: {state.Detail}");
    }

    public async Task ForgetFailuresAsync(CancellationToken cancel) =>
        await commands.RunAsync("systemctl", ["reset-failed", Unit], Query, cancel).ConfigureAwait(false);

    private Task<CommandResult> KillAsync(string whom, AuditdSignal signal, CancellationToken cancel) =>
        commands.RunAsync("systemctl", ["kill", whom, $"--signal={signal.Name()}", Unit], Query, cancel);

    private async Task ControlAsync(string verb, bool mustRun, CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("systemctl", [verb, Unit], Change, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw await FailureAsync($"systemctl {verb} failed: {result.LastWords()}", cancel).ConfigureAwait(false);
        await WaitAsync(mustRun, cancel).ConfigureAwait(false);
    }

    private async Task WaitAsync(bool running, CancellationToken cancel)
    {
        AuditServiceState state = await AskAsync(cancel).ConfigureAwait(false);
        for (int i = 0; i < 50 && state.IsRunning != running; i++)
        {
            await Task.Delay(100, cancel).ConfigureAwait(false);
            state = await AskAsync(cancel).ConfigureAwait(false);
        }

        if (state.IsRunning != running)
            throw await FailureAsync(running ? $"did not start: {state.Detail}" : "did not stop", cancel).ConfigureAwait(false);
    }

    // systemd's own word: while a service starts or stops its process says less.
    private async Task<AuditServiceState> AskAsync(CancellationToken cancel) => StateOf(await ShowAsync(cancel).ConfigureAwait(false));

    private static AuditServiceState StateOf(Dictionary<string, string> properties) =>
        properties.GetValueOrDefault("LoadState") == "not-found" ? new(null, "auditd is not installed (systemd knows no auditd.service)")
        : properties.GetValueOrDefault("ActiveState") == "active" && Pid(properties) is { } pid ? new(pid, "")
        : new(null, $"auditd.service is {properties.GetValueOrDefault("ActiveState")} ({properties.GetValueOrDefault("Result")})");

    private async Task<NodeException> FailureAsync(string what, CancellationToken cancel)
    {
        string journal = "";
        if (commands.Find("journalctl") is not null)
        {
            CommandResult result = await commands.RunAsync("journalctl", ["-u", Unit, "-n", "50", "-o", "cat", "--no-pager"], Query, cancel).ConfigureAwait(false);
            journal = $"; its last words: {LastWords(result.Output)}";
        }

        return new NodeException("auditd", what + journal);
    }

    /// <summary>The last five lines of a unit's journal that say why: what systemd writes about its own attempts, more with each of them, is left out.</summary>
    internal static string LastWords(string journal)
    {
        string[] lines = [.. journal.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        string[] telling = [.. lines.Where(l => !SaysAttempt(l))];
        return string.Join(" | ", (telling.Length > 0 ? telling : lines).Distinct().TakeLast(5));
    }

    /// <summary>systemctl's last words, and what they mean here: denied by a security module, or not reached at all.</summary>
    public static string Words(CommandResult result) =>
        result.LastWords() + (result.Error.Contains("denied", StringComparison.OrdinalIgnoreCase) ? Confinement.DeniedHint() : " (is hostPID on?)");

    private static bool SaysAttempt(string line) =>
        line.StartsWith("Start", StringComparison.Ordinal) || line.StartsWith("Stopp", StringComparison.Ordinal)
        || line.Contains("Scheduled restart job", StringComparison.Ordinal) || line.Contains("Start request repeated too quickly", StringComparison.Ordinal)
        || line.Contains(StartLimitHit, StringComparison.Ordinal) || line.Contains("Consumed ", StringComparison.Ordinal)
        || line.Contains("Deactivated successfully", StringComparison.Ordinal);

    private static int? Pid(Dictionary<string, string> properties) =>
        int.TryParse(properties.GetValueOrDefault("MainPID"), CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;

    private async Task<Dictionary<string, string>> ShowAsync(CancellationToken cancel)
    {
        CommandResult result = await commands
            .RunAsync("systemctl", ["show", Unit, "-p", "LoadState,ActiveState,Result,MainPID,RefuseManualStop"], Query, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw new NodeException("systemctl", $"does not answer: {Words(result)}");
        return result.Output.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim());
    }
}
