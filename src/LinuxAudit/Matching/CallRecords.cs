using LinuxAudit.Records;

namespace LinuxAudit.Matching;

/// <summary>The records that the kernel writes at the end of a system call, when a rule wants the call.</summary>
internal static class CallRecords
{
    // Numbers of linux/audit.h, those that audit_log_exit of kernel/auditsc.c writes.
    private static readonly HashSet<RecordType> Types =
    [
        RecordType.Syscall, RecordType.Path, (RecordType)1303, (RecordType)1304, RecordType.SocketAddress, RecordType.WorkingDirectory, RecordType.Execve, (RecordType)1311,
        RecordType.MessageQueueOpen, (RecordType)1313, (RecordType)1314, (RecordType)1315, (RecordType)1317, RecordType.ObjectPid, (RecordType)1321, (RecordType)1322,
        RecordType.Mmap, RecordType.ProcessTitle, (RecordType)1330, (RecordType)1332, (RecordType)1333, RecordType.UringOperation, RecordType.OpenAt2, (RecordType)1425, (RecordType)1426,
    ];

    /// <summary>Whether it is one of them. Any other stands for something of its own, and comes whatever the rules say.</summary>
    public static bool Includes(RecordType type) => Types.Contains(type);
}
