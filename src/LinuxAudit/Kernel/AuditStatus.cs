using System.Runtime.InteropServices;

namespace LinuxAudit.Kernel;

/// <summary>Which values of an <see cref="AuditStatus"/> a SET changes: <c>AUDIT_STATUS_*</c> of <c>linux/audit.h</c>.</summary>
[Flags]
public enum AuditStatusMask : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><see cref="AuditStatus.Enabled"/>.</summary>
    Enabled = 0x01,
    /// <summary><see cref="AuditStatus.Failure"/>.</summary>
    Failure = 0x02,
    /// <summary><see cref="AuditStatus.Pid"/>.</summary>
    Pid = 0x04,
    /// <summary><see cref="AuditStatus.RateLimit"/>.</summary>
    RateLimit = 0x08,
    /// <summary><see cref="AuditStatus.BacklogLimit"/>.</summary>
    BacklogLimit = 0x10,
    /// <summary><see cref="AuditStatus.BacklogWaitTime"/>. Linux 3.14.</summary>
    BacklogWaitTime = 0x20,
    /// <summary><see cref="AuditStatus.Lost"/>, which can only be set to 0. Linux 4.11.</summary>
    Lost = 0x40,
    /// <summary><see cref="AuditStatus.BacklogWaitTimeActual"/>, which can only be set to 0. Linux 5.9.</summary>
    BacklogWaitTimeActual = 0x80,
}

/// <summary>Whether the kernel audits: <c>auditctl -e</c>.</summary>
public enum AuditEnabled : uint
{
    /// <summary>No.</summary>
    Off = 0,
    /// <summary>Yes.</summary>
    On = 1,
    /// <summary>Yes, and rules and control values cannot be changed until the next boot.</summary>
    Locked = 2,
}

/// <summary>What the kernel does when it loses a record: <c>auditctl -f</c>.</summary>
public enum AuditFailure : uint
{
    /// <summary>Nothing.</summary>
    Silent = 0,
    /// <summary>Print to the kernel log.</summary>
    Print = 1,
    /// <summary>Stop the machine.</summary>
    Panic = 2,
}

/// <summary>
/// The control values of the kernel's audit system: <c>struct audit_status</c> of <c>linux/audit.h</c> (Linux 6.1 to 6.18, 44 bytes).
/// Values that a kernel is too old to report are 0. A plain value.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AuditStatus
{
    /// <summary>Bytes of the structure.</summary>
    internal const int Size = 44;

    /// <summary>Bytes of its oldest form, which ends before the feature bitmap (Linux before 3.13 or so).</summary>
    internal const int OldestSize = 32;

    /// <summary>In a SET: which values to change. In a GET: what the kernel left there.</summary>
    public AuditStatusMask Mask { get; init; }

    /// <summary>Whether the kernel audits. Default after boot 0, or 1 with <c>audit=1</c>.</summary>
    public AuditEnabled Enabled { get; init; }

    /// <summary>What the kernel does when it loses a record. Default <see cref="AuditFailure.Print"/>.</summary>
    public AuditFailure Failure { get; init; }

    /// <summary>The audit daemon's process id, 0 for none. To set it, become the daemon: <see cref="AuditEventSocket.TryBecomeDaemon"/>.</summary>
    public uint Pid { get; init; }

    /// <summary>Most records a second; 0 (default) is no limit. What exceeds it is lost.</summary>
    public uint RateLimit { get; init; }

    /// <summary>Most records that may wait for the daemon; default 64, 0 is no limit.</summary>
    public uint BacklogLimit { get; init; }

    /// <summary>Records lost since boot or since it was reset.</summary>
    public uint Lost { get; init; }

    /// <summary>Records that wait for the daemon now.</summary>
    public uint Backlog { get; init; }

    /// <summary>What this kernel's audit can do: <c>AUDIT_FEATURE_BITMAP_*</c>.</summary>
    public uint FeatureBitmap { get; init; }

    /// <summary>How long a process waits for room in the backlog, in jiffies (clock ticks of the kernel); default 60 seconds' worth.</summary>
    public uint BacklogWaitTime { get; init; }

    /// <summary>Jiffies that processes have waited for room in the backlog, in all, since boot or since it was reset.</summary>
    public uint BacklogWaitTimeActual { get; init; }

    /// <summary>False when <paramref name="payload"/> is shorter than the structure ever was. Takes longer ones of newer kernels too.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out AuditStatus status)
    {
        status = default;
        if (payload.Length < OldestSize) return false;
        payload[..Math.Min(payload.Length, Size)].CopyTo(MemoryMarshal.AsBytes(new Span<AuditStatus>(ref status)));
        return true;
    }

    internal void Write(Span<byte> payload) => MemoryMarshal.Write(payload, in this);
}
