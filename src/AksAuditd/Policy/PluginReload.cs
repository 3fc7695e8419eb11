using System.Collections.Immutable;
using AksAuditd.Node;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Makes auditd take over changed plugin files, with as little as this auditd needs and without a restart, during which the kernel's records would have nobody
/// to go to. SIGHUP starts and stops plugins; but up to 4.1.4 a plugin that stays active keeps the arguments it was started with, so that one is switched
/// off and on again. Plugins get the signal too, and ours reads events.yaml again.
/// </summary>
internal sealed class PluginReload(IAuditService service, AuditdVersion version, ILogger log)
{
    private static readonly Version RestartsAllPlugins = new(4, 2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConfirmedReload _reload = new(service);

    /// <summary>Called after the files of <paramref name="changes"/> are in place.</summary>
    public async Task ApplyAsync(IReadOnlyList<FileChange> changes, CancellationToken cancel)
    {
        if (changes.Count == 0) return;
        if (service.Manager == "embedded")
        {
            await service.ReloadAsync(cancel).ConfigureAwait(false);
            log.LogInformation("the agent took over {Files}", string.Join(", ", changes.Select(c => c.Name)));
            return;
        }

        FileChange[] toggled = await version.GetAsync(cancel).ConfigureAwait(false) >= RestartsAllPlugins ? [] : [.. changes.Where(NeedsToggle)];
        if (toggled.Length > 0)
        {
            string[] programs = [.. toggled.Select(c => Parse(c.PresentContent!, out _).Path!)];
            Write(toggled, c => PluginFile.Deactivated(c.Desired!.Content));
            try
            {
                await ReloadAsync(cancel).ConfigureAwait(false);
                await WaitUntilGoneAsync(programs, cancel).ConfigureAwait(false);
            }
            finally
            {
                Write(toggled, c => c.Desired!.Content);
            }
        }

        await ReloadAsync(cancel).ConfigureAwait(false);
        log.LogInformation("auditd took over {Files}", string.Join(", ", changes.Select(c => c.Name)));
    }

    private async Task ReloadAsync(CancellationToken cancel)
    {
        if (await _reload.SendAsync(LogTail.AuditLog, mustAnswer: false, cancel).ConfigureAwait(false) != ReloadAnswer.Taken)
            throw new NodeException("auditd", "was told three times to read its plugin files again, and says that it did not");
    }

    private static bool NeedsToggle(FileChange change) =>
        change is { Kind: FileChangeKind.Changed, PresentContent: not null, Set.Name: FileSet.Plugins }
        && Parse(change.Desired!.Content, out _) is { Active: true } now
        && Parse(change.PresentContent, out bool isValid) is { Active: true, Path: not null } before
        && isValid && now != before;

    private static PluginFile Parse(byte[] content, out bool isValid)
    {
        PluginFile plugin = PluginParser.Parse("", content, out ImmutableArray<Diagnostic> found);
        isValid = !found.Any(d => d.IsSourceError);
        return plugin;
    }

    private static void Write(FileChange[] changes, Func<FileChange, byte[]> content)
    {
        foreach (FileChange change in changes)
        {
            using NodeDirectory directory = NodeDirectory.Open(change.Set.Target);
            directory.Stage(change.Name, content(change), change.Set.Mode);
            directory.Commit(change.Name);
            directory.Sync();
        }
    }

    // auditd takes the signal in its own time; the plugin ends when its pipe is closed.
    private async Task WaitUntilGoneAsync(string[] programs, CancellationToken cancel)
    {
        if ((await service.GetStateAsync(cancel).ConfigureAwait(false)).Pid is not { } auditd) return;
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (ProcessInfo.Children(auditd).Any(c => programs.Contains(c.Program)))
        {
            if (Environment.TickCount64 > deadline)
            {
                log.LogWarning("a plugin that was switched off still runs after {Seconds} s", (int)Patience.TotalSeconds);
                return;
            }

            await Task.Delay(20, cancel).ConfigureAwait(false);
        }
    }
}
