namespace LinuxAudit.Rules;

/// <summary>The comparisons of one field with another that <c>-C</c> can make: <c>AUDIT_COMPARE_*</c> of <c>linux/audit.h</c>.</summary>
public static class FieldComparison
{
    // Index = number; which of two fields stands left when printed is auditctl's.
    private static readonly (RuleField Left, RuleField Right)[] Pairs =
    [
        default,
        (RuleField.Uid, RuleField.ObjUid), (RuleField.Gid, RuleField.ObjGid), (RuleField.Euid, RuleField.ObjUid), (RuleField.Egid, RuleField.ObjGid),
        (RuleField.Auid, RuleField.ObjUid), (RuleField.Suid, RuleField.ObjUid), (RuleField.Sgid, RuleField.ObjGid),
        (RuleField.FsUid, RuleField.ObjUid),
        (RuleField.FsGid, RuleField.ObjGid),
        (RuleField.Uid, RuleField.Auid), (RuleField.Uid, RuleField.Euid), (RuleField.Uid, RuleField.FsUid), (RuleField.Uid, RuleField.Suid),
        (RuleField.Auid, RuleField.FsUid), (RuleField.Auid, RuleField.Suid), (RuleField.Auid, RuleField.Euid),
        (RuleField.Euid, RuleField.Suid), (RuleField.Euid, RuleField.FsUid), (RuleField.Suid, RuleField.FsUid),
        (RuleField.Gid, RuleField.Egid), (RuleField.Gid, RuleField.FsGid), (RuleField.Gid, RuleField.Sgid),
        (RuleField.Egid, RuleField.FsGid), (RuleField.Egid, RuleField.Sgid), (RuleField.Sgid, RuleField.FsGid),
    ];

    /// <summary>The number of the comparison of two fields, in either order; null when the kernel has none.</summary>
    public static uint? Find(RuleField first, RuleField second)
    {
        for (int number = 1; number < Pairs.Length; number++)
            if (Pairs[number] == (first, second) || Pairs[number] == (second, first)) return (uint)number;
        return null;
    }

    /// <summary>The two fields of a comparison; null when there is none of that number. Numbers are 1 to 25.</summary>
    public static (RuleField Left, RuleField Right)? Fields(uint number) => number >= 1 && number < Pairs.Length ? Pairs[number] : null;
}
