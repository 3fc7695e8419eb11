namespace AksAuditd.Node;

/// <summary>Names of <see cref="AuditdSignal"/>.</summary>
internal static class AuditdSignals
{
    /// <summary>As signal(7) has it: <c>SIGHUP</c>.</summary>
    public static string Name(this AuditdSignal signal) => signal switch
    {
        AuditdSignal.Reload => "SIGHUP",
        AuditdSignal.Stop => "SIGTERM",
        AuditdSignal.ReportState => "SIGCONT",
        _ => $"signal {(int)signal}",
    };
}
