using System.Globalization;
using System.Runtime.InteropServices;
using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Rules;

/// <summary>Names of machines, and what <c>b32</c> and <c>b64</c> mean on each. auditctl(8), the arch field.</summary>
public static class Machines
{
    private static readonly (string Name, Machine Machine)[] Names =
    [
        ("x86_64", Machine.X86_64),
        ("i386", Machine.I386), ("i486", Machine.I386), ("i586", Machine.I386), ("i686", Machine.I386),
        ("aarch64", Machine.Aarch64), ("armv8l", Machine.Aarch64),
        ("arm", Machine.Arm), ("armeb", Machine.Arm), ("armv5tejl", Machine.Arm), ("armv5tel", Machine.Arm), ("armv6l", Machine.Arm),
        ("armv7l", Machine.Arm),
        ("ppc", Machine.Ppc), ("ppc64", Machine.Ppc64), ("ppc64le", Machine.Ppc64Le),
        ("s390", Machine.S390), ("s390x", Machine.S390X),
    ];

    /// <summary>The machine this process runs on; <see cref="Machine.X86_64"/> where it is none of those known.</summary>
    public static Machine Current { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X86 => Machine.I386,
        Architecture.Arm64 => Machine.Aarch64,
        Architecture.Arm or Architecture.Armv6 => Machine.Arm,
        Architecture.Ppc64le => Machine.Ppc64Le,
        Architecture.S390x => Machine.S390X,
        _ => Machine.X86_64,
    };

    /// <summary>The names <c>-F arch=</c> takes, apart from b32 and b64.</summary>
    public static IEnumerable<string> AllNames { get; } = Array.ConvertAll(Names, n => n.Name);

    /// <summary>The machine of a name as <c>uname -m</c> prints it, without regard to case; null when there is none.</summary>
    public static Machine? Find(ReadOnlySpan<char> name)
    {
        foreach ((string candidate, Machine machine) in Names)
            if (name.Equals(candidate, StringComparison.OrdinalIgnoreCase)) return machine;
        return null;
    }

    /// <summary>The machine's name as <c>uname -m</c> prints it; its number in hexadecimal where it is not known.</summary>
    public static string Name(this Machine machine)
    {
        foreach ((string name, Machine candidate) in Names)
            if (candidate == machine) return name;
        return "0x" + ((uint)machine).ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the value is one of the machines known here.</summary>
    public static bool IsKnown(this Machine machine) => Array.Exists(Names, n => n.Machine == machine);

    /// <summary>Whether its system calls take 64-bit arguments.</summary>
    public static bool Is64Bit(this Machine machine) => ((uint)machine & 0x80000000) != 0;

    /// <summary>What <c>arch=b64</c> means on this machine; null where it has no 64-bit system calls.</summary>
    public static Machine? B64(this Machine native) => native.Is64Bit() ? native : null;

    /// <summary>What <c>arch=b32</c> means on this machine; null where it has no 32-bit system calls.</summary>
    public static Machine? B32(this Machine native) => native switch
    {
        Machine.X86_64 => Machine.I386,
        Machine.Aarch64 => Machine.Arm,
        Machine.Ppc64 => Machine.Ppc,
        Machine.S390X => Machine.S390,
        Machine.Ppc64Le => null,
        _ => native,
    };

    /// <summary>The number of a system call by name; null when this machine has none of that name, or its table is not known.</summary>
    public static int? SyscallNumber(this Machine machine, ReadOnlySpan<char> name) => AuditTables.Syscalls(machine)?.NumberOf(name);

    /// <summary>The name of a system call as ausyscall prints it; null when this machine has none, or its table is not known.</summary>
    public static string? SyscallName(this Machine machine, int number) => AuditTables.Syscalls(machine)?.NameOf(number);

    /// <summary>The names of those of the system calls that have one on this machine, in order of their numbers.</summary>
    internal static IEnumerable<string> SyscallNames(this Machine machine, SyscallSet syscalls)
    {
        foreach (int number in syscalls.Numbers)
            if (machine.SyscallName(number) is { } name) yield return name;
    }
}
