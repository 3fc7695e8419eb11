using Microsoft.Extensions.Logging;

namespace AksAuditd.Node.Packages;

/// <summary>
/// Sees that packages are there. Asks the package manager before and after, because return codes lie; tries again with growing patience, because mirrors fail
/// and locks are held; finishes what an interrupted run left half done.
/// </summary>
internal sealed class PackageInstaller(IPackageManager manager, NodeCommand commands, TimeProvider clock, ILogger log)
{
    private const int Attempts = 4;
    private const int MostLines = 3;
    private static readonly string[] Verbs = ["update", "install", "purge", "remove", "makecache", "refresh", "--configure", "-e"];
    private static readonly string[] Telling = ["no space left", "enough free space", "error", "fail", "cannot", "unable", "e: ", "not found"];
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Query = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Change = TimeSpan.FromMinutes(15);

    /// <summary>The packages of auditd that are not installed, or not whole.</summary>
    public async Task<string[]> MissingAsync(CancellationToken cancel)
    {
        List<string> missing = [];
        foreach (string package in manager.AuditPackages)
            if (!manager.IsInstalled(await RunAsync(manager.Query(package), Query, cancel).ConfigureAwait(false))) missing.Add(package);
        return [.. missing];
    }

    /// <summary>Every package on the node, sorted.</summary>
    public async Task<string[]> ListAsync(CancellationToken cancel)
    {
        CommandResult result = await RunAsync(manager.List(), Query, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw Failure(manager.List(), result);
        return [.. manager.Listed(result.Output).Order(StringComparer.Ordinal)];
    }

    /// <summary>Installs auditd's packages.</summary>
    /// <param name="files">Package files to install them from; empty: from the node's repositories.</param>
    /// <param name="remember">
    /// Told all packages right before an install command and right after it; before it too, with what it is to bring, in case that nobody lives to see the end.
    /// </param>
    /// <param name="prepare">Called before each attempt: the packages' scripts start auditd, which systemd may refuse because of the attempt before.</param>
    /// <param name="cancel">Stops the package manager too.</param>
    /// <exception cref="NodeException">They are not all there afterwards; the message has the package manager's last words.</exception>
    public async Task InstallAsync(
        IReadOnlyList<string> files, Action<IReadOnlyList<string>, IReadOnlyList<string>> remember, Func<CancellationToken, Task> prepare, CancellationToken cancel)
    {
        TimeSpan wait = FirstWait;
        for (int attempt = 1; ; attempt++)
        {
            string[] missing = await MissingAsync(cancel).ConfigureAwait(false);
            if (missing.Length == 0) return;
            log.LogInformation("{Manager}: installing {Packages}{From}", manager.Name, string.Join(' ', missing), files.Count > 0 ? $" from {files.Count} files" : "");
            await prepare(cancel).ConfigureAwait(false);
            NodeException? failure = await TryAsync(missing, files, remember, cancel).ConfigureAwait(false);
            missing = await MissingAsync(cancel).ConfigureAwait(false);
            if (missing.Length == 0) return;

            failure ??= new NodeException(manager.Name, $"ended well, but not installed: {string.Join(' ', missing)}");
            if (attempt == Attempts || IsFinal(failure)) throw failure;
            // A mirror that was away has every node of the cluster at its door: they come one by one (docs/scale.md).
            TimeSpan now = wait * (0.5 + Random.Shared.NextDouble());
            log.LogWarning("{Failure}; trying again in {Seconds:0.0} s", failure.Message, now.TotalSeconds);
            await Task.Delay(now, clock, cancel).ConfigureAwait(false);
            wait *= 2;
        }
    }

    /// <summary>What <see cref="RemoveAsync"/> would remove beside these packages, because it needs them.</summary>
    /// <exception cref="NodeException">The package manager does not say.</exception>
    public async Task<string[]> AlsoRemovedAsync(IReadOnlyList<string> packages, CancellationToken cancel)
    {
        string[] there = [.. packages.Intersect(await ListAsync(cancel).ConfigureAwait(false))];
        if (there.Length == 0) return [];
        PackageCommand attempt = manager.TryRemove(there);
        CommandResult result = await RunAsync(attempt, Query, cancel).ConfigureAwait(false);
        string[] others = [.. manager.AlsoRemoved(result, there)];
        return others.Length > 0 || result.ExitCode == 0 ? others : throw Failure(attempt, result);
    }

    /// <summary>Removes packages, those that are there.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> packages, CancellationToken cancel)
    {
        string[] there = [.. packages.Intersect(await ListAsync(cancel).ConfigureAwait(false))];
        if (there.Length == 0) return;
        log.LogInformation("{Manager}: removing {Packages}", manager.Name, string.Join(' ', there));
        CommandResult result = await RunAsync(manager.Remove(there), Change, cancel).ConfigureAwait(false);
        string[] left = [.. there.Intersect(await ListAsync(cancel).ConfigureAwait(false))];
        if (left.Length > 0) throw new NodeException(manager.Name, $"did not remove {string.Join(' ', left)}: {result.LastWords()}");
    }

    private async Task<NodeException?> TryAsync(
        string[] missing, IReadOnlyList<string> files, Action<IReadOnlyList<string>, IReadOnlyList<string>> remember, CancellationToken cancel)
    {
        if (files.Count == 0 && manager.Refresh() is { } refresh)
        {
            // An out-of-date list may still do.
            CommandResult refreshed = await RunAsync(refresh, Change, cancel).ConfigureAwait(false);
            if (refreshed.ExitCode != 0) log.LogWarning("{What}", Failure(refresh, refreshed).Message);
        }

        NodeException? unmended = null;
        foreach (PackageCommand repair in manager.Repairs())
        {
            CommandResult repaired = await RunAsync(repair, Change, cancel).ConfigureAwait(false);
            unmended = repaired.ExitCode == 0 ? null : Failure(repair, repaired);
        }

        if (unmended is not null) log.LogWarning("{What}", unmended.Message);
        PackageCommand install = files.Count > 0 ? manager.InstallFiles(files) : manager.Install(missing);
        // Not earlier: the repairs have waited for whoever held the lock, and installed for himself.
        string[] before = await ListAsync(cancel).ConfigureAwait(false);
        remember(before, [.. before, .. missing]);
        try
        {
            CommandResult result = await RunAsync(install, Change, cancel).ConfigureAwait(false);
            return result.ExitCode == 0 ? null : Failure(install, result);
        }
        finally
        {
            remember(before, await ListAsync(CancellationToken.None).ConfigureAwait(false));
        }
    }

    // Waiting a few seconds makes no room; the pod's next start may find some.
    private static bool IsFinal(NodeException failure) =>
        failure.Message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
        || failure.Message.Contains("enough free space", StringComparison.OrdinalIgnoreCase);

    private Task<CommandResult> RunAsync(PackageCommand command, TimeSpan limit, CancellationToken cancel) =>
        commands.RunAsync(command.Program, command.Arguments, limit, cancel, command.Environment);

    private static NodeException Failure(PackageCommand command, CommandResult result)
    {
        string verb = command.Arguments.FirstOrDefault(a => Verbs.Contains(a)) ?? "";
        return new(command.Program, $"{verb} failed (exit code {result.ExitCode}): {Reason(result)}");
    }

    /// <summary>
    /// Why a package manager failed, on one line: the first lines that sound like it, since the last ones tend to say no more than that it did.
    /// </summary>
    public static string Reason(CommandResult result)
    {
        string[] lines = [.. $"{result.Error}\n{result.Output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        string[] telling = [.. lines.Where(l => Telling.Any(t => l.Contains(t, StringComparison.OrdinalIgnoreCase))).Distinct().Take(MostLines)];
        return telling.Length > 0 ? string.Join(" | ", telling) : result.LastWords();
    }
}
