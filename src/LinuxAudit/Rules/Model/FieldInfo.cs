using System.Collections.Frozen;

namespace LinuxAudit.Rules;

/// <summary>What the value of a field is made of.</summary>
internal enum FieldValueKind
{
    Number, SignedNumber, User, Group, Session, Exit, Arch, MessageType, FilesystemType, FileType, Permissions, AddressFamily, Label, Path, Key,
    Comparison,
}

/// <summary>Where a field may stand and how it may be compared, as the kernel (Linux 6.18) and auditctl 3.0.9 have it together.</summary>
internal sealed record FieldInfo(RuleField Field, string Name, FieldValueKind Kind, FieldLists Lists, FieldOperatorSet Operators)
{
    private static readonly FieldInfo[] Rows =
    [
        Row(RuleField.Pid, "pid", FieldValueKind.Number, FieldLists.Any),
        Row(RuleField.Uid, "uid", FieldValueKind.User, FieldLists.Any),
        Row(RuleField.Euid, "euid", FieldValueKind.User, FieldLists.NotExclude),
        Row(RuleField.Suid, "suid", FieldValueKind.User, FieldLists.NotExclude),
        Row(RuleField.FsUid, "fsuid", FieldValueKind.User, FieldLists.NotExclude),
        Row(RuleField.Gid, "gid", FieldValueKind.Group, FieldLists.Any),
        Row(RuleField.Egid, "egid", FieldValueKind.Group, FieldLists.NotExclude),
        Row(RuleField.Sgid, "sgid", FieldValueKind.Group, FieldLists.NotExclude),
        Row(RuleField.FsGid, "fsgid", FieldValueKind.Group, FieldLists.NotExclude),
        Row(RuleField.Auid, "auid", FieldValueKind.User, FieldLists.Any),
        Row(RuleField.Pers, "pers", FieldValueKind.Number, FieldLists.NotExclude, FieldOperatorSet.All),
        Row(RuleField.Arch, "arch", FieldValueKind.Arch, FieldLists.NotExclude, FieldOperatorSet.Equality),
        Row(RuleField.MsgType, "msgtype", FieldValueKind.MessageType, FieldLists.User | FieldLists.Exclude),
        Row(RuleField.SubjUser, "subj_user", FieldValueKind.Label, FieldLists.Any, FieldOperatorSet.Equality),
        Row(RuleField.SubjRole, "subj_role", FieldValueKind.Label, FieldLists.Any, FieldOperatorSet.Equality),
        Row(RuleField.SubjType, "subj_type", FieldValueKind.Label, FieldLists.Any, FieldOperatorSet.Equality),
        Row(RuleField.SubjSen, "subj_sen", FieldValueKind.Label, FieldLists.Any),
        Row(RuleField.SubjClr, "subj_clr", FieldValueKind.Label, FieldLists.Any),
        Row(RuleField.Ppid, "ppid", FieldValueKind.Number, FieldLists.AtExit),
        Row(RuleField.ObjUser, "obj_user", FieldValueKind.Label, FieldLists.AtExit, FieldOperatorSet.Equality),
        Row(RuleField.ObjRole, "obj_role", FieldValueKind.Label, FieldLists.AtExit, FieldOperatorSet.Equality),
        Row(RuleField.ObjType, "obj_type", FieldValueKind.Label, FieldLists.AtExit, FieldOperatorSet.Equality),
        Row(RuleField.ObjLevLow, "obj_lev_low", FieldValueKind.Label, FieldLists.AtExit),
        Row(RuleField.ObjLevHigh, "obj_lev_high", FieldValueKind.Label, FieldLists.AtExit),
        Row(RuleField.SessionId, "sessionid", FieldValueKind.Session, FieldLists.AtExit | FieldLists.User),
        Row(RuleField.FsType, "fstype", FieldValueKind.FilesystemType, FieldLists.Filesystem, FieldOperatorSet.Equality),
        Row(RuleField.DevMajor, "devmajor", FieldValueKind.Number, FieldLists.AtExit),
        Row(RuleField.DevMinor, "devminor", FieldValueKind.Number, FieldLists.AtExit, FieldOperatorSet.All),
        Row(RuleField.Inode, "inode", FieldValueKind.Number, FieldLists.AtExit, FieldOperatorSet.Equality),
        Row(RuleField.Exit, "exit", FieldValueKind.Exit, FieldLists.AtExit),
        Row(RuleField.Success, "success", FieldValueKind.Number, FieldLists.AtExit),
        Row(RuleField.Path, "path", FieldValueKind.Path, FieldLists.AtExit, FieldOperatorSet.Equal),
        Row(RuleField.Perm, "perm", FieldValueKind.Permissions, FieldLists.Exit, FieldOperatorSet.Equal),
        Row(RuleField.Dir, "dir", FieldValueKind.Path, FieldLists.AtExit, FieldOperatorSet.Equal),
        Row(RuleField.FileType, "filetype", FieldValueKind.FileType, FieldLists.AtExit, FieldOperatorSet.Equality),
        Row(RuleField.ObjUid, "obj_uid", FieldValueKind.User, FieldLists.NotExclude),
        Row(RuleField.ObjGid, "obj_gid", FieldValueKind.Group, FieldLists.NotExclude),
        Row(RuleField.Exe, "exe", FieldValueKind.Path, FieldLists.Any, FieldOperatorSet.Equality),
        Row(RuleField.SaddrFam, "saddr_fam", FieldValueKind.AddressFamily, FieldLists.NotExclude),
        Row(RuleField.A0, "a0", FieldValueKind.SignedNumber, FieldLists.NotExclude, FieldOperatorSet.All),
        Row(RuleField.A1, "a1", FieldValueKind.SignedNumber, FieldLists.NotExclude, FieldOperatorSet.All),
        Row(RuleField.A2, "a2", FieldValueKind.SignedNumber, FieldLists.NotExclude, FieldOperatorSet.All),
        Row(RuleField.A3, "a3", FieldValueKind.SignedNumber, FieldLists.NotExclude, FieldOperatorSet.All),
        Row(RuleField.Key, "key", FieldValueKind.Key, FieldLists.NotExclude | FieldLists.Filesystem, FieldOperatorSet.Equal),
    ];

    /// <summary>-C is a field of its own in the kernel; no -F names it.</summary>
    public static FieldInfo Comparison { get; } =
        Row(RuleField.FieldCompare, "field_compare", FieldValueKind.Comparison, FieldLists.AtExit, FieldOperatorSet.Equality);

    private static readonly FrozenDictionary<RuleField, FieldInfo> ByField = Rows.ToFrozenDictionary(r => r.Field);

    private static readonly FrozenDictionary<string, FieldInfo>.AlternateLookup<ReadOnlySpan<char>> ByName =
        new Dictionary<string, FieldInfo>(Rows.ToDictionary(r => r.Name)) { ["loginuid"] = Array.Find(Rows, r => r.Field == RuleField.Auid)! }
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every field <c>-F</c> can name.</summary>
    public static IReadOnlyList<FieldInfo> All => Rows;

    public static FieldInfo? Find(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out FieldInfo? info) ? info : null;

    public static FieldInfo? Find(RuleField field) => field == RuleField.FieldCompare ? Comparison : ByField.GetValueOrDefault(field);

    public bool IsText => Kind is FieldValueKind.Label or FieldValueKind.Path or FieldValueKind.Key;

    public bool IsAllowedOn(FilterList list) => (Lists & (FieldLists)(1 << (int)list)) != 0;

    public bool Allows(FieldOperator op) => Operators switch
    {
        FieldOperatorSet.Equal => op == FieldOperator.Equal,
        FieldOperatorSet.Equality => op is FieldOperator.Equal or FieldOperator.NotEqual,
        FieldOperatorSet.Ordered => op is not (FieldOperator.BitMask or FieldOperator.BitTest),
        _ => true,
    };

    private static FieldInfo Row(RuleField field, string name, FieldValueKind kind, FieldLists lists,
        FieldOperatorSet operators = FieldOperatorSet.Ordered) =>
        new(field, name, kind, lists, operators);
}

/// <summary>A set of lists; bit n is the list whose number is n.</summary>
[Flags]
internal enum FieldLists
{
    User = 1 << (int)FilterList.User,
    Task = 1 << (int)FilterList.Task,
    Exit = 1 << (int)FilterList.Exit,
    Exclude = 1 << (int)FilterList.Exclude,
    Filesystem = 1 << (int)FilterList.Filesystem,
    IoUring = 1 << (int)FilterList.IoUring,
    AtExit = Exit | IoUring,
    NotExclude = User | Task | Exit | IoUring,
    Any = NotExclude | Exclude,
}

/// <summary>The operators a field takes: <c>=</c>; with <c>!=</c>; with the four that order; with the two that test bits.</summary>
internal enum FieldOperatorSet
{
    Equal, Equality, Ordered, All,
}
