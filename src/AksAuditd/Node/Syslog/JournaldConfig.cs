namespace AksAuditd.Node.Syslog;

/// <summary>systemd-journald's configuration, as far as it decides who gets messages: journald.conf(5).</summary>
internal static class JournaldConfig
{
    private const string Key = "ForwardToSyslog";

    // Later ones win, and the main file of /etc is before all drop-ins.
    private static readonly string[] Patterns =
    [
        "/usr/lib/systemd/journald.conf", "/etc/systemd/journald.conf", "/usr/lib/systemd/journald.conf.d/*.conf", "/run/systemd/journald.conf.d/*.conf",
        "/etc/systemd/journald.conf.d/*.conf",
    ];

    /// <summary>Whether journald hands messages to a syslog daemon's socket.</summary>
    /// <exception cref="NodeException">It cannot be read.</exception>
    public static bool ForwardsToSyslog() => ForwardsToSyslog(Patterns.SelectMany(ConfigFiles.Matching).Select(ConfigFiles.Read));

    /// <summary>The same of the texts of its files, in the order in which they are read. The shipped file has the default, which distributions change, as a comment.</summary>
    public static bool ForwardsToSyslog(IEnumerable<string> files)
    {
        bool? set = null, preset = null;
        foreach (string line in files.SelectMany(f => f.Split('\n', StringSplitOptions.TrimEntries)))
        {
            bool isComment = line is ['#' or ';', ..];
            string[] words = line.TrimStart('#', ';', ' ').Split('=', 2, StringSplitOptions.TrimEntries);
            if (words.Length != 2 || words[0] != Key) continue;
            bool value = words[1].ToLowerInvariant() is "yes" or "true" or "on" or "1";
            if (isComment) preset ??= value;
            else set = value;
        }

        return set ?? preset ?? false;
    }
}
