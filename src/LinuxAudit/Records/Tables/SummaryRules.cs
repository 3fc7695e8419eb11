using System.Collections.Frozen;
using System.Text;

namespace LinuxAudit.Records;

/// <summary>Where a system call's object stands.</summary>
internal enum ObjectSource
{
    None,
    Path,
    SecondPath,
    Socket,
    Command,
    Executable,
    Target,
    Module,
    Key,
}

/// <summary>What an event of a type of record says: texts, and the fields that hold its object and its means.</summary>
internal sealed record TypeRule(byte[] Kind, byte[] Action, byte[] ObjectKind, byte[][] ObjectFields, byte[] SecondaryField, byte[][] HowFields);

/// <summary>What a system call does, to what.</summary>
internal sealed record SyscallRule(byte[] Action, byte[] ObjectKind, ObjectSource Source, bool HowIsSyscall);

/// <summary>
/// What events do, in the words of <c>ausearch --format csv</c> (audit 3.0.9), read off its output for every type and system call.
/// </summary>
internal static class SummaryRules
{
    // Type, kind, action, kind of object, field of the object, second field, field of the means. "op" and some others are told by the record itself.
    private static ReadOnlySpan<byte> Types =>
        """
        1005 unknown sent-message unknown addr - exe
        1006 user-login changed-login-id-to user-session auid - exe
        1100 user-login authenticated user-session acct,id - exe
        1101 user-login was-authorized user-session acct,id - exe
        1102 user-account modified-user-account account acct,id - exe
        1103 user-login acquired-credentials user-session acct,id - exe
        1104 user-login disposed-credentials user-session acct,id - exe
        1105 user-login started-session user-session terminal - exe
        1106 user-login ended-session user-session terminal - exe
        1107 mac-decision accessed-mac-policy-controlled-object unknown - - exe
        1108 user-login changed-password user-session acct,id - exe
        1109 user-login caused-account-error user-session terminal - exe
        1110 user-login refreshed-credentials user-session acct,id - exe
        1111 configuration op system - - exe
        1112 user-login logged-in user-session terminal - exe
        1113 user-login logged-out user-session terminal - exe
        1114 user-account added-user-account account acct,id - exe
        1115 user-account deleted-user-account account acct,id - exe
        1116 user-account added-group-account-to account acct,id - exe
        1117 user-account deleted-group-account-from account acct,id - exe
        1118 unknown access-result unknown - - exe
        1119 group-change changed-group unknown - - exe
        1120 user-space sent-test unknown - - exe
        1121 user-space unknown unknown - - exe
        1122 mac-decision access-error unknown - - exe
        1123 user-space ran-command process cmd - exe
        1124 TTY typed keystrokes - - exe
        1125 user-space changed-user-id unknown - - exe
        1126 group-change authenticated-to-group unknown - - exe
        1127 system-services booted-system system - - exe
        1128 system-services shutdown-system service - - exe
        1129 system-services changed-to-runlevel system - - exe
        1130 system-services started-service service unit - exe
        1131 system-services stopped-service service unit - exe
        1132 user-account modified-group-account account acct,id - exe
        1133 user-account changed-group-password user-session acct,id - exe
        1134 unknown mac-permission unknown - - exe
        1135 user-account locked-account account acct,id - exe
        1136 user-account unlocked-account account acct,id - exe
        1137 configuration op keystrokes device - exe
        1138 configuration installed-software software sw sw_type exe
        1200 audit-daemon started-audit service - - =init
        1201 audit-daemon shutdown-audit service - - =signal
        1202 audit-daemon aborted-auditd-startup service - - -
        1203 audit-daemon changed-auditd-configuration service - - =signal
        1205 audit-daemon rotated-audit-logs service - - =signal
        1206 audit-daemon resumed-audit-logging service - - =signal
        1207 audit-daemon remote-audit-connected service - - -
        1208 audit-daemon remote-audit-disconnected service - - -
        1209 audit-daemon audit-error service - - -
        1305 configuration op audit-config key - exe
        1319 TTY typed keystrokes - - comm
        1325 configuration loaded-firewall-rule-to firewall table - exe,comm
        1326 dac-decision called-seccomp-controlled-syscall process syscall - exe
        1328 configuration changed-audit-feature system - - exe
        1330 unknown loaded-kernel-module file name - exe
        1331 av-decision accessed-policy-controlled-file file path - exe
        1334 bpf-program bpf process prog-id - exe
        1335 audit-daemon connect socket nl-mcgrp - exe
        1400 mac-decision accessed-mac-policy-controlled-object file path - exe
        1403 mac loaded-selinux-policy mac-config - - exe
        1404 mac changed-selinux-enforcement-to mac-config - - exe
        1405 mac changed-selinux-boolean mac-config - - exe
        1406 mac did-unknown mac-config - - -
        1407 mac did-unknown mac-config - - -
        1408 mac did-unknown mac-config - - -
        1409 mac added-mac-network-domain-mapping-to mac-config - - -
        1410 mac deleted-mac-network-domain-mapping-from mac-config - - -
        1411 mac did-unknown mac-config - - -
        1412 mac did-unknown mac-config - - -
        1413 mac did-unknown mac-config - - -
        1414 mac did-unknown mac-config - - -
        1415 mac did-unknown mac-config - - -
        1416 mac did-unknown mac-config - - -
        1417 mac did-unknown mac-config - - -
        1418 mac did-unknown mac-config - - -
        1419 mac did-unknown mac-config - - -
        1700 anomaly changed-socket-promiscuous-mode socket dev - exe
        1701 anomaly crashed-program process exe - sig
        1702 anomaly used-suspcious-link unknown - - exe
        1703 anomaly created-suspicious-file unknown - - exe
        2000 system-services initialized-audit-subsystem unknown - - exe
        2100 anomaly failed-log-in-too-many-times-to user-session acct,id - exe
        2101 anomaly attempted-log-in-during-unusual-hour-to user-session acct,id - exe
        2102 anomaly opened-too-many-sessions-to user-session acct,id - exe
        2104 anomaly attempted-log-in-from-unusual-place-to user-session acct,id - exe
        2109 integrity tested-file-system-integrity-of file-system hostname - exe
        2112 anomaly attempted-execution-of-forbidden-program process cmd - terminal
        2300 mac changed-role-to user-session - - exe
        2301 mac assigned-user-role-to account acct,id - exe
        2302 mac removed-use-role-from account acct,id - exe
        2303 mac overrode-label-of mac-config - - exe
        2304 mac modified-level-of printer printer - exe
        2307 mac did-unknown mac-config - - exe
        2308 mac did-unknown mac-config - - exe
        2309 mac relabeled-filesystem mac-config - - exe
        2310 mac loaded-mac-policy mac-config - - exe
        2311 mac modified-role mac-config - - exe
        2312 mac changed-mac-configuration mac-config - - exe
        2313 mac changed-selinux-enforcement-to unknown - - exe
        2402 crypto crypto-officer-logged-in unknown - - exe
        2403 crypto crypto-officer-logged-out unknown - - exe
        2404 crypto negotiated-crypto-key user-session fp - exe
        2407 crypto started-crypto-session user-session addr rport exe
        2500 virt issued-vm-control virtual-machine op - exe
        2501 virt assigned-vm-resource virtual-machine resrc - exe
        2502 virt assigned-vm-id virtual-machine vm - exe
        2503 virt checked-integrity-of unknown - - exe
        2504 virt created-vm-image unknown - - exe
        2505 virt deleted-vm-image unknown - - exe
        2506 virt migrated-vm-from unknown - - exe
        2507 virt migrated-vm-to unknown - - exe
        """u8;

    // Action, kind of object, where the object stands, then the calls.
    private static ReadOnlySpan<byte> Syscalls =>
        """
        opened-file file Path open truncate ftruncate creat readlink openat readlinkat fallocate memfd_create openat2 truncate64 ftruncate64
        checked-metadata-of file Path stat fstat lstat access newfstatat faccessat statx faccessat2 stat64 fstat64 lstat64 fstatat64
        allocated-memory-in memory Command mmap brk mmap2
        connected-to socket Socket connect
        accepted-connection-from socket Socket accept accept4
        sent-to socket Socket sendto sendmsg
        received-from socket Socket recvfrom recvmsg
        bound-socket socket Socket bind
        executed file Path execve execveat
        killed-pid process Target kill tkill tgkill
        renamed file SecondPath rename renameat renameat2
        created-directory file Path mkdir mkdirat
        deleted file Path rmdir unlink unlinkat
        symlinked file SecondPath symlink symlinkat
        changed-file-permissions-of file Path chmod fchmod fchmodat
        changed-file-ownership-of file Path chown fchown lchown fchownat chown32 fchown32 lchown32
        changed-identity-of process Executable setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setuid32 setgid32
        changed-timestamp-of file Path utime utimes futimesat utimensat
        make-device unknown Path mknod mknodat
        checked-filesystem-metadata-of file-system Path statfs fstatfs statfs64 fstatfs64
        adjusted-scheduling-policy-of process Executable sched_setparam sched_setscheduler sched_setattr
        changed-system-time system None adjtimex settimeofday clock_settime clock_adjtime
        mounted file-system Path mount move_mount fsmount fspick
        unmounted file-system Path umount umount2
        changed-system-name system None sethostname setdomainname
        loaded-kernel-module file Module init_module finit_module
        unloaded-kernel-module file Module delete_module
        changed-file-attributes-of file Path setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
        """u8;

    private static readonly FrozenDictionary<ushort, TypeRule> TypeRules = BuildTypes();
    private static readonly FrozenDictionary<string, SyscallRule> SyscallRules = BuildSyscalls();

    // By the number of the call; made when an architecture is first met, of which a node has one or two.
    private static SyscallRule?[]? _x86_64, _i386, _aarch64, _arm;

    /// <summary>The rule of a type; null for types without one.</summary>
    internal static TypeRule? Of(RecordType type) => TypeRules.GetValueOrDefault((ushort)type);

    /// <summary>The rule of a system call; null for calls without one.</summary>
    internal static SyscallRule? Of(uint architecture, int syscall)
    {
        SyscallRule?[]? rules = architecture switch
        {
            Architectures.X86_64 => _x86_64 ??= ByNumber(architecture),
            Architectures.I386 => _i386 ??= ByNumber(architecture),
            Architectures.Aarch64 => _aarch64 ??= ByNumber(architecture),
            Architectures.Arm => _arm ??= ByNumber(architecture),
            _ => null,
        };
        return rules is not null && (uint)syscall < (uint)rules.Length ? rules[syscall] : null;
    }

    /// <summary>The kind of events of types without a rule, by the ranges of <c>linux/audit.h</c>.</summary>
    internal static ReadOnlySpan<byte> KindOf(RecordType type) => (int)type switch
    {
        1316 or 1336 or 1337 => "unknown"u8,
        1332 or 1333 => "configuration"u8,
        >= 1300 and <= 1399 => "audit-rule"u8,
        1400 or 1401 or 1402 or 1502 or 1503 or 1506 => "mac-decision"u8,
        >= 1403 and <= 1506 => "mac"u8,
        >= 1700 and <= 1799 or >= 2100 and <= 2199 => "anomaly"u8,
        >= 1800 and <= 1899 => "integrity"u8,
        >= 2200 and <= 2299 => "anomaly-response"u8,
        >= 2300 and <= 2399 => "mac"u8,
        >= 2400 and <= 2499 => "crypto"u8,
        >= 2500 and <= 2599 => "virt"u8,
        _ => "unknown"u8,
    };

    private static FrozenDictionary<ushort, TypeRule> BuildTypes()
    {
        Dictionary<ushort, TypeRule> rules = [];
        foreach (string line in Encoding.ASCII.GetString(Types).Split('\n'))
        {
            string[] words = line.Split(' ');
            rules.Add(ushort.Parse(words[0]), new TypeRule(Bytes(words[1]), Bytes(words[2]), Bytes(words[3]), List(words[4]), Bytes(words[5]), List(words[6])));
        }
        return rules.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, SyscallRule> BuildSyscalls()
    {
        Dictionary<string, SyscallRule> rules = [];
        foreach (string line in Encoding.ASCII.GetString(Syscalls).Split('\n'))
        {
            string[] words = line.Split(' ');
            ObjectSource source = Enum.Parse<ObjectSource>(words[2]);
            foreach (string call in words.AsSpan(3))
                rules.Add(call, new SyscallRule(Bytes(words[0]), Bytes(words[1]), source, source == ObjectSource.Executable));
        }
        return rules.ToFrozenDictionary();
    }

    private static SyscallRule?[] ByNumber(uint architecture)
    {
        SyscallRule?[] rules = new SyscallRule?[512];
        ValueNames names = Architectures.Syscalls(architecture)!;
        foreach (ValueNames.Entry entry in names.Entries)
            if (entry.Value < (ulong)rules.Length && SyscallRules.TryGetValue(Encoding.ASCII.GetString(names.Name(entry)), out SyscallRule? rule)) rules[entry.Value] = rule;
        return rules;
    }

    private static byte[][] List(string words) => words == "-" ? [] : [.. words.Split(',').Select(Bytes)];

    private static byte[] Bytes(string word) => word == "-" ? [] : Encoding.ASCII.GetBytes(word);
}
