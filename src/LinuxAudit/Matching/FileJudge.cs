using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>The conditions on the files of a call.</summary>
internal static class FileJudge
{
    private const uint TypeMask = 0xF000;

    /// <summary>Whether a file is the one at <paramref name="path"/>. What was not found is no file, also under its name.</summary>
    public static Judgement IsAt(RecordedCall call, in RecordedName name, ReadOnlySpan<byte> path)
    {
        if (name.Inode is null) return Judgement.No;
        ReadOnlySpan<byte> known = call.Text(name.Path);
        return known.IsEmpty ? Judgement.Unknown : known.SequenceEqual(path) || call.Text(name.OtherPath).SequenceEqual(path) ? Judgement.Yes : Judgement.No;
    }

    /// <summary>Whether any file of the call is <paramref name="directory"/> or below it.</summary>
    public static Judgement IsUnder(RecordedCall call, ReadOnlySpan<byte> directory)
    {
        Judgement any = Judgement.No;
        foreach (RecordedName name in call.Names)
        {
            if (name.Inode is null) continue;
            ReadOnlySpan<byte> known = call.Text(name.Path);
            if (known.IsEmpty) any = Judgement.Unknown;
            else if (IsUnder(known, directory) || IsUnder(call.Text(name.OtherPath), directory)) return Judgement.Yes;
        }

        return any;
    }

    /// <summary>Whether any file of the call is of a type.</summary>
    public static bool HasType(RecordedCall call, uint type)
    {
        foreach (RecordedName name in call.Names)
            if (name.Inode is not null && (name.Mode & TypeMask) == type) return true;
        return false;
    }

    /// <summary>Whether a condition on numbers of files holds for one of them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="field">devmajor, devminor, inode, obj_uid or obj_gid.</param>
    /// <param name="op">How it is compared.</param>
    /// <param name="value">With what.</param>
    /// <param name="file">The only file to look at; -1: any.</param>
    public static bool Has(RecordedCall call, RuleField field, FieldOperator op, uint value, int file)
    {
        for (int i = Math.Max(0, file); i < (file < 0 ? call.Names.Count : file + 1); i++)
            if (Has(call.Names[i], field, op, value)) return true;
        return false;
    }

    /// <summary><c>-C</c>: two fields of the process, or one with the owner of a file.</summary>
    public static Judgement Compare(RecordedCall call, RuleField left, RuleField right, FieldOperator op, int file)
    {
        if (!call.TryGet(left, out uint first)) return Judgement.Unknown;
        if (right is RuleField.ObjUid or RuleField.ObjGid) return Has(call, right, op, first, file) ? Judgement.Yes : Judgement.No;
        return !call.TryGet(right, out uint second) ? Judgement.Unknown : Comparison.Holds(first, op, second) ? Judgement.Yes : Judgement.No;
    }

    private static bool Has(in RecordedName name, RuleField field, FieldOperator op, uint value) => field switch
    {
        RuleField.DevMajor => IsFile(name) && (Comparison.Holds(RecordedName.Major(name.Device), op, value) || Comparison.Holds(RecordedName.Major(name.SpecialDevice), op, value)),
        RuleField.DevMinor => IsFile(name) && (Comparison.Holds(RecordedName.Minor(name.Device), op, value) || Comparison.Holds(RecordedName.Minor(name.SpecialDevice), op, value)),
        RuleField.Inode => name.Inode is { } inode && Comparison.Holds((uint)inode, op, value),
        RuleField.ObjUid => name.Uid is { } uid && Comparison.Holds(uid, op, value),
        _ => name.Gid is { } gid && Comparison.Holds(gid, op, value),
    };

    private static bool IsFile(in RecordedName name) => name.Inode is not null;

    private static bool IsUnder(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory) =>
        path.StartsWith(directory) && (directory.Length == 1 || path.Length == directory.Length || path[directory.Length] == '/');
}
