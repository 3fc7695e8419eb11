using Microsoft.Extensions.Logging;

namespace AksAuditd.Configuration;

/// <summary>The agent's configuration after defaults, file and environment were merged and checked. Paths are absolute.</summary>
internal sealed record Settings
{
    /// <summary>The least severe level that is logged. <c>panic</c> and <c>fatal</c> both mean <see cref="LogLevel.Critical"/>.</summary>
    public LogLevel LogLevel { get; init; }

    /// <summary>How often sources and node are compared when nothing announces a change; 100 ms to 24 h.</summary>
    public TimeSpan PollInterval { get; init; }

    /// <summary>Whether inotify on the sources starts a comparison at once; false leaves the poll interval alone.</summary>
    public bool Watch { get; init; }

    /// <summary>The node's rule files.</summary>
    public string RulesDirectory { get; init; } = "";

    /// <summary>The node's plugin files.</summary>
    public string PluginsDirectory { get; init; } = "";

    /// <summary>auditd's own configuration file on the node; replaced by a file auditd.conf in <see cref="PluginsSource"/>, where there is one.</summary>
    public string AuditdConf { get; init; } = "";

    /// <summary>The mounted ConfigMap with rule files.</summary>
    public string RulesSource { get; init; } = "";

    /// <summary>The mounted ConfigMap with plugin files, and maybe auditd.conf; null when neither is managed (<c>none</c>).</summary>
    public string? PluginsSource { get; init; }

    /// <summary>The mounted ConfigMap with files for the legacy OMS agent; used only with a workspace id.</summary>
    public string OmsSource { get; init; } = "";

    /// <summary>The node's OMS agent directory; <c>{workspaceId}</c> stands for <see cref="LogAnalyticsWorkspaceId"/>.</summary>
    public string OmsDirectory { get; init; } = "";

    /// <summary>Switches the legacy OMS set on; null when it is off.</summary>
    public string? LogAnalyticsWorkspaceId { get; init; }

    /// <summary>Where the node's root directory is seen from here; <c>/</c> when running on the node itself.</summary>
    public string HostRoot { get; init; } = "";

    /// <summary>The agent's memory, on the node.</summary>
    public string StateDirectory { get; init; } = "";

    /// <summary>Who takes the events from the kernel.</summary>
    public AuditMode Mode { get; init; }

    /// <summary>What happens to the node's files that no ConfigMap names.</summary>
    public SyncMode Sync { get; init; }

    /// <summary>What happens when the node no longer matches its policy.</summary>
    public DriftMode Drift { get; init; }

    /// <summary>The programs that plugin files may name.</summary>
    public PluginAllowList AllowedPlugins { get; init; } = new([]);

    /// <summary>What a way out that does not work means for the node's readiness.</summary>
    public DeliveryMode Delivery { get; init; }

    /// <summary>The address that the node's syslog daemon must forward to. The agent checks that it does; null: no check.</summary>
    public ListenAddress? Forwarder { get; init; }

    /// <summary>Address and port of probes, metrics and status.</summary>
    public ListenAddress Listen { get; init; } = new("0.0.0.0", 9807);
}

/// <summary>Programs that auditd may be told to run as root; an entry that ends with <c>/</c> allows every program directly in that directory.</summary>
internal sealed record PluginAllowList(IReadOnlyList<string> Entries)
{
    /// <summary>The entry that allows every program.</summary>
    public const string Any = "any";

    /// <summary>Whether a program is allowed.</summary>
    public bool Allows(string path) => Entries.Any(e => e == Any || e == path || (e.EndsWith('/') && path.StartsWith(e, StringComparison.Ordinal) && !path[e.Length..].Contains('/')));

    public override string ToString() => string.Join(", ", Entries);
}

/// <summary>
/// Who takes the audit events from the kernel: <see cref="Auditd"/>; the agent itself (<see cref="Embedded"/>); or, by node, auditd where it is or can be
/// installed and the agent elsewhere (<see cref="Auto"/>).
/// </summary>
internal enum AuditMode { Auditd, Embedded, Auto }

/// <summary><see cref="Mirror"/>: files that are not in the ConfigMap are removed. <see cref="Overlay"/>: only our own files are.</summary>
internal enum SyncMode { Mirror, Overlay }

/// <summary>Whether a way out that does not work makes the pod degraded (<see cref="Report"/>) or not ready (<see cref="Require"/>).</summary>
internal enum DeliveryMode { Report, Require }

/// <summary>Whether drift is mended or only told.</summary>
internal enum DriftMode { Repair, Report }

/// <summary>An IPv4 or IPv6 address (not a name) and a port, 1 to 65535.</summary>
internal sealed record ListenAddress(string Address, int Port)
{
    public override string ToString() => Address.Contains(':') ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
