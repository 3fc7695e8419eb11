using System.Net;
using LinuxAudit.Plugins;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Configuration;

/// <summary>One row of the configuration: its names, its default, and how its text becomes a value.</summary>
/// <param name="Key">The key in config.yaml.</param>
/// <param name="Environment">The environment variable.</param>
/// <param name="Default">The default, as one would write it; null when there is none.</param>
/// <param name="Valid">What is valid, for error messages and documentation.</param>
/// <param name="Apply">Sets the value from its text; null when the text is not valid.</param>
internal sealed record SettingRow(string Key, string Environment, string? Default, string Valid, Func<Settings, string, Settings?> Apply);

/// <summary>Every configuration key. Documentation and tests are checked against this table.</summary>
internal static class SettingTable
{
    /// <summary>The variable that names another configuration file.</summary>
    public const string FileVariable = "AA_CONFIG";

    /// <summary>The configuration file where <see cref="FileVariable"/> is not set.</summary>
    public const string DefaultFile = "/etc/aks-auditd/config.yaml";

    private const string AllowedPlugins =
        "/sbin/audisp-syslog,/usr/sbin/audisp-syslog,/sbin/audisp-remote,/usr/sbin/audisp-remote,/sbin/audisp-af_unix,/usr/sbin/audisp-af_unix,/usr/local/lib/aks-auditd/";

    private const string AbsolutePath = "an absolute path without '..'";
    private static readonly TimeSpan MinimumPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaximumPoll = TimeSpan.FromHours(24);

    /// <summary>The programs that plugin files may name where <c>allowedPlugins</c> is not set.</summary>
    public static PluginAllowList DefaultAllowedPlugins => AllowList(AllowedPlugins)!;

    public static IReadOnlyList<SettingRow> Rows { get; } =
    [
        new("logLevel", "AA_LOG_LEVEL", "info", "panic, fatal, error, warn, info, debug or trace",
            (s, v) => Level(v) is { } level ? s with { LogLevel = level } : null),
        new("pollInterval", "AA_POLL_INTERVAL", "30s", $"{GoDuration.Syntax} from 100ms to 24h",
            (s, v) => Poll(v) is { } poll ? s with { PollInterval = poll } : null),
        new("watch", "AA_WATCH", "true", "true or false",
            (s, v) => Boolean(v) is { } watch ? s with { Watch = watch } : null),
        Path("rulesDirectory", "AA_RULES_DIR", "/etc/audit/rules.d", (s, v) => s with { RulesDirectory = v }),
        Path("pluginsDirectory", "AA_PLUGINS_DIR", "/etc/audit/plugins.d", (s, v) => s with { PluginsDirectory = v }),
        new("auditdConf", "AA_AUDITD_CONF", "/etc/audit/auditd.conf", $"an absolute path without '..' that ends with /{AuditdConf.FileName}",
            (s, v) => IsAbsolute(v) && v.EndsWith($"/{AuditdConf.FileName}", StringComparison.Ordinal) ? s with { AuditdConf = v } : null),
        Path("rulesSource", "AA_RULES_SOURCE", "/auditd-rules", (s, v) => s with { RulesSource = v }),
        new("pluginsSource", "AA_PLUGINS_SOURCE", "/audisp-plugins", $"{AbsolutePath}, or none to leave plugins alone",
            (s, v) => v == "none" ? s with { PluginsSource = null } : IsAbsolute(v) ? s with { PluginsSource = v } : null),
        Path("omsSource", "AA_OMS_SOURCE", "/oms-config", (s, v) => s with { OmsSource = v }),
        Path("omsDirectory", "AA_OMS_DIR", "/etc/opt/microsoft/omsagent/{workspaceId}/conf/omsagent.d", (s, v) => s with { OmsDirectory = v }),
        new("logAnalyticsWorkspaceId", "LOG_ANALYTICS_WORKSPACE_ID", null, "a workspace id: letters, digits and hyphens, 64 at most",
            (s, v) => IsWorkspaceId(v) ? s with { LogAnalyticsWorkspaceId = v } : null),
        Path("hostRoot", "AA_HOST_ROOT", "/node", (s, v) => s with { HostRoot = v }),
        Path("stateDirectory", "AA_STATE_DIR", "/var/lib/aks-auditd", (s, v) => s with { StateDirectory = v }),
        Choice<AuditMode>("mode", "AA_MODE", "auditd", (s, v) => s with { Mode = v }),
        Choice<SyncMode>("sync", "AA_SYNC", "mirror", (s, v) => s with { Sync = v }),
        Choice<DriftMode>("drift", "AA_DRIFT", "repair", (s, v) => s with { Drift = v }),
        Choice<DeliveryMode>("delivery", "AA_DELIVERY", "report", (s, v) => s with { Delivery = v }),
        new("forwarder", "AA_FORWARDER", "127.0.0.1:28330", "ADDRESS:PORT with a numeric address and a port from 1 to 65535, or none",
            (s, v) => v == "none" ? s with { Forwarder = null } : Listen(v) is { } forwarder ? s with { Forwarder = forwarder } : null),
        new("allowedPlugins", "AA_ALLOWED_PLUGINS",
            AllowedPlugins,
            "programs by absolute path, a directory with a final /, separated by commas; or any",
            (s, v) => AllowList(v) is { } allowed ? s with { AllowedPlugins = allowed } : null),
        new("listen", "AA_LISTEN", "0.0.0.0:9807", "ADDRESS:PORT with a numeric address and a port from 1 to 65535",
            (s, v) => Listen(v) is { } listen ? s with { Listen = listen } : null),
    ];

    private static SettingRow Path(string key, string environment, string fallback, Func<Settings, string, Settings> set) =>
        new(key, environment, fallback, AbsolutePath, (s, v) => IsAbsolute(v) ? set(s, v) : null);

    private static SettingRow Choice<T>(string key, string environment, string fallback, Func<Settings, T, Settings> set)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        string valid = names.Length < 3 ? string.Join(" or ", names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
        return new(key, environment, fallback, valid,
            (s, v) => Array.IndexOf(names, v) is int i and >= 0 ? set(s, Enum.GetValues<T>()[i]) : null);
    }

    private static LogLevel? Level(string text) => text switch
    {
        "panic" or "fatal" => LogLevel.Critical,
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "info" => LogLevel.Information,
        "debug" => LogLevel.Debug,
        "trace" => LogLevel.Trace,
        _ => null,
    };

    private static TimeSpan? Poll(string text)
    {
        if (!GoDuration.TryParse(text, out long nanoseconds, out _)) return null;
        TimeSpan value = new(nanoseconds / TimeSpan.NanosecondsPerTick);
        return value >= MinimumPoll && value <= MaximumPoll ? value : null;
    }

    private static bool? Boolean(string text) => text switch { "true" => true, "false" => false, _ => null };

    private static bool IsAbsolute(string text) =>
        text is ['/', ..] && !text.Contains('\0') && !text.Split('/').Contains("..");

    private static PluginAllowList? AllowList(string text)
    {
        string[] entries = text.Split(',', StringSplitOptions.TrimEntries);
        return entries.All(e => e == PluginAllowList.Any || IsAbsolute(e)) ? new(entries) : null;
    }

    private static bool IsWorkspaceId(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Reads ADDRESS:PORT; null when it is not valid.</summary>
    public static ListenAddress? Listen(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0) return null;
        string host = text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.Contains(':')) return null;
        return IPAddress.TryParse(host, out IPAddress? address) && (host.Contains('.') || host.Contains(':'))
            ? new(address.ToString(), port)
            : null;
    }
}
