using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Node;
using LinuxAudit.Plugins;

namespace AksAuditd.Policy;

/// <summary>One kind of file that goes from a ConfigMap to a directory of the node.</summary>
/// <param name="Name">What logs call it: <see cref="Rules"/>, <see cref="Plugins"/> or <see cref="Oms"/>.</param>
/// <param name="Source">The mounted ConfigMap.</param>
/// <param name="Target">The directory on the node.</param>
/// <param name="Suffix">The names that belong to the set end so; everything else is left alone on both sides.</param>
/// <param name="Mode">The permission bits its files get: what auditd wants of them.</param>
/// <param name="Only">The one file that it has; null: any that end so. A source that two sets share gives it to this one.</param>
/// <param name="IsOurs">Whether the directory on the node is aks-auditd's own: while it is not there it is empty, and the first change makes it.</param>
internal sealed record FileSet(string Name, string Source, string Target, string Suffix, uint Mode, string? Only = null, bool IsOurs = false)
{
    /// <summary>The name of the set of rules files.</summary>
    public const string Rules = "rules";

    /// <summary>The name of the set of plugin files.</summary>
    public const string Plugins = "plugins";

    /// <summary>The name of the set that is auditd.conf. It has a file or none; one that the ConfigMap does not have is never removed.</summary>
    public const string Auditd = "auditd";

    /// <summary>The name of the set that is events.yaml, the settings of our own plugin, or of the agent where it is the audit daemon. It has a file or none.</summary>
    public const string Events = "events";

    /// <summary>The name of the set for the legacy OMS agent.</summary>
    public const string Oms = "oms";

    /// <summary>The largest file that is accepted, in bytes; a ConfigMap holds no more in all.</summary>
    public const int MaximumFileSize = 1024 * 1024;

    private const uint OwnerAndGroup = 0x1a0; // 0640
    private const uint OwnerOnly = 0x180;     // 0600
    private const uint Everyone = 0x1a4;      // 0644: the OMS agent is not root

    /// <summary>The sets that <paramref name="settings"/> ask for, rules first.</summary>
    public static IReadOnlyList<FileSet> From(Settings settings)
    {
        bool embedded = settings.Mode == AuditMode.Embedded;
        List<FileSet> sets = [new(Rules, settings.RulesSource, embedded ? EmbeddedRules(settings) : settings.RulesDirectory, ".rules", OwnerAndGroup, IsOurs: embedded)];
        if (settings.PluginsSource is { } plugins)
        {
            if (!embedded)
            {
                sets.Add(new(Plugins, plugins, settings.PluginsDirectory, ".conf", OwnerOnly));
                sets.Add(new(Auditd, plugins, Path.GetDirectoryName(settings.AuditdConf)!, ".conf", OwnerAndGroup, AuditdConf.FileName));
            }

            sets.Add(new(Events, plugins, settings.StateDirectory, ".yaml", OwnerAndGroup, EventsSettings.FileName, IsOurs: true));
        }

        if (settings.LogAnalyticsWorkspaceId is not null) sets.Add(new(Oms, settings.OmsSource, settings.OmsDirectory, ".conf", Everyone));
        return sets;
    }

    /// <summary>Where rules files are without auditd, whose directories such a node does not have: beside the agent's memory.</summary>
    public static string EmbeddedRules(Settings settings) => $"{settings.StateDirectory}/rules.d";

    /// <summary>
    /// The content as the node gets it: with a final newline, because augenrules joins files as they are and would make one rule of two.
    /// </summary>
    public static byte[] Normalize(byte[] content) => content is [] or [.., (byte)'\n'] ? content : [.. content, (byte)'\n'];

    /// <summary>Opens the directory on the node to change its files.</summary>
    /// <exception cref="NodeException">It cannot be opened, or made where it is ours.</exception>
    public NodeDirectory OpenTarget() => IsOurs ? NodeDirectory.OpenOrCreate(Target) : NodeDirectory.Open(Target);

    /// <summary>Whether a name belongs to this set.</summary>
    public bool Owns(string name) => Only is not null ? name == Only : name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length && name[0] != '.';
}

/// <summary>One file of a policy.</summary>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record PolicyFile(string Name, byte[] Content, string Sha256);
