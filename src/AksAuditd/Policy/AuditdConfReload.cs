using AksAuditd.Node;
using AksAuditd.Node.Setup;
using LinuxAudit.Kernel;
using LinuxAudit.Plugins;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Makes auditd take over a changed auditd.conf, by SIGHUP, and sees that it did: it says so in its log, its log goes on, and its plugins are fed. No record
/// is lost by it. What auditd takes over only when it starts is named; it is not restarted for that. An auditd that did not is brought back with the old file
/// by a restart, since after a file that it refused it does not listen to SIGHUP any more (3.0.9), and is not given the same file again. It says nothing of a
/// file that it refuses: one silence may be a busy node's, so that the file is given to the auditd that was started anew once more.
/// </summary>
internal sealed class AuditdConfReload(IAuditService service, IAuditKernel kernel, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConfirmedReload _reload = new(service);
    private string? _silentOf;
    private string? _refused;

    /// <summary>Whether auditd has refused this file before.</summary>
    public bool HasRefused(FileChange change) => change.Desired!.Sha256 == _refused;

    /// <summary>Called after the file of <paramref name="change"/> is in place. Starts auditd when it does not run and nobody else has the audit socket.</summary>
    /// <param name="change">The change.</param>
    /// <param name="putBack">Puts back everything as it was before the change, and says what could not be; null when the change itself put something back.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="NodeException">auditd did not take it over, or does not do its work with it, and runs with what was there before.</exception>
    public async Task ApplyAsync(FileChange change, Func<string?>? putBack, CancellationToken cancel)
    {
        try
        {
            await TakeOverAsync(change, cancel).ConfigureAwait(false);
        }
        catch (NodeException e)
        {
            string? also = null;
            if (putBack is not null)
            {
                also = putBack();
                // auditd's own word. Where something on the way to it failed, as on a node without CPU time to spare, the file may be good.
                if (e.Path == service.Name) _refused = change.Desired!.Sha256;
            }

            await service.RestartAsync(cancel).ConfigureAwait(false);
            if (also is null) throw;
            throw new NodeException(e.Path, $"{e.Message[(e.Path.Length + 2)..]}; and not everything could be put back: {also}");
        }
    }

    private async Task TakeOverAsync(FileChange change, CancellationToken cancel)
    {
        if ((await service.GetStateAsync(cancel).ConfigureAwait(false)).Pid is not { } pid)
        {
            if (SocketOwner.Stranger(kernel) is null) await service.StartAsync(cancel).ConfigureAwait(false);
            return;
        }

        if (change.Kind == FileChangeKind.Mode) return;
        AuditdConf now = Parse(change.Desired!.Content), before = Parse(change.PresentContent ?? []);
        string auditLog = now.Get("log_file") ?? LogTail.AuditLog;
        bool tells = SaysSo(now) && SaysSo(before) && auditLog == (before.Get("log_file") ?? LogTail.AuditLog);
        switch (await _reload.SendAsync(auditLog, mustAnswer: tells, cancel).ConfigureAwait(false))
        {
            case ReloadAnswer.NotRead: throw new NodeException($"{change.Set.Target}/{change.Name}", "auditd, asked three times, has not read it, as on a busy node");
            case ReloadAnswer.Silent when _silentOf == change.Desired.Sha256:
                throw new NodeException("auditd", $"was given another {change.Name} and, asked three times, did not take it over, nor when it was started anew and asked again");
            case ReloadAnswer.Silent:
                _silentOf = change.Desired.Sha256;
                throw new NodeException($"{change.Set.Target}/{change.Name}", "auditd, asked three times, says nothing of it: it refuses it, or stands still");
            default:
                _silentOf = null;
                break;
        }

        string? problem;
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        string plugins = now.Get("plugin_dir") ?? $"{change.Set.Target}/plugins.d";
        while ((problem = await ProblemAsync(pid, plugins, cancel).ConfigureAwait(false)) is not null && Environment.TickCount64 < deadline) await Task.Delay(50, cancel).ConfigureAwait(false);

        if (problem is not null) throw new NodeException("auditd", $"was given another {change.Name}, and {problem}");
        log.LogInformation("auditd took over {Path}", $"{change.Set.Target}/{change.Name}");
        if (change.PresentContent is not null && now.NeedStart(before) is { Count: > 0 } keys) log.LogWarning("auditd takes over {Keys} only when it starts again", string.Join(", ", keys));
    }

    private async Task<string?> ProblemAsync(int pid, string plugins, CancellationToken cancel)
    {
        if (ProcessInfo.Name(pid) is null) return "it has ended";
        if (kernel.ReadStatus().Pid != pid) return "it does not have the kernel's audit socket";
        AuditdReport? report = await AuditdReport.AskAsync(service, cancel).ConfigureAwait(false);
        return report?.LoggingSuspended == true ? "it has suspended its log"
            : report?.QueueSize == 0 && HasActivePlugin(plugins) ? "it feeds its plugins no more"
            : null;
    }

    // Without one auditd has no queue either: somebody may have taken its file away just before auditd read them all again.
    private static bool HasActivePlugin(string path)
    {
        try
        {
            using NodeDirectory directory = NodeDirectory.Open(path);
            return directory.List().Exists(e => e.Kind == EntryKind.Regular && e.Size <= FileSet.MaximumFileSize && e.Name.EndsWith(".conf", StringComparison.Ordinal)
                && PluginParser.Parse(e.Name, directory.Read(e.Name, FileSet.MaximumFileSize), out _).Active);
        }
        catch (NodeException)
        {
            // Changed while it was looked at: asked again at once.
            return true;
        }
    }

    private static bool SaysSo(AuditdConf conf) =>
        !"no".Equals(conf.Get("write_logs"), StringComparison.OrdinalIgnoreCase) && !"nolog".Equals(conf.Get("log_format"), StringComparison.OrdinalIgnoreCase);

    private static AuditdConf Parse(byte[] content) => AuditdConfParser.Parse(AuditdConf.FileName, content, out _);
}
