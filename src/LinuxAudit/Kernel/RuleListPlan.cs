namespace LinuxAudit.Kernel;

/// <summary>
/// The steps for one filter list. Names as in <c>docs/decisions/rule-difference.md</c>: wanted = head + kept + tail, where kept is a run of wanted rules that
/// stand in the same order in the kernel already.
/// </summary>
internal sealed class RuleListPlan
{
    private readonly List<RuleStep> _steps;
    private readonly KernelRule[] _current;
    private readonly KernelRule[] _wanted;
    /// <summary>
    /// How many of each current rule are still where they were; 0 for one that has gone or has been moved. Two are possible for a rule that was added
    /// at the head.
    /// </summary>
    private readonly Dictionary<KernelRule, int> _copies = [];
    private readonly HashSet<KernelRule> _wantedSet;
    private readonly int _keptStart;
    private readonly int _keptEnd;

    /// <summary>A recording rule was prepended, and a search may be on its way that has not seen it.</summary>
    private bool _unseenHead;
    /// <summary>The same for one that was added at either end.</summary>
    private bool _unseen;
    private bool _suppressorsCleared;

    private RuleListPlan(List<RuleStep> steps, KernelRule[] current, KernelRule[] wanted)
    {
        _steps = steps;
        _current = current;
        _wanted = wanted;
        _wantedSet = [.. wanted];
        Dictionary<KernelRule, int> positions = [];
        for (int i = 0; i < current.Length; i++)
        {
            // Delete takes the first of equal rules, so the last is the one that can stay.
            positions[current[i]] = i;
            _copies[current[i]] = Copies(current[i]) + 1;
        }
        (_keptStart, _keptEnd) = KeptRun.Choose(current, wanted, positions);
    }

    /// <summary>Adds to <paramref name="steps"/> those that turn <paramref name="current"/> into <paramref name="wanted"/>, whose rules are distinct.</summary>
    public static void Add(List<RuleStep> steps, KernelRule[] current, KernelRule[] wanted)
    {
        if (current.AsSpan().SequenceEqual(wanted)) return;
        RuleListPlan plan = new(steps, current, wanted);
        for (int i = plan._keptStart - 1; i >= 0; i--) plan.Place(wanted[i], RuleStepKind.Prepend);
        for (int i = plan._keptEnd; i < wanted.Length; i++) plan.Place(wanted[i], RuleStepKind.Append);
        plan.ClearSuppressors();
        plan.ClearRecorders();
    }

    private int Copies(KernelRule rule) => _copies.GetValueOrDefault(rule);

    /// <summary>Puts a rule at the end that <paramref name="kind"/> says: a new one, or one from elsewhere in the list.</summary>
    private void Place(KernelRule rule, RuleStepKind kind)
    {
        bool moved = Copies(rule) > 0;
        if (!moved)
        {
            // New, or a suppressor that ClearSuppressors took away before.
            _steps.Add(new RuleStep(kind, rule, _copies.ContainsKey(rule) ? RuleStepPurpose.Move : RuleStepPurpose.Add));
            if (!rule.Suppresses) Unseen(kind);
        }
        else if (rule.Suppresses)
        {
            Delete(rule, Copies(rule), RuleStepPurpose.Move);
            _steps.Add(new RuleStep(kind, rule, RuleStepPurpose.Move));
        }
        else
        {
            MoveRecorder(rule, kind);
        }
    }

    private void MoveRecorder(KernelRule rule, RuleStepKind kind)
    {
        // Behind this rule there may be suppressors that it has shielded from. At the tail it could not any more; at the head it still does.
        if (kind == RuleStepKind.Append) ClearSuppressors();
        KernelRule? understudy = Understudy.For(rule).Cast<KernelRule?>().FirstOrDefault(u => Copies(u!.Value) == 0 && !_wantedSet.Contains(u.Value));
        if (understudy is { } stand)
        {
            _steps.Add(new RuleStep(kind, stand, RuleStepPurpose.Understudy));
            Unseen(kind);
        }
        Delete(rule, Copies(rule), RuleStepPurpose.Move, wait: _unseenHead);
        _steps.Add(new RuleStep(kind, rule, RuleStepPurpose.Move));
        // No wait: the rule stands right beside its understudy, and a search comes by both or the one that is there.
        if (understudy is not null) _steps.Add(new RuleStep(RuleStepKind.Delete, understudy.Value, RuleStepPurpose.Understudy));
    }

    /// <summary>
    /// Takes away the suppressors that are not wanted, superfluous copies, and those that are still to be moved: from here on every suppressor that is
    /// there stands where it is wanted.
    /// </summary>
    private void ClearSuppressors()
    {
        if (_suppressorsCleared) return;
        _suppressorsCleared = true;
        foreach (KernelRule rule in _current.Where(r => r.Suppresses).Distinct()) Clear(rule);
        for (int i = _keptEnd; i < _wanted.Length; i++)
        {
            if (_wanted[i].Suppresses) Delete(_wanted[i], Copies(_wanted[i]), RuleStepPurpose.Move);
        }
    }

    /// <summary>Takes away the recording rules that are not wanted, last of all.</summary>
    private void ClearRecorders()
    {
        foreach (KernelRule rule in _current.Where(r => !r.Suppresses).Distinct()) Clear(rule, wait: true);
    }

    private void Clear(KernelRule rule, bool wait = false)
    {
        int superfluous = Copies(rule) - (_wantedSet.Contains(rule) ? 1 : 0);
        if (superfluous > 0) Delete(rule, superfluous, RuleStepPurpose.Remove, wait && _unseen);
    }

    private void Delete(KernelRule rule, int times, RuleStepPurpose purpose, bool wait = false)
    {
        if (times == 0) return;
        for (int i = 0; i < times; i++)
        {
            _steps.Add(new RuleStep(RuleStepKind.Delete, rule, purpose, WaitFirst: wait && i == 0));
            if (wait) _unseen = _unseenHead = false;
        }
        _copies[rule] = Copies(rule) - times;
    }

    private void Unseen(RuleStepKind kind)
    {
        _unseen = true;
        if (kind == RuleStepKind.Prepend) _unseenHead = true;
    }
}
