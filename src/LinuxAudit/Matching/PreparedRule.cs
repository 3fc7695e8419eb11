using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>A rule, ready to be asked about events of a log. Does with its conditions what <c>audit_filter_rules</c> of Linux 6.18 does.</summary>
internal sealed class PreparedRule
{
    private readonly FieldFilter[] _conditions;
    private readonly byte[]?[] _texts;

    /// <param name="rule">A resolved rule.</param>
    /// <param name="place">Its place among all rules.</param>
    /// <param name="links">For its paths.</param>
    public PreparedRule(AuditRule rule, int place, PathLinks links)
    {
        (Rule, Place) = (rule, place);
        List<FieldFilter> conditions = [];
        List<byte[]?> texts = [];
        foreach (FieldFilter field in rule.Fields)
        {
            if (field.Field == RuleField.Key) continue;
            conditions.Add(field);
            texts.Add(field is { Text: { } text, Field: RuleField.Path or RuleField.Dir or RuleField.Exe } ? Canonical(text, links) : null);
            IsAskedByFile |= field.Field == RuleField.Path || field is { Field: RuleField.Inode, Operator: FieldOperator.Equal };
        }

        (_conditions, _texts) = ([.. conditions], [.. texts]);
        IsAskedByFile &= rule.List == FilterList.Exit;
    }

    public AuditRule Rule { get; }

    public int Place { get; }

    /// <summary>Whether the kernel asks it once for each file of a call, after all rules that it asks once a call.</summary>
    public bool IsAskedByFile { get; }

    public bool HasConditions => _conditions.Length > 0;

    /// <summary>Whether it matches a system call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="file">The file to ask about, for <see cref="IsAskedByFile"/>; -1: all of them.</param>
    public Judgement JudgeCall(RecordedCall call, int file = -1)
    {
        if (!Rule.Syscalls.Contains(call.Syscall)) return Judgement.No;
        Judgement all = Judgement.Yes;
        for (int i = 0; i < _conditions.Length; i++)
        {
            Judgement one = Judge(_conditions[i], _texts[i], call, file);
            if (one == Judgement.No) return one;
            if (one == Judgement.Unknown) all = one;
        }

        return all;
    }

    /// <summary>Whether it matches a record, on the lists that are asked for each: user and exclude. A rule without conditions matches none there.</summary>
    public Judgement JudgeRecord(RecordedCall call, uint type)
    {
        Judgement all = HasConditions ? Judgement.Yes : Judgement.No;
        for (int i = 0; i < _conditions.Length; i++)
        {
            FieldFilter condition = _conditions[i];
            Judgement one = condition.Field switch
            {
                RuleField.MsgType => Of(Comparison.Holds(type, condition.Operator, condition.Value)),
                RuleField.Exe when !call.HasExecutable => Judgement.Unknown,
                RuleField.Exe => JudgeProgram(condition, _texts[i], call),
                _ when FieldInfo.Find(condition.Field)?.Kind == FieldValueKind.Label => Judgement.Unknown,
                _ when call.TryGet(condition.Field, out uint value) => Of(Comparison.Holds(value, condition.Operator, condition.Value)),
                RuleField.Pid or RuleField.Uid or RuleField.Gid or RuleField.Auid => Judgement.Unknown,
                _ => Judgement.No,
            };
            if (one == Judgement.No) return one;
            if (one == Judgement.Unknown) all = one;
        }

        return all;
    }

    private static Judgement Judge(FieldFilter condition, byte[]? text, RecordedCall call, int file)
    {
        switch (condition.Field)
        {
            case RuleField.Success:
                // The kernel compares 1 for what went well, 2 for what did not.
                return Of(call.HasOutcome && Comparison.Holds(call.Success ? 1u : 2, condition.Operator, condition.Value != 0 ? 1u : 2));
            case RuleField.Exit:
                return Of(call.HasOutcome && call.TryGet(RuleField.Exit, out uint exit) && Comparison.Holds(exit, condition.Operator, condition.Value));
            case RuleField.Exe: return JudgeProgram(condition, text, call);
            case RuleField.Path: return FileJudge.IsAt(call, call.Names[file], text);
            case RuleField.Dir: return FileJudge.IsUnder(call, text);
            case RuleField.Perm:
                return PermissionClasses.Of(call.Machine) is { } classes ? Negated(classes.Match((FilePermissions)condition.Value, call), condition) : Judgement.Unknown;
            case RuleField.FileType: return Negated(FileJudge.HasType(call, condition.Value), condition);
            case RuleField.DevMajor or RuleField.DevMinor or RuleField.Inode or RuleField.ObjUid or RuleField.ObjGid:
                return Of(FileJudge.Has(call, condition.Field, condition.Operator, condition.Value, file));
            case RuleField.FieldCompare: return FieldComparison.Fields(condition.Value) is { } pair ? FileJudge.Compare(call, pair.Left, pair.Right, condition.Operator, file) : Judgement.Unknown;
            case RuleField.SaddrFam: return Of(call.AddressFamily is { } family && Comparison.Holds(family, condition.Operator, condition.Value));
            default: return call.TryGet(condition.Field, out uint value) ? Of(Comparison.Holds(value, condition.Operator, condition.Value)) : Judgement.Unknown;
        }
    }

    private static Judgement JudgeProgram(FieldFilter condition, byte[]? path, RecordedCall call) => Negated(call.Executable.SequenceEqual(path), condition);

    private static Judgement Negated(bool holds, FieldFilter condition) => Of(holds != (condition.Operator == FieldOperator.NotEqual));

    private static Judgement Of(bool holds) => holds ? Judgement.Yes : Judgement.No;

    private static byte[] Canonical(string path, PathLinks links)
    {
        byte[] bytes = RuleText.ToBytes(path);
        byte[] absolute = new byte[bytes.Length + 2 + links.Growth];
        return absolute[..links.Write("/"u8, bytes, absolute)];
    }
}
