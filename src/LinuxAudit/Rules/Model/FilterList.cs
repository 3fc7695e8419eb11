namespace LinuxAudit.Rules;

/// <summary>The kernel's list a rule is on. Values are <c>AUDIT_FILTER_*</c> of <c>linux/audit.h</c>.</summary>
public enum FilterList : uint
{
    /// <summary>Records that programs send.</summary>
    User = 0,

    /// <summary>Creation of a task.</summary>
    Task = 1,

    /// <summary>Exit from a system call, and file watches.</summary>
    Exit = 4,

    /// <summary>Record types that are not wanted.</summary>
    Exclude = 5,

    /// <summary>Whole file systems.</summary>
    Filesystem = 6,

    /// <summary>End of an io_uring operation; Linux 5.16 and audit 3.1.</summary>
    IoUring = 7,
}
