using AksAuditd.Events.Delivery;
using AksAuditd.Events.Selection;

namespace AksAuditd.Events;

/// <summary>What goes to the sink.</summary>
internal enum EventFormat
{
    /// <summary>One line of JSON for each event.</summary>
    Json,

    /// <summary>The records of each event as auditd writes them, one line each.</summary>
    Records,
}

/// <summary>How events are filtered and where they go: <c>events.yaml</c> and the command line of <c>events</c>.</summary>
internal sealed record EventsSettings
{
    /// <summary>Where a plugin's configuration is, on the node: the agent puts it there from the plugins ConfigMap.</summary>
    public const string DefaultFile = $"/var/lib/aks-auditd/{FileName}";

    /// <summary>What it is called.</summary>
    public const string FileName = "events.yaml";

    /// <summary>Whether events go out as JSON, the default, or as their records.</summary>
    public EventFormat Format { get; init; }

    /// <summary>The sink: <c>container-insights</c>, <c>stdout</c>, <c>file:PATH</c>, <c>syslog:/dev/log</c>, <c>syslog:tcp://ADDRESS:PORT</c>, <c>syslog:unix://PATH</c>.</summary>
    public string To { get; init; } = "syslog:/dev/log";

    /// <summary>The sink on nodes whose audit daemon is the agent; null: <see cref="To"/>. One file is for both kinds of nodes where the mode is auto.</summary>
    public string? EmbeddedTo { get; init; }

    /// <summary>These settings where the agent is the audit daemon.</summary>
    public EventsSettings ForEmbedded() => EmbeddedTo is null ? this : this with { To = EmbeddedTo };

    /// <summary>The name of the node in events and in the header of syslog messages. By default what Kubernetes says in NODE_NAME, since the host name in a pod is the pod's; else the machine's.</summary>
    public string NodeName { get; init; } = Environment.GetEnvironmentVariable("NODE_NAME") is { Length: > 0 } node ? node : Environment.MachineName;

    /// <summary>The longest line in bytes, from 1,024 to 1 MiB: an event as JSON, or a record. rsyslog cuts at 8 KiB, its own header included.</summary>
    public int MaxBytes { get; init; } = 8000;

    /// <summary>Whether the records themselves are added to each event of JSON.</summary>
    public bool Raw { get; init; }

    /// <summary>
    /// Whether each event says its node, its outcome, its pod's uid and its container's id also where they can be told from elsewhere (docs/events.md).
    /// </summary>
    public bool IsSelfContained { get; init; }

    /// <summary>Whether events say the node: not where the header of a syslog message says it.</summary>
    public bool SaysNode => IsSelfContained || NodeName != Environment.MachineName || !SinkAddress.IsSyslog(To);

    /// <summary>Whether the container runtime's own BPF and packet filter records are dropped.</summary>
    public bool DropsRuntimeNoise { get; init; } = true;

    /// <summary>In their order; the first that matches decides.</summary>
    public IReadOnlyList<EventFilter> Filters { get; init; } = [];

    /// <summary>Events a second that each key may have; 0: no limit.</summary>
    public int EventsPerKey { get; init; }

    /// <summary>Events a second that each pod may have; 0: no limit.</summary>
    public int EventsPerPod { get; init; }

    /// <summary>Memory for events that the sink has not taken yet, in bytes, from 64 KiB to 1 GiB.</summary>
    public long QueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Disk for events that memory cannot hold, in bytes, up to 64 GiB; 0: none.</summary>
    public long SpoolBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Where that is, on the node.</summary>
    public string SpoolDirectory { get; init; } = "/var/lib/aks-auditd/spool";
}
