using AksAuditd.Configuration;
using AksAuditd.Node.Packages;
using AksAuditd.Node.Syslog;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Node.Setup;

/// <summary>
/// Makes a node ready: packages, service, units, our program. What cannot be is found out before anything is changed; what the node was is written down before
/// the first change; each step does nothing when it was done, so that a run that failed or was cut short is finished by the next one.
/// </summary>
/// <param name="settings">Where things are on the node.</param>
/// <param name="node">The node.</param>
/// <param name="version">This program's version.</param>
/// <param name="isNative">Whether this process is the native program, which can be put on the node.</param>
/// <param name="clock">For waiting and timestamps.</param>
/// <param name="log">For people.</param>
internal sealed class Installer(Settings settings, NodeSession node, string version, bool isNative, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Does it.</summary>
    /// <param name="packageDirectory">Where package files are, in the container; null: the node's repositories.</param>
    /// <param name="cancel">Stops it between and inside steps.</param>
    /// <exception cref="NodeException">Why the node is not ready.</exception>
    public async Task RunAsync(string? packageDirectory, CancellationToken cancel)
    {
        // Also finds out whether the kernel answers at all: without hostPID it does not, and apt would report success nevertheless.
        string? stranger = SocketOwner.Stranger(node.Kernel);

        OsRelease? distribution = OsRelease.Read();
        IPackageManager? manager = distribution is null ? null : PackageManagers.For(distribution);
        PackageInstaller? packages = manager is null || node.Commands.Find(manager.Name) is null ? null : new(manager, node.Commands, clock, log);
        string[] missing = packages is not null ? await packages.MissingAsync(cancel).ConfigureAwait(false) : MissingPrograms();
        if (missing.Length > 0 && UnchangeableNode.Reason(distribution, manager, node.Commands) is { } reason)
        {
            if (settings.Mode != AuditMode.Auto) throw new NodeException("this node", $"cannot be changed: {reason}; {UnchangeableNode.Way}");
            log.LogInformation("nothing is installed: {Reason}; mode: auto: the agent will be the audit daemon of this node", reason);
            return;
        }

        if (stranger is not null) throw new NodeException("kernel audit", stranger);
        // The same of systemd. Not earlier: an immutable node's SELinux policy may keep containers from asking it, and nothing of it is needed there.
        await node.Service.GetStateAsync(cancel).ConfigureAwait(false);

        using NodeDirectory state = NodeDirectory.OpenOrCreate(settings.StateDirectory);
        await RememberAsync(state, NodeSnapshot.Before, packages, cancel).ConfigureAwait(false);
        if (missing.Length == 0) log.LogInformation("already installed: {What}", manager is null ? "auditd" : string.Join(' ', manager.AuditPackages));
        else await InstallAsync(packages!, manager!, packageDirectory, state, cancel).ConfigureAwait(false);
        if (MissingPrograms() is { Length: > 0 } absent)
            throw new NodeException(manager?.Name ?? "this node", $"says that all packages are installed, but there is no {string.Join(" and no ", absent)}");

        await node.Service.StartAsync(cancel).ConfigureAwait(false);
        await RememberAsync(state, NodeSnapshot.Packaged, packages: null, cancel).ConfigureAwait(false);
        await PlaceAsync(cancel).ConfigureAwait(false);
        await VerifyAsync(cancel).ConfigureAwait(false);
        if (SyslogPath.IsDoubled())
            log.LogWarning("rsyslog of this node gets each message twice: it reads the journal and the log socket, to which journald forwards. What goes through syslog leaves the node twice");
    }

    private async Task InstallAsync(PackageInstaller packages, IPackageManager manager, string? directory, NodeDirectory state, CancellationToken cancel)
    {
        using PackageFiles? files = directory is null ? null : PackageFiles.Copy(directory, manager.FileSuffix, node.Root, settings.StateDirectory);
        try
        {
            await packages.InstallAsync(files?.Paths ?? [], (before, after) => InstalledPackages.Remember(state, before, after), node.Service.ForgetFailuresAsync, cancel).ConfigureAwait(false);
        }
        catch (NodeException e) when (node.Commands.Find("auditd") is not null)
        {
            throw await WithAuditdsReasonAsync(e, cancel).ConfigureAwait(false);
        }
    }

    // A package manager only says that a script failed when auditd does not start.
    private async Task<NodeException> WithAuditdsReasonAsync(NodeException failure, CancellationToken cancel)
    {
        try
        {
            await node.Service.StartAsync(cancel).ConfigureAwait(false);
            return failure;
        }
        catch (NodeException e)
        {
            return new NodeException(failure.Path, $"{failure.Message[(failure.Path.Length + 2)..]}; {e.Message}");
        }
    }

    private string[] MissingPrograms() => [.. new[] { "auditd", "auditctl" }.Where(p => node.Commands.Find(p) is null)];

    private async Task RememberAsync(NodeDirectory state, string name, PackageInstaller? packages, CancellationToken cancel)
    {
        // What an agent that was the audit daemon has written down knows of the kernel alone.
        NodeSnapshot? known = NodeSnapshot.Read(state, name);
        if (known?.Auditd is not null) return;
        AuditServiceState service = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
        SystemdUnits units = new(node.Commands);
        new NodeSnapshot
        {
            TakenAt = known?.TakenAt ?? clock.GetUtcNow(),
            Auditd = new(node.Commands.Find("auditd") is not null, await units.IsEnabledAsync(cancel).ConfigureAwait(false), service.IsRunning),
            Kernel = known?.Kernel ?? KernelSnapshot.Take(node.Kernel),
            Directories = [.. DirectorySnapshot.PathsOf(settings).Select(DirectorySnapshot.Take)],
            Packages = packages is null ? null : await packages.ListAsync(cancel).ConfigureAwait(false),
        }.Write(state, name);
    }

    private async Task PlaceAsync(CancellationToken cancel)
    {
        SystemdUnits units = new(node.Commands);
        if (!SystemdUnits.IsSystemd) log.LogWarning("this node has no systemd: auditd is started by the agent, and by nobody at boot");
        else if (await units.IsEnabledAsync(cancel).ConfigureAwait(false) == false) await units.SetEnabledAsync(true, cancel).ConfigureAwait(false);
        if (await units.PlaceAsync(cancel).ConfigureAwait(false)) log.LogInformation("systemd restarts auditd from now on, without reloading rules");

        if (UnchangeableNode.IsReadOnly("/usr/local"))
        {
            log.LogWarning("/usr/local is read-only: aks-auditd cannot be used as a plugin of auditd on this node");
        }
        else if (!isNative)
        {
            log.LogWarning("not put on the node as a plugin: this is not the native program");
        }
        else if (OwnBinary.Place(node.Root, version) is { } gone)
        {
            log.LogInformation("{Directory}/aks-auditd is version {Version}{Gone}", OwnBinary.Directory, version, gone.Count == 0 ? "" : $"; removed {string.Join(", ", gone)}");
        }
    }

    private async Task VerifyAsync(CancellationToken cancel)
    {
        AuditServiceState state = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
        long begin = clock.GetTimestamp();
        AuditStatus status = node.Kernel.ReadStatus();
        while (state.IsRunning && status.Pid != state.Pid && clock.GetElapsedTime(begin) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancel).ConfigureAwait(false);
            state = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
            status = node.Kernel.ReadStatus();
        }

        if (!state.IsRunning) throw new NodeException("auditd", $"was started and does not run: {state.Detail}");
        if (SocketOwner.Stranger(node.Kernel) is { } stranger) throw new NodeException("kernel audit", stranger);
        if (status.Pid != state.Pid) throw new NodeException("auditd", $"runs (pid {state.Pid}) but the kernel does not send it its records (pid {status.Pid})");
        log.LogInformation("auditd runs ({Manager}), pid {Pid}, and the kernel sends it its records", node.Service.Manager, state.Pid);
    }
}
