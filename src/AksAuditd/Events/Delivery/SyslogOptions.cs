namespace AksAuditd.Events.Delivery;

/// <summary>The header of a syslog message.</summary>
internal enum SyslogHeader
{
    /// <summary>RFC 5424: <c>&lt;182&gt;1 2026-11-22T03:04:05.123456Z NODE aks-auditd 42 event - LINE</c>.</summary>
    Rfc5424,

    /// <summary>
    /// RFC 3164: <c>&lt;182&gt;Nov 22 03:04:05 NODE aks-auditd[42]: LINE</c>, as rsyslog forwards it; time to the second and in UTC, whatever the node's time zone: the
    /// header does not say one, and the agent of Container Insights runs in UTC.
    /// </summary>
    Rfc3164,

    /// <summary>What syslog(3) writes to /dev/log: RFC 3164 without the host.</summary>
    Local,
}

/// <summary>How messages of a stream are told apart (RFC 6587).</summary>
internal enum SyslogFraming
{
    /// <summary>Each ends with a newline.</summary>
    Newline,

    /// <summary>Each begins with its length.</summary>
    Octets,

    /// <summary>A datagram each.</summary>
    None,
}

/// <summary>What a syslog sink writes beside the line.</summary>
internal sealed record SyslogOptions
{
    public SyslogHeader Header { get; init; } = SyslogHeader.Rfc5424;

    public SyslogFraming Framing { get; init; } = SyslogFraming.Newline;

    /// <summary>0 to 23; local6 (22) by default.</summary>
    public int Facility { get; init; } = 22;

    /// <summary>0 (emerg) to 7 (debug); info (6) by default.</summary>
    public int Severity { get; init; } = 6;

    /// <summary>APP-NAME or tag: 1 to 48 printable ASCII characters without a space.</summary>
    public string Application { get; init; } = "aks-auditd";

    /// <summary>HOSTNAME; this machine's name by default.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The longest message, header included: 480 to 1,048,576 bytes. 8,000 by default: rsyslog (8.2302) cuts off or splits what is longer than 8,096, and the next
    /// rsyslog may add a host name.</summary>
    public int MaximumMessage { get; init; } = 8000;
}
