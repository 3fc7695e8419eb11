using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>
/// Says which of a set of rules would have recorded an event of a log: the first that matches, list by list, as the kernel looks for it. Where the records do
/// not have what a rule asks for, it says that too, and never guesses. Allocates nothing for an event once its buffers have grown. Not thread-safe: files
/// that are used by descriptor are known by their inode from earlier events, so events belong in the order of the log.
/// </summary>
/// <remarks>
/// Source: kernel/auditsc.c and kernel/audit.c of Linux 6.18. What a log cannot have: events that no rule recorded. A path in a log is the process's: that of a
/// container reads like one of the node's.
/// </remarks>
public sealed class RuleMatcher
{
    private readonly PreparedRule[] _rules;
    private readonly PreparedRule[] _byCall, _byFile, _user, _exclude;
    private readonly PreparedRule? _noTasks;
    private readonly RecordedCall _call;
    private readonly EventVerdict _verdict = new();

    /// <summary>A matcher of these rules.</summary>
    /// <param name="rules">In the order of the kernel's lists, and resolved: what prepends (<c>-A</c>) is at the head already.</param>
    /// <param name="links">Directories of the node that are links; null for none.</param>
    /// <exception cref="ArgumentException">A rule is not resolved.</exception>
    public RuleMatcher(IReadOnlyList<AuditRule> rules, PathLinks? links = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        links ??= PathLinks.None;
        _rules = new PreparedRule[rules.Count];
        for (int i = 0; i < _rules.Length; i++)
            _rules[i] = rules[i].IsResolved ? new(rules[i], i, links) : throw new ArgumentException($"a user or group of the rule has not been looked up: {rules[i]}", nameof(rules));
        _byCall = Array.FindAll(_rules, r => r.Rule.List == FilterList.Exit && !r.IsAskedByFile);
        _byFile = Array.FindAll(_rules, r => r.IsAskedByFile);
        _user = Array.FindAll(_rules, r => r.Rule.List == FilterList.User);
        _exclude = Array.FindAll(_rules, r => r.Rule.List == FilterList.Exclude);
        _noTasks = Array.Find(_rules, r => r.Rule is { List: FilterList.Task, Action: RuleAction.Never } && !r.HasConditions);
        _call = new(links);
    }

    /// <summary>Why no log can tell what a rule records, in a few words; null when one can.</summary>
    public static string? WhyNot(AuditRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        switch (rule.List)
        {
            case FilterList.Task when rule.Fields.Any(f => f.Field != RuleField.Key): return "the task list is asked when a process starts, and records do not tell when that was";
            case FilterList.Filesystem: return "records do not tell the type of a file system";
            case FilterList.IoUring: return "operations of io_uring are not looked at";
        }

        foreach (FieldFilter field in rule.Fields)
            if (field.Field != RuleField.Key && FieldInfo.Find(field.Field) is not { Kind: not FieldValueKind.Label } info) return $"{FieldInfo.Find(field.Field)?.Name ?? "a field"} is a label, which is not compared";
        return null;
    }

    /// <summary>Judges an event.</summary>
    /// <returns>The verdict; the same object each time.</returns>
    public EventVerdict Match(AuditEvent auditEvent)
    {
        ArgumentNullException.ThrowIfNull(auditEvent);
        _verdict.Clear(auditEvent.Count);
        _call.Read(auditEvent);
        RecordType first = auditEvent.TypeOf(0);
        bool hasOwn = false;
        if (_call.HasSyscall)
        {
            for (int i = 0; i < auditEvent.Count && !hasOwn; i++) hasOwn = !CallRecords.Includes(auditEvent.TypeOf(i));
            DecideCall(hasOwn);
        }
        else if (RecordTypes.IsUserMessage(first)) DecideMessage((uint)first);
        else _verdict.Fate = CallRecords.Includes(first) ? EventFate.Incomplete : EventFate.Unasked;

        bool isKept = _verdict.Fate is not (EventFate.Suppressed or EventFate.NotRecorded);
        for (int i = 0; i < auditEvent.Count; i++)
        {
            RecordType type = auditEvent.TypeOf(i);
            _verdict.Set(i, (isKept || (_call.HasSyscall && !CallRecords.Includes(type))) && !IsExcluded(type));
        }

        return _verdict;
    }

    private void DecideCall(bool hasOwn)
    {
        int best = _noTasks?.Place ?? FirstByCall();
        if (_noTasks is null && _call.Names.Count > 0) best = FirstByFile(best);
        _verdict.Rule = best;
        if (best >= 0) _verdict.ForgetPossibleFrom(best);
        _verdict.Fate = best < 0 ? hasOwn ? EventFate.Unasked : EventFate.NotRecorded
            : _rules[best].Rule.Action == RuleAction.Always ? EventFate.Recorded : EventFate.Suppressed;
    }

    private int FirstByCall()
    {
        foreach (PreparedRule rule in _byCall)
        {
            switch (rule.JudgeCall(_call))
            {
                case Judgement.Yes: return rule.Place;
                case Judgement.Unknown: _verdict.AddPossible(rule.Place); break;
            }
        }

        return -1;
    }

    // The first file that any rule before the others' first matches decides; further files are not looked at.
    private int FirstByFile(int best)
    {
        for (int file = 0; file < _call.Names.Count; file++)
        {
            foreach (PreparedRule rule in _byFile)
            {
                if (best >= 0 && rule.Place > best) break;
                switch (rule.JudgeCall(_call, file))
                {
                    case Judgement.Yes: return rule.Place;
                    case Judgement.Unknown: _verdict.AddPossible(rule.Place); break;
                }
            }
        }

        return best;
    }

    private void DecideMessage(uint type)
    {
        _verdict.Fate = EventFate.Unasked;
        foreach (PreparedRule rule in _user)
        {
            Judgement judgement = rule.JudgeRecord(_call, type);
            if (judgement == Judgement.Unknown) _verdict.AddPossible(rule.Place);
            if (judgement != Judgement.Yes) continue;
            // It is written with or without a rule that wants it, and no rule puts its key on it.
            if (rule.Rule.Action == RuleAction.Never) (_verdict.Fate, _verdict.Rule) = (EventFate.Suppressed, rule.Place);
            return;
        }
    }

    private bool IsExcluded(RecordType type)
    {
        foreach (PreparedRule rule in _exclude)
        {
            Judgement judgement = rule.JudgeRecord(_call, (uint)type);
            if (judgement == Judgement.Yes) return true;
            if (judgement == Judgement.Unknown) _verdict.AddPossible(rule.Place);
        }

        return false;
    }
}
