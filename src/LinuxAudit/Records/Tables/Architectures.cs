using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Records;

/// <summary>Architectures, <c>AUDIT_ARCH_*</c> of <c>linux/audit.h</c>, and their system calls.</summary>
internal static class Architectures
{
    internal const uint X86_64 = 0xC000003E, I386 = 0x40000003, Aarch64 = 0xC00000B7, Arm = 0x40000028;

    internal static readonly ValueNames Names = new(
        """
        0x40000003 i386
        0xc000003e x86_64
        0xc00000b7 aarch64
        0x40000028 arm
        0x28 armeb
        0x80000015 ppc64
        0xc0000015 ppc64le
        0x14 ppc
        0x80000016 s390x
        0x16 s390
        0xc00000f3 riscv64
        0x400000f3 riscv32
        0xc0000102 loongarch64
        """u8);

    private static readonly ValueNames X86_64Syscalls = new(SyscallData.X86_64);
    private static readonly ValueNames I386Syscalls = new(SyscallData.I386);
    private static readonly ValueNames Aarch64Syscalls = new(SyscallData.Aarch64);
    private static readonly ValueNames ArmSyscalls = new(SyscallData.Arm);

    /// <summary>The system calls of an architecture; null when there is no table for it.</summary>
    internal static ValueNames? Syscalls(uint architecture) => architecture switch
    {
        X86_64 => X86_64Syscalls,
        I386 => I386Syscalls,
        Aarch64 => Aarch64Syscalls,
        Arm => ArmSyscalls,
        _ => null,
    };
}
