namespace LinuxAudit.Plugins;

/// <summary>What auditd's own configuration file says. auditd.conf(5).</summary>
/// <param name="Values">The values by key, keys in lower case, as the last line with that key has them.</param>
/// <param name="Programs">The programs that it makes auditd run (<c>exec</c>), by the key that names them.</param>
public sealed record AuditdConf(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Programs)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "auditd.conf";

    // Seen with auditd 3.0.9: SIGHUP reports success and changes nothing of these.
    private static readonly string[] AtStartOnly = ["local_events", "plugin_dir"];

    /// <summary>The value of a key; null when the file does not set it.</summary>
    public string? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Values.GetValueOrDefault(key);
    }

    /// <summary>The keys whose change from <paramref name="before"/> to this file auditd takes over only when it starts, in order.</summary>
    public IReadOnlyList<string> NeedStart(AuditdConf before)
    {
        ArgumentNullException.ThrowIfNull(before);
        List<string> keys = [.. AtStartOnly.Where(k => !string.Equals(Get(k), before.Get(k), StringComparison.OrdinalIgnoreCase))];

        // The queue grows at once and never shrinks.
        if (Number("q_depth") < before.Number("q_depth")) keys.Add("q_depth");
        // The new boost is added to the one it has.
        if (Get("priority_boost") != before.Get("priority_boost")) keys.Add("priority_boost");
        return keys;
    }

    private long? Number(string key) => long.TryParse(Get(key), out long value) ? value : null;
}
