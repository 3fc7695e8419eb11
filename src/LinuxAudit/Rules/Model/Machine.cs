namespace LinuxAudit.Rules;

/// <summary>A system call interface, as <c>AUDIT_ARCH_*</c> in <c>linux/audit.h</c>; the value is what <c>-F arch=</c> puts into a rule.</summary>
/// <remarks>System call names are known for the first four; rules for the others name system calls by number.</remarks>
public enum Machine : uint
{
    /// <summary>64-bit x86.</summary>
    X86_64 = 0xC000003E,

    /// <summary>32-bit x86; what <c>b32</c> means on <see cref="X86_64"/>.</summary>
    I386 = 0x40000003,

    /// <summary>64-bit arm.</summary>
    Aarch64 = 0xC00000B7,

    /// <summary>32-bit arm, little endian; what <c>b32</c> means on <see cref="Aarch64"/>.</summary>
    Arm = 0x40000028,

    /// <summary>32-bit POWER, big endian.</summary>
    Ppc = 0x00000014,

    /// <summary>64-bit POWER, big endian.</summary>
    Ppc64 = 0x80000015,

    /// <summary>64-bit POWER, little endian.</summary>
    Ppc64Le = 0xC0000015,

    /// <summary>31-bit z.</summary>
    S390 = 0x00000016,

    /// <summary>64-bit z.</summary>
    S390X = 0x80000016,
}
