namespace LinuxAudit.Records;

/// <summary>The kinds of all known fields. Thread-safe.</summary>
public static class FieldKinds
{
    // Kind, then names. What each is was read off ausearch -i (audit 3.0.9), run on every name with many values.
    private static readonly NameIndex Kinds = new(
        """
        1 acct apparmor cgroup cmd comm cwd denied_mask device dir exe file grp info invalid_context name new-chardev new-disk new-fs new-net
        1 new-rng new_group ocomm old-chardev old-disk old-fs old-net old-rng operation path profile requested_mask root_dir sw vm watch
        2 proctitle
        3 key
        4 data
        5 auid euid fsuid id inode_uid iuid oauid obj_uid old-auid ouid sauid suid uid
        6 egid fsgid gid igid inode_gid new_gid obj_gid ogid sgid
        7 ses
        8 arch
        9 syscall
        10 a0 a1 a2 a3
        11 exit
        12 res result
        13 cap_fi cap_fp cap_pa cap_pe cap_pi cap_pp fi fp new_pe new_pi new_pp old_pa old_pe old_pi old_pp pa pe pi pp
        14 capability
        15 mode
        16 saddr
        17 flags
        18 oflag
        19 resolve
        20 sig sigev_signo
        21 perm perm_mask
        22 list
        23 per
        24 code
        25 family
        26 hook
        27 action
        28 proto
        29 icmptype
        30 ioctlcmd
        31 old_prom prom
        32 nl-mcgrp
        33 resp
        34 uring_op
        """u8);

    /// <summary>The kind of the field called <paramref name="name"/> in a record of type <paramref name="type"/>.</summary>
    public static FieldKind Of(RecordType type, ReadOnlySpan<byte> name)
    {
        // Arguments of a program are strings, a0 to a3 of a system call are numbers.
        if (type == RecordType.Execve && name.Length >= 2 && name[0] == 'a' && name[1] is >= (byte)'0' and <= (byte)'9')
            return name.EndsWith("_len"u8) ? FieldKind.Plain : FieldKind.Text;
        if (!Kinds.TryGet(name, out int kind)) return FieldKind.Plain;
        // Who was added, changed or removed: a group in records about groups.
        if (kind == (int)FieldKind.User && name.SequenceEqual("id"u8) && type is (RecordType)1116 or (RecordType)1117 or (RecordType)1132 or (RecordType)1119)
            return FieldKind.Group;
        return (FieldKind)kind;
    }
}
