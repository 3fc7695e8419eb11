using System.Runtime.InteropServices;

namespace LinuxAudit.Records;

/// <summary>What the first four arguments of each system call are, for every architecture with a table of system calls.</summary>
internal static class ArgumentKinds
{
    // Kind, then CALL:ARGUMENT, as ausearch -i (audit 3.0.9) interprets them. clone differs: its flags are its first argument everywhere but
    // on s390 and in microblaze, ausearch reads the third.
    private static ReadOnlySpan<byte> Table =>
        """
        1 openat:0 openat2:0 mkdirat:0 mknodat:0 fchownat:0 futimesat:0 newfstatat:0 fstatat64:0 unlinkat:0 renameat:0 renameat:2 renameat2:0
        1 renameat2:2 linkat:0 linkat:2 readlinkat:0 fchmodat:0 faccessat:0 faccessat2:0 utimensat:0 name_to_handle_at:0
        2 open:1 openat:2 mq_open:1 open_by_handle_at:2
        3 open:2 mq_open:2 openat:3
        4 mkdirat:2 mknodat:2 fchmodat:2 mkdir:1 creat:1 chmod:1 fchmod:1
        5 mknod:1
        6 kill:1 tkill:1 tgkill:2 rt_sigaction:0 sigaction:0 signal:0
        7 lseek:2
        8 bpf:0
        9 mmap:2 mmap2:2 mprotect:2
        10 mmap:3 mmap2:3
        11 fcntl:1 fcntl64:1
        12 fcntl:2 fcntl64:2
        13 personality:0
        14 ioctl:1
        15 sched_setscheduler:1
        16 access:1 faccessat:2 faccessat2:2
        17 clone:0 unshare:0 setns:1
        18 shmget:2
        19 chown:1 chown32:1 lchown:1 lchown32:1 fchown:1 fchown32:1 setuid:0 setuid32:0 setreuid:0 setreuid:1 setreuid32:0 setreuid32:1
        19 setresuid:0 setresuid:1 setresuid:2 setresuid32:0 setresuid32:1 setresuid32:2 setfsuid:0 setfsuid32:0 fchownat:2
        20 chown:2 chown32:2 lchown:2 lchown32:2 fchown:2 fchown32:2 setgid:0 setgid32:0 setregid:0 setregid:1 setregid32:0 setregid32:1
        20 setresgid:0 setresgid:1 setresgid:2 setresgid32:0 setresgid32:1 setresgid32:2 setfsgid:0 setfsgid32:0 fchownat:3
        21 prctl:0
        22 prctl:1
        23 getrlimit:0 ugetrlimit:0 setrlimit:0
        24 ptrace:0
        25 clock_settime:0
        26 mount:3
        27 umount2:1
        28 socket:0
        29 socket:1
        30 socket:2
        31 sendto:3 recvfrom:3 sendmsg:2 recvmsg:2 recvmmsg:3 sendmmsg:3
        32 epoll_ctl:1
        33 setsockopt:1 getsockopt:1
        34 setsockopt:2 getsockopt:2
        35 exit:0 exit_group:0
        36 socketcall:0
        """u8;

    private static readonly uint[] X86_64 = Build(Architectures.X86_64);
    private static readonly uint[] I386 = Build(Architectures.I386);
    private static readonly uint[] Aarch64 = Build(Architectures.Aarch64);
    private static readonly uint[] Arm = Build(Architectures.Arm);

    /// <summary>What an argument, 0 to 3, of a system call is.</summary>
    internal static ArgumentKind Of(uint architecture, int syscall, int argument)
    {
        uint[]? kinds = architecture switch
        {
            Architectures.X86_64 => X86_64,
            Architectures.I386 => I386,
            Architectures.Aarch64 => Aarch64,
            Architectures.Arm => Arm,
            _ => null,
        };
        return kinds is not null && (uint)syscall < (uint)kinds.Length ? (ArgumentKind)(byte)(kinds[syscall] >> (argument * 8)) : ArgumentKind.None;
    }

    /// <summary>By the call's number; a byte for each argument.</summary>
    private static uint[] Build(uint architecture)
    {
        Dictionary<string, uint> byName = [];
        foreach (Range range in Table.Split((byte)'\n'))
        {
            string[] words = System.Text.Encoding.ASCII.GetString(Table[range]).Split(' ');
            foreach (string word in words.AsSpan(1))
            {
                int colon = word.IndexOf(':');
                ref uint kinds = ref CollectionsMarshal.GetValueRefOrAddDefault(byName, word[..colon], out _);
                kinds |= uint.Parse(words[0]) << ((word[colon + 1] - '0') * 8);
            }
        }
        ValueNames syscalls = Architectures.Syscalls(architecture)!;
        uint[] result = new uint[512];
        foreach (ValueNames.Entry entry in syscalls.Entries)
            if (entry.Value < (ulong)result.Length && byName.TryGetValue(System.Text.Encoding.ASCII.GetString(syscalls.Name(entry)), out uint kinds))
                result[entry.Value] = kinds;
        return result;
    }
}
