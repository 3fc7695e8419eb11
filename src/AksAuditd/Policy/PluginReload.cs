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
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(5), ToStart = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // A plugin that auditd starts without its pipe ends within some milliseconds.
    private static readonly TimeSpan Stays = TimeSpan.FromMilliseconds(300);
    private readonly ConfirmedReload _reload = new(service);

    /// <summary>Called after the files of <paramref name="changes"/> are in place.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="unread">Paths of those of which it is not known what auditd has of them.</param>
    /// <param name="cancel">Stops it. A plugin that is switched off then is switched on again, and those files are unread.</param>
    /// <exception cref="NodeException">auditd did not take them over.</exception>
    public async Task ApplyAsync(IReadOnlyList<FileChange> changes, IReadOnlyList<string> unread, CancellationToken cancel)
    {
        if (changes.Count == 0) return;
        if (service.Manager == "embedded")
        {
            await service.ReloadAsync(cancel).ConfigureAwait(false);
            log.LogInformation("the agent took over {Files}", string.Join(", ", changes.Select(c => c.Name)));
            return;
        }

        FileChange[] toggled = AuditdRelease.RestartsPluginsOnReload(await version.GetAsync(cancel).ConfigureAwait(false)) ? [] : [.. changes.Where(c => NeedsToggle(c, unread.Contains(c.Path)))];
        if (toggled.Length > 0)
        {
            string[] programs = [.. toggled.SelectMany(c => (byte[]?[])[c.PresentContent, c.Desired!.Content]).OfType<byte[]>().Select(c => Parse(c, out _).Path).OfType<string>()];
            using PluginHold hold = PluginHold.Write(toggled[0].Set.Target, toggled[0].Set.Mode);
            Write(toggled, c => PluginFile.Deactivated(c.Desired!.Content));
            try
            {
                await ReloadAsync(cancel).ConfigureAwait(false);
                await WaitUntilGoneAsync(programs, cancel).ConfigureAwait(false);
            }
            finally
            {
                Write(toggled, c => c.Desired!.Content);
                hold.Dispose();
                // Nobody may come after us who switches them on.
                if (cancel.IsCancellationRequested) await service.ReloadAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        bool hasAnswered = await ReloadAsync(cancel).ConfigureAwait(false);
        string[] started = [.. changes.Where(c => c.Set.Name == FileSet.Plugins).Select(c => c.Desired).OfType<PolicyFile>().Select(f => Parse(f.Content, out _))
            .Where(p => p is { Active: true, Path: ['/', ..] }).Select(p => p.Path!)];
        if (hasAnswered && started.Length > 0) await SeeThatTheyRunAsync(started, cancel).ConfigureAwait(false);
        log.LogInformation("auditd took over {Files}", string.Join(", ", changes.Select(c => c.Name)));
    }

    // False where nothing is known: it has not said that it has read them.
    private async Task<bool> ReloadAsync(CancellationToken cancel)
    {
        ReloadAnswer answer = await _reload.SendAsync(LogTail.AuditLog, mustAnswer: false, cancel).ConfigureAwait(false);
        if (answer == ReloadAnswer.NotRead) throw new NodeException("auditd", "was told three times to read its plugin files again, and says that it did not");
        return answer == ReloadAnswer.Taken;
    }

    private static bool NeedsToggle(FileChange change, bool isUnread) =>
        change is { Desired: { } desired, Set.Name: FileSet.Plugins }
        && Parse(desired.Content, out _) is { Active: true } now
        && (isUnread || (change is { Kind: FileChangeKind.Changed, PresentContent: { } present }
            && Parse(present, out bool isValid) is { Active: true, Path: not null } before
            && isValid && now != before));

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

    // auditd 3.0.9 that was told to read files of which none is active may start none that comes after, or not for long, however often it is told: twice in a row always,
    // once on a slow node.
    private async Task SeeThatTheyRunAsync(string[] programs, CancellationToken cancel)
    {
        if (!AuditdRelease.RunsPluginsItself(await version.GetAsync(cancel).ConfigureAwait(false))) return;
        long? since = null;
        if (!await WaitAsync(ToStart, HaveStayed, cancel).ConfigureAwait(false))
        {
            log.LogWarning("auditd was told to run {Programs} and does not: it is started anew", string.Join(", ", programs));
            await service.RestartAsync(cancel).ConfigureAwait(false);
        }

        bool HaveStayed(List<string[]> children)
        {
            since = programs.All(p => children.Exists(c => c.Contains(p))) ? since ?? Environment.TickCount64 : null;
            return Environment.TickCount64 - since >= Stays.TotalMilliseconds;
        }
    }

    // auditd takes the signal in its own time; the plugin ends when its pipe is closed.
    private async Task WaitUntilGoneAsync(string[] programs, CancellationToken cancel)
    {
        if (!await WaitAsync(ToEnd, children => !children.Exists(c => programs.Contains(c[0])), cancel).ConfigureAwait(false))
            log.LogWarning("a plugin that was switched off still runs after {Seconds} s", (int)ToEnd.TotalSeconds);
    }

    // False when it is not so in time. An auditd that does not run has no children to wait for.
    private async Task<bool> WaitAsync(TimeSpan limit, Func<List<string[]>, bool> isSo, CancellationToken cancel)
    {
        if ((await service.GetStateAsync(cancel).ConfigureAwait(false)).Pid is not { } auditd) return true;
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!isSo([.. ProcessInfo.Children(auditd).Select(c => c.Words)]))
        {
            if (Environment.TickCount64 > deadline) return false;
            await Task.Delay(Look, cancel).ConfigureAwait(false);
        }

        return true;
    }
}
