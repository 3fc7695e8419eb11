using LinuxAudit.Plugins;

namespace AksAuditd.Node;

/// <summary>How the releases of auditd differ in what the agent relies on. Source: the ChangeLog of audit-userspace, and what was tried with the releases named in docs/install.md.</summary>
internal static class AuditdRelease
{
    private static readonly Version RunsPlugins = new(3, 0), RestartsPlugins = new(4, 2), CutsRaw = new(4, 2), CutsRawNoMore = new(4, 2, 2);

    /// <summary>Whether auditd starts its plugins itself; before, a program of its own did (audispd).</summary>
    public static bool RunsPluginsItself(Version version) => version >= RunsPlugins;

    /// <summary>Whether SIGHUP restarts all plugins; before, one that stays active keeps its arguments.</summary>
    public static bool RestartsPluginsOnReload(Version version) => version >= RestartsPlugins;

    /// <summary>Why plugins get cut events from this auditd; null when they do not. audit-userspace issue 544: with <c>log_format = RAW</c> the last 16 bytes are missing.</summary>
    /// <param name="version">As auditd says it, such as <c>4.2.1</c>; null when it does not.</param>
    /// <param name="conf">Its configuration.</param>
    public static string? CutsEvents(string? version, AuditdConf conf) =>
        Version.TryParse(version, out Version? release) && release >= CutsRaw && release < CutsRawNoMore && "raw".Equals(conf.Get("log_format"), StringComparison.OrdinalIgnoreCase)
            ? $"auditd {version} with log_format = RAW cuts the last 16 bytes off each event that a plugin gets: set log_format = ENRICHED, or install another version"
            : null;
}
