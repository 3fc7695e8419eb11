using LinuxAudit.Kernel;

namespace AksAuditd.Node.Setup;

/// <summary>Who has the kernel's audit socket: it sends its records to one process.</summary>
internal static class SocketOwner
{
    /// <summary>The sentence about an owner who is not auditd; null when there is no owner, or it is auditd, or it has died.</summary>
    public static string? Stranger(IAuditKernel kernel)
    {
        int owner = (int)kernel.ReadStatus().Pid;
        return owner != 0 && ProcessInfo.Name(owner) is { } name and not "auditd"
            ? $"the kernel's audit socket belongs to another program: {name}, pid {owner}; it is not fought for: auditd gets no records while {name} has it, so end {name} or leave this node out"
            : null;
    }
}
