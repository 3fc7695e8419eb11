using System.Text;

namespace AksAuditd.Node.Setup;

/// <summary>
/// What we add to systemd, and auditd's place at boot. A drop-in keeps auditd restarting. Where auditd's own unit loads the rules at each of its starts
/// (auditd 3: <c>ExecStartPost=augenrules --load</c>, which deletes all rules first), they are loaded once a boot by a unit of ours instead.
/// See <c>docs/decisions/auditd-unit.md</c>.
/// </summary>
internal sealed class SystemdUnits(NodeCommand commands)
{
    private const string Directory = "/etc/systemd/system";
    private const string DropInDirectory = "auditd.service.d";
    private const string DropInName = "50-aks-auditd.conf";
    private const string RulesUnit = "aks-auditd-rules.service";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Whether systemd is the node's init (sd_booted(3)).</summary>
    public static bool IsSystemd => NodePath.IsDirectory("/run/systemd/system");

    /// <summary>Whether auditd starts at boot; null without systemd or without auditd.</summary>
    public async Task<bool?> IsEnabledAsync(CancellationToken cancel)
    {
        if (!IsSystemd) return null;
        CommandResult result = await commands.RunAsync("systemctl", ["is-enabled", "auditd.service"], Limit, cancel).ConfigureAwait(false);
        return result.Output.Trim() switch { "" or "not-found" => null, "enabled" or "enabled-runtime" or "static" or "alias" => true, _ => false };
    }

    /// <summary>Lets auditd start at boot, or not.</summary>
    public Task SetEnabledAsync(bool enabled, CancellationToken cancel) => SystemctlAsync([enabled ? "enable" : "disable", "--quiet", "auditd.service"], cancel);

    /// <summary>Puts our units in place; changes nothing when they are.</summary>
    /// <returns>Whether anything had to be changed.</returns>
    public async Task<bool> PlaceAsync(CancellationToken cancel)
    {
        if (!IsSystemd) return false;
        bool loadsRules = await LoadsRulesAsync(cancel).ConfigureAwait(false);
        bool changed = Write($"{Directory}/{DropInDirectory}", DropInName, DropIn(loadsRules));
        bool newUnit = loadsRules && Write(Directory, RulesUnit, RulesService(commands.Find("augenrules") ?? "/sbin/augenrules"));
        if (changed || newUnit) await SystemctlAsync(["daemon-reload"], cancel).ConfigureAwait(false);
        if (loadsRules && !File.Exists($"{Directory}/sysinit.target.wants/{RulesUnit}"))
        {
            await SystemctlAsync(["enable", "--quiet", RulesUnit], cancel).ConfigureAwait(false);
            changed = true;
        }

        return changed || newUnit;
    }

    /// <summary>Removes our units; none there is fine.</summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        if (!IsSystemd) return;
        if (File.Exists($"{Directory}/{RulesUnit}")) await SystemctlAsync(["disable", "--quiet", RulesUnit], cancel).ConfigureAwait(false);
        using NodeDirectory units = NodeDirectory.Open(Directory);
        if (units.Stat(RulesUnit) is { } unit) units.Delete(unit);
        if (units.Stat(DropInDirectory) is not null)
        {
            using (NodeDirectory directory = NodeDirectory.Open($"{Directory}/{DropInDirectory}"))
                if (directory.Stat(DropInName) is { } dropIn) directory.Delete(dropIn);
            units.RemoveIfEmpty(DropInDirectory);
        }

        units.Sync();
        await SystemctlAsync(["daemon-reload"], cancel).ConfigureAwait(false);
        await commands.RunAsync("systemctl", ["reset-failed", RulesUnit], Limit, cancel).ConfigureAwait(false);
    }

    /// <summary>The text of the drop-in.</summary>
    public static string DropIn(bool loadsRules) =>
        $"""
        # Of aks-auditd; removed by "aks-auditd uninstall".
        [Unit]
        # Tries for ever.
        StartLimitIntervalSec=0

        [Service]
        Restart=always
        RestartSec=2
        {(loadsRules ? $"# A restart of auditd must not delete and reload the kernel's rules; {RulesUnit} loads them once a boot.\nExecStartPost=" : "")}
        """.TrimEnd() + "\n";

    /// <summary>The text of the unit that loads the rules at boot.</summary>
    public static string RulesService(string augenrules) =>
        $"""
        # Of aks-auditd; removed by "aks-auditd uninstall".
        [Unit]
        Description=Load the audit rules, once a boot
        Documentation=man:augenrules(8)
        DefaultDependencies=no
        After=local-fs.target systemd-tmpfiles-setup.service auditd.service
        Before=sysinit.target shutdown.target
        Conflicts=shutdown.target
        ConditionKernelCommandLine=!audit=0

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart={augenrules} --load

        [Install]
        # Not wanted by auditd.service: a restart of that one would start this one.
        WantedBy=sysinit.target

        """;

    // The unit's own file: what "systemctl show" says of it is with our drop-in.
    private async Task<bool> LoadsRulesAsync(CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("systemctl", ["show", "-P", "FragmentPath", "auditd.service"], Limit, cancel).ConfigureAwait(false);
        string path = result.Output.Trim();
        return File.Exists(path) && LoadsRules(await File.ReadAllTextAsync(path, cancel).ConfigureAwait(false));
    }

    /// <summary>Whether a unit's file says that the rules, and nothing else, are loaded after each start.</summary>
    public static bool LoadsRules(string unit)
    {
        string[] after = [.. unit.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.StartsWith("ExecStartPost=", StringComparison.Ordinal) && l != "ExecStartPost=")];
        return after.Length > 0 && after.All(l => l.Contains("augenrules", StringComparison.Ordinal) || l.Contains("auditctl -R", StringComparison.Ordinal));
    }

    private static bool Write(string directory, string name, string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        using NodeDirectory target = NodeDirectory.OpenOrCreate(directory, 0x1ed);
        if (target.Read(name, 64 * 1024) is { } present && present.AsSpan().SequenceEqual(content)) return false;
        target.Stage(name, content, 0x1a4);
        target.Commit(name);
        target.Sync();
        return true;
    }

    private async Task SystemctlAsync(string[] arguments, CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("systemctl", arguments, Limit, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw new NodeException("systemctl", $"{arguments[0]} failed: {SystemdAuditService.Words(result)}");
    }
}
