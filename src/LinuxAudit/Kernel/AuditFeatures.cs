using System.Runtime.InteropServices;

namespace LinuxAudit.Kernel;

/// <summary>Features of the kernel's audit system that can be switched and locked: <c>AUDIT_FEATURE_*</c> of <c>linux/audit.h</c>, as bits.</summary>
[Flags]
public enum AuditFeature : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>A login uid may only be unset, by a process with CAP_AUDIT_CONTROL.</summary>
    OnlyUnsetLoginUid = 1 << 0,
    /// <summary>A login uid once set cannot be changed: <c>auditctl --loginuid-immutable</c>.</summary>
    LoginUidImmutable = 1 << 1,
}

/// <summary>
/// State of the switchable features: <c>struct audit_features</c> of <c>linux/audit.h</c>, version 1, 16 bytes. A plain value.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AuditFeatures
{
    internal const int Size = 16;

    /// <summary>Version of the structure; only 1 exists.</summary>
    public uint Version { get; init; }

    /// <summary>In a SET: which features it is about. In a GET: every bit, known to this kernel or not.</summary>
    public AuditFeature Mask { get; init; }

    /// <summary>Those that are on.</summary>
    public AuditFeature Features { get; init; }

    /// <summary>Those that cannot be changed until the next boot.</summary>
    public AuditFeature Lock { get; init; }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out AuditFeatures features) => MemoryMarshal.TryRead(payload, out features);

    internal void Write(Span<byte> payload) => MemoryMarshal.Write(payload, in this);
}
