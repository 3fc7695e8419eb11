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
    /// <param name="removePackages">Whether packages that we installed go too.</param>
    /// <param name="cancel">Stops it between steps.</param>
    /// <returns>What is left for the next boot; null when nothing is.</returns>
    /// <exception cref="NodeException">Something could not be given back; the rest has been kept for the next try.</exception>
    public async Task<string?> RunAsync(IReadOnlyCollection<string> owned, bool removePackages, CancellationToken cancel)
    {
        node.Kernel.ReadStatus();
        using NodeDirectory state = NodeDirectory.OpenOrCreate(settings.StateDirectory);
        NodeSnapshot? before = NodeSnapshot.Read(state, NodeSnapshot.Before);
        string[] packages = [.. InstalledPackages.Read(state)?.Names ?? []];
        SystemdUnits units = new(node.Commands);
        string? left = null;

        // First, because with Restart=always auditd could not be stopped.
        await units.RemoveAsync(cancel).ConfigureAwait(false);
        if (before is null)
        {
            log.LogWarning("there is no record of how this node was before: rules, plugins and packages stay as they are");
        }
        else
        {
            // Files that came with packages that stay are given back as the packages brought them.
            NodeSnapshot files = removePackages && packages.Length > 0 ? before : NodeSnapshot.Read(state, NodeSnapshot.Packaged) ?? before;
            foreach (string line in FileRestore.Apply(files.Directories, owned)) log.LogInformation("{Line}", line);
            await StopAsync(before.Auditd, units, cancel).ConfigureAwait(false);
            if (!KernelRestore.Apply(before.Kernel, node.Kernel))
                left = "the kernel's audit configuration is locked (-e 2): its rules and control values stay until the next boot";
            if (removePackages) await RemovePackagesAsync(packages, cancel).ConfigureAwait(false);
        }

        OwnBinary.Remove();
        NodeDirectory.RemoveTree(settings.StateDirectory);
        return left;
    }

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

    private async Task RemovePackagesAsync(string[] packages, CancellationToken cancel)
    {
        if (packages.Length == 0)
        {
            log.LogInformation("no packages to remove: auditd was here before");
            return;
        }

        IPackageManager manager = OsRelease.Read() is { } distribution && PackageManagers.For(distribution) is { } found
            ? found : throw new NodeException("this node", "its distribution is no longer known, so packages cannot be removed");
        await new PackageInstaller(manager, node.Commands, TimeProvider.System, log).RemoveAsync(packages, cancel).ConfigureAwait(false);
    }
}
