namespace AksAuditd.Node;

/// <summary>Chooses how auditd is managed on this node.</summary>
internal static class AuditServices
{
    /// <summary>systemd where it is the node's init (sd_booted(3): /run/systemd/system is a directory), else direct.</summary>
    public static IAuditService For(NodeThread node, NodeCommand commands, string stateDirectory) =>
        node.Run(() => Directory.Exists("/run/systemd/system"))
            ? new SystemdAuditService(node, commands)
            : new DirectAuditService(node, commands, stateDirectory);
}
