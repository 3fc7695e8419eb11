using System.Globalization;
using AksAuditd.Node.Interop;

namespace AksAuditd.Node;

/// <summary>auditd as a systemd unit, through <c>systemctl</c> run in the node's root.</summary>
internal sealed class SystemdAuditService(NodeCommand commands) : IAuditService
{
    private const string Unit = "auditd.service";
    private static readonly TimeSpan Query = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Change = TimeSpan.FromSeconds(90);

    public string Manager => "systemd";

    public async Task<AuditServiceState> GetStateAsync(CancellationToken cancel)
    {
        Dictionary<string, string> properties = await ShowAsync(cancel).ConfigureAwait(false);
        if (properties.GetValueOrDefault("LoadState") == "not-found") return new(null, "auditd is not installed (systemd knows no auditd.service)");
        return properties.GetValueOrDefault("ActiveState") == "active" && Pid(properties) is { } pid
            ? new(pid, "")
            : new(null, $"auditd.service is {properties.GetValueOrDefault("ActiveState")} ({properties.GetValueOrDefault("Result")})");
    }

    public Task StartAsync(CancellationToken cancel) => ControlAsync("start", mustRun: true, cancel);

    public async Task StopAsync(CancellationToken cancel)
    {
        Dictionary<string, string> properties = await ShowAsync(cancel).ConfigureAwait(false);
        if (properties.GetValueOrDefault("RefuseManualStop") != "yes")
        {
            await ControlAsync("stop", mustRun: false, cancel).ConfigureAwait(false);
            return;
        }

        // Upstream's unit forbids "systemctl stop" so that the stop is audited with the user who asked; a signal to the main process works.
        if (Pid(properties) is not { } pid) return;
        ProcessCalls.Kill(pid, 15);
        await WaitAsync(running: false, cancel).ConfigureAwait(false);
    }

    public async Task ReloadAsync(CancellationToken cancel)
    {
        // Debian's unit has no ExecReload: "systemctl reload" fails there, the signal is what auditd documents.
        if (Pid(await ShowAsync(cancel).ConfigureAwait(false)) is not { } pid || ProcessCalls.Kill(pid, 1) != 0)
            throw new NodeException("auditd", "cannot be told to reload: it is not running");
    }

    private async Task ControlAsync(string verb, bool mustRun, CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("systemctl", [verb, Unit], Change, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw await FailureAsync($"systemctl {verb} failed: {result.LastWords()}", cancel).ConfigureAwait(false);
        await WaitAsync(mustRun, cancel).ConfigureAwait(false);
    }

    private async Task WaitAsync(bool running, CancellationToken cancel)
    {
        AuditServiceState state = await GetStateAsync(cancel).ConfigureAwait(false);
        for (int i = 0; i < 50 && state.IsRunning != running; i++)
        {
            await Task.Delay(100, cancel).ConfigureAwait(false);
            state = await GetStateAsync(cancel).ConfigureAwait(false);
        }

        if (state.IsRunning != running)
            throw await FailureAsync(running ? $"did not start: {state.Detail}" : "did not stop", cancel).ConfigureAwait(false);
    }

    private async Task<NodeException> FailureAsync(string what, CancellationToken cancel)
    {
        string journal = "";
        if (commands.Find("journalctl") is not null)
        {
            CommandResult result = await commands.RunAsync("journalctl", ["-u", Unit, "-n", "5", "-o", "cat", "--no-pager"], Query, cancel).ConfigureAwait(false);
            journal = $"; its last words: {result.LastWords(5)}";
        }

        return new NodeException("auditd", what + journal);
    }

    private static int? Pid(Dictionary<string, string> properties) =>
        int.TryParse(properties.GetValueOrDefault("MainPID"), CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;

    private async Task<Dictionary<string, string>> ShowAsync(CancellationToken cancel)
    {
        CommandResult result = await commands
            .RunAsync("systemctl", ["show", Unit, "-p", "LoadState,ActiveState,Result,MainPID,RefuseManualStop"], Query, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw new NodeException("systemctl", $"does not answer (is hostPID on?): {result.LastWords()}");
        return result.Output.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim());
    }
}
