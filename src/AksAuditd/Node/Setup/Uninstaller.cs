using AksAuditd.Configuration;
using AksAuditd.Node.Packages;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Node.Setup;

/// <summary>
/// Gives a node back as it was: the reverse of <see cref="Installer"/> and of what the agent did since. Every step may be done twice, and the state directory,
/// with the snapshots, goes last: a run that failed or was cut short is finished by the next one.
/// </summary>
internal sealed class Uninstaller(Settings settings, NodeSession node, ILogger log)
{
    /// <summary>Does it.</summary>
    /// <param name="owned">Paths of the files that the agent put on the node.</param>
    /// <param name="hasWorked">Whether an agent has changed this node.</param>
    /// <param name="removePackages">Whether packages that we installed go too.</param>
    /// <param name="cancel">Stops it between steps.</param>
    /// <exception cref="NodeException">Something could not be given back; the rest has been kept for the next try.</exception>
    public async Task<UninstallResult> RunAsync(IReadOnlyCollection<string> owned, bool hasWorked, bool removePackages, CancellationToken cancel)
    {
        node.Kernel.ReadStatus();
        using NodeDirectory state = NodeDirectory.OpenOrCreate(settings.StateDirectory);
        NodeSnapshot? before = NodeSnapshot.Read(state, NodeSnapshot.Before);
        string[] packages = [.. InstalledPackages.Read(state)?.Names ?? []];
        SystemdUnits units = new(node.Commands);
        List<string> left = [];

        // First, because with Restart=always auditd could not be stopped.
        await units.RemoveAsync(cancel).ConfigureAwait(false);
        if (before is not null)
        {
            PackageInstaller? installer = removePackages ? FindInstaller(packages) : null;
            if (installer is not null && await installer.AlsoRemovedAsync(packages, cancel).ConfigureAwait(false) is { Length: > 0 } others)
            {
                installer = null;
                left.Add($"packages stay: they would take {string.Join(' ', others)} with them, which install did not bring; remove by hand what nobody needs of {string.Join(' ', packages)}");
            }

            // Files that came with packages that stay are given back as the packages brought them.
            NodeSnapshot files = installer is not null ? before : NodeSnapshot.Read(state, NodeSnapshot.Packaged) ?? before;
            foreach (string line in FileRestore.Apply(files.Directories, owned)) log.LogInformation("{Line}", line);
            string[] unrecorded = [.. FileRestore.Unrecorded(files.Directories, owned).Where(path => !path.StartsWith($"{settings.StateDirectory}/", StringComparison.Ordinal))];
            if (unrecorded.Length > 0)
                left.Add($"there is no record of how the directories of these files of the agent were, so they stay; remove them by hand: {string.Join(", ", unrecorded)}");
            if (before.Auditd is { } auditd) await StopAsync(auditd, units, cancel).ConfigureAwait(false);
            left.AddRange(KernelRestore.Apply(before.Kernel, node.Kernel));
            if (installer is not null && await RemovePackagesAsync(installer, packages, before.Auditd, cancel).ConfigureAwait(false) is { } kept) left.Add(kept);
        }

        OwnBinary.Remove();
        // What an agent remembers is all that is known then.
        if (before is null && hasWorked)
            return new("our units and our program are gone, the rest of this node is as the agent left it", [NoRecord(owned)]);
        NodeDirectory.RemoveTree(settings.StateDirectory);
        return before is null
            ? new("nothing to give back: there is no record here of an install or of an agent", [])
            : new($"this node is as it was before aks-auditd{(left.Count > 0 ? ", but for that" : "")}", left);
    }

    private string NoRecord(IReadOnlyCollection<string> owned) =>
        "there is no record of how this node was before aks-auditd: the kernel's rules and control values, auditd, its packages"
        + $"{(owned.Count > 0 ? $", the agent's files ({string.Join(", ", owned)})" : "")} and {settings.StateDirectory} stay as they are";

    private async Task StopAsync(ServiceSnapshot was, SystemdUnits units, CancellationToken cancel)
    {
        AuditServiceState now = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
        if (was.Running)
        {
            // Its plugins are others now. Not restarted: between two auditds records would have nobody to go to.
            if (now.IsRunning) await node.Service.ReloadAsync(cancel).ConfigureAwait(false);
            else await node.Service.StartAsync(cancel).ConfigureAwait(false);
        }
        else if (now.IsRunning)
        {
            await node.Service.StopAsync(cancel).ConfigureAwait(false);
            log.LogInformation("auditd stopped, as it was");
        }

        bool wasEnabled = was is { Installed: true, Enabled: true };
        if (await units.IsEnabledAsync(cancel).ConfigureAwait(false) is { } enabled && enabled != wasEnabled)
            await units.SetEnabledAsync(wasEnabled, cancel).ConfigureAwait(false);
    }

    // Null when there is nothing to remove.
    private PackageInstaller? FindInstaller(string[] packages)
    {
        if (packages.Length == 0)
        {
            log.LogInformation("no packages to remove: install has installed none");
            return null;
        }

        IPackageManager manager = OsRelease.Read() is { } distribution && PackageManagers.For(distribution) is { } found
            ? found : throw new NodeException("this node", "its distribution is no longer known, so packages cannot be removed");
        return new(manager, node.Commands, TimeProvider.System, log);
    }

    // Returns why they stay; null when they are gone.
    private async Task<string?> RemovePackagesAsync(PackageInstaller installer, string[] packages, ServiceSnapshot? auditd, CancellationToken cancel)
    {
        if (auditd is { Installed: true })
        {
            await installer.RemoveAsync(packages, cancel).ConfigureAwait(false);
            return null;
        }

        AuditLogs logs = new();
        if (logs.PutAside() is { } reason) return $"packages stay: they would take {logs.Directory} with them, and it {reason}";
        try
        {
            await installer.RemoveAsync(packages, cancel).ConfigureAwait(false);
        }
        finally
        {
            if (logs.PutBack()) log.LogInformation("the audit logs stay in {Directory}", logs.Directory);
        }

        return null;
    }
}

/// <summary>What became of a node.</summary>
/// <param name="Said">In one sentence.</param>
/// <param name="Left">What is not as it was, one line each; empty when everything is, or when there was nothing to do.</param>
internal sealed record UninstallResult(string Said, IReadOnlyList<string> Left);
