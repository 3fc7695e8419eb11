using System.Globalization;
using AksAuditd.Configuration;

namespace AksAuditd.Node.Syslog;

/// <summary>
/// Whether what is written to the node's log socket leaves the node: a syslog daemon runs, has a rule that forwards, and somebody takes what it forwards. Found in files and
/// in /proc: nothing is started and nothing is sent, so that looking makes no events.
/// </summary>
internal static class SyslogPath
{
    // A pid file outlives its daemon, and the kernel may give the pid to another process: the name is compared.
    private static readonly string[] Daemons = ["rsyslogd", "syslog-ng"];
    private static readonly string[] PidFiles = ["/run/rsyslogd.pid", "/run/syslogd.pid", "/run/syslog-ng.pid"];

    // More than a busy connection has on its way. A receiver that does not read lets the sender's buffer grow to megabytes.
    private const long MuchUnsent = 64 * 1024;

    /// <summary>Looks.</summary>
    /// <param name="forwarder">Where the daemon is to forward to; null: that is not looked at.</param>
    /// <returns>What does not work, the first stage only; null when all works.</returns>
    /// <exception cref="NodeException">The node may not be looked at.</exception>
    public static DeliveryProblem? Look(ListenAddress? forwarder)
    {
        if (Daemon() is not { } daemon)
            return new(DeliveryStage.Syslog, "no syslog daemon runs on this node (rsyslogd, syslog-ng): what is sent to syslog stays in the journal");
        // Only rsyslog's configuration is understood.
        if (forwarder is null || daemon != "rsyslogd" || RsyslogConfig.Read() is not { } config) return null;
        if (!config.Forwards.Any(f => f.Port == forwarder.Port))
            return new(DeliveryStage.Forward, $"rsyslog has no rule that forwards to {forwarder}: is syslog collection switched on in Container Insights (data collection rule)? (forwarder: none, where events go another way)");
        TcpPort port = TcpTable.Look(forwarder.Port);
        if (port is { Connections: 0, Listens: false })
            return new(DeliveryStage.Receiver, $"rsyslog forwards to {forwarder} and has no connection: nobody takes messages there; see to the ama-logs pod of this node");
        return port.UnsentBytes >= MuchUnsent
            ? new(DeliveryStage.Receiver, string.Create(CultureInfo.InvariantCulture, $"what takes messages at {forwarder} does not read: {port.UnsentBytes} bytes wait in the connection"))
            : null;
    }

    /// <summary>
    /// Whether each message reaches rsyslog twice, as on Azure Linux: it reads the journal and the log socket, and journald writes to that socket too. Each is forwarded, and paid for, twice.
    /// </summary>
    /// <exception cref="NodeException">The node may not be looked at.</exception>
    public static bool IsDoubled() => RsyslogConfig.Read() is { ReadsJournal: true, ReadsSocket: true } && JournaldConfig.ForwardsToSyslog();

    private static string? Daemon()
    {
        foreach (string file in PidFiles)
        {
            if (int.TryParse(ConfigFiles.Read(file).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ProcessInfo.Name(pid) is { } name && Daemons.Contains(name))
                return name;
        }

        return ProcessInfo.Names().FirstOrDefault(n => Daemons.Contains(n));
    }
}
