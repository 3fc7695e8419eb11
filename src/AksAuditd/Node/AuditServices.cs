namespace AksAuditd.Node;

/// <summary>Chooses how auditd is managed on this node.</summary>
internal static class AuditServices
{
    /// <summary>systemd where it is the node's init (sd_booted(3): /run/systemd/system is a directory), else direct.</summary>
    public static IAuditService For(NodeCommand commands, string stateDirectory) =>
        NodePath.IsDirectory("/run/systemd/system")
            ? new SystemdAuditService(commands)
            : new DirectAuditService(commands, stateDirectory);
}
