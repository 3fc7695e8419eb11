using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>Asked when the kernel refuses a step: true when the others are to be taken all the same.</summary>
public delegate bool RuleRefusal(RuleStep step, Errno error);

/// <summary>
/// The steps that turn the kernel's rule lists into wanted ones, order included, without losing an event on the way: every event that both the old
/// and the new lists record is recorded at every moment between. Why it holds, and what it costs: <c>docs/decisions/rule-difference.md</c>.
/// </summary>
/// <remarks>
/// It takes the fewest steps with which that can be had. A rule that can stay where it is, is not touched; a rule that is moved is always either there or
/// has an <see cref="RuleStepPurpose.Understudy">understudy</see> there; suppressing rules (<see cref="KernelRule.Suppresses"/>) that are moved are
/// absent for a moment, so that there are more events then and not fewer. Immutable and thread-safe.
/// </remarks>
public sealed class RuleDifference
{
    // 12 ms each on Linux 6.18.
    private const int DeletesTogether = 50;

    private readonly RuleStep[] _steps;

    private RuleDifference(IReadOnlyList<KernelRule> target, RuleStep[] steps)
    {
        Target = target;
        _steps = steps;
    }

    /// <summary>What the kernel will list after all steps: the wanted rules list by list, each once.</summary>
    public IReadOnlyList<KernelRule> Target { get; }

    /// <summary>The steps, to be taken in this order.</summary>
    public IReadOnlyList<RuleStep> Steps => _steps;

    /// <summary>True when the kernel has what is wanted.</summary>
    public bool IsEmpty => Steps.Count == 0;

    /// <summary>Rules that are new, in the order of their steps.</summary>
    public IEnumerable<KernelRule> Added => RulesOf(s => s.Purpose == RuleStepPurpose.Add);

    /// <summary>Rules that go, in the order of their steps; twice when the kernel has one twice.</summary>
    public IEnumerable<KernelRule> Removed => RulesOf(s => s.Purpose == RuleStepPurpose.Remove);

    /// <summary>Rules that stay but change their place, in the order of their steps.</summary>
    public IEnumerable<KernelRule> Moved => RulesOf(s => s.Purpose == RuleStepPurpose.Move && s.Kind != RuleStepKind.Delete);

    /// <summary>Works out the steps.</summary>
    /// <param name="current">The kernel's rules as <see cref="IAuditKernel.ListRules"/> gives them.</param>
    /// <param name="desired">
    /// The wanted rules; on each list in the order in which it is to be searched. <see cref="KernelRule.IsPrepend"/> is not looked at:
    /// <see cref="Arrange"/> gives this order for rules that are to be added one after the other. Of equal rules only the first counts, as for the kernel.
    /// </param>
    public static RuleDifference Between(IEnumerable<KernelRule> current, IEnumerable<KernelRule> desired)
    {
        ILookup<uint, KernelRule> from = current.ToLookup(rule => rule.List);
        ILookup<uint, KernelRule> to = desired.Distinct().ToLookup(rule => rule.List);
        List<KernelRule> target = [];
        List<RuleStep> additions = [], rest = [];
        SortedSet<uint> lists = [];
        foreach (IGrouping<uint, KernelRule> rules in from.Concat(to)) lists.Add(rules.Key);
        foreach (uint list in lists)
        {
            KernelRule[] wanted = Array.ConvertAll(to[list].ToArray(), rule => rule.WithPrepend(false));
            target.AddRange(wanted);
            List<RuleStep> steps = [];
            RuleListPlan.Add(steps, [.. from[list]], wanted);
            // Lists are searched for different events, or by themselves: what is new on all of them can come first.
            int added = steps.FindIndex(s => s.Purpose != RuleStepPurpose.Add);
            if (added < 0) added = steps.Count;
            additions.AddRange(steps[..added]);
            rest.AddRange(steps[added..]);
        }
        return new RuleDifference(target, [.. additions, .. rest]);
    }

    /// <summary>
    /// The order in which the kernel would hold <paramref name="rules"/> when they are added one after the other to empty lists, those with
    /// <see cref="KernelRule.IsPrepend"/> at the head: what <see cref="Between"/> wants. A rule that comes again is where it is first found.
    /// </summary>
    public static IReadOnlyList<KernelRule> Arrange(IEnumerable<KernelRule> rules)
    {
        List<KernelRule> heads = [], ends = [];
        foreach (KernelRule rule in rules) (rule.IsPrepend ? heads : ends).Add(rule.WithPrepend(false));
        heads.Reverse();
        return [.. heads.Concat(ends).Distinct().OrderBy(rule => rule.List)];
    }

    /// <summary>
    /// Takes the steps until the kernel refuses one. A step whose work somebody else has done (a delete of a rule that is gone) is passed over, and so
    /// is an understudy that the kernel does not take: then the rule it stands in for is absent for the moment of its move.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="done">Number of steps taken; when it is less than there are, <c>Steps[done]</c> is the first one that was refused.</param>
    /// <returns>None, or why the step was refused. The kernel is then between the two lists; a new difference leads from there to either.</returns>
    public Errno Apply(IAuditKernel kernel, out int done) => Apply(kernel, static (_, _) => false, out done);

    /// <summary>
    /// The same. Steps that may be taken whatever becomes of those right before them go to the kernel together (<see cref="IAuditKernel.ChangeRules"/>): where no
    /// rule is moved, all that is new first, and then all that goes. Whoever is killed meanwhile leaves the old rules, the old and the new ones, or the new ones.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="passOver">Asked about a refusal; true to go on. Of steps that went together it is asked about all, in their order, until it says false.</param>
    /// <param name="done">Number of steps taken; when it is less than there are, <c>Steps[done]</c> is the first one that was refused.</param>
    /// <param name="cancel">Looked at before each message.</param>
    public Errno Apply(IAuditKernel kernel, RuleRefusal passOver, out int done, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(passOver);
        for (done = 0; done < _steps.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<RuleStep> together = Together(done);
            if (together[0].WaitFirst) kernel.WaitForSearches();
            Errno[] answers = new Errno[together.Length];
            kernel.ChangeRules(together, answers);
            for (int i = 0; i < answers.Length; i++, done++)
            {
                Errno error = answers[i];
                RuleStep step = together[i];
                bool harmless = error == Errno.None || (step.Kind == RuleStepKind.Delete ? error == Errno.ENOENT : step.Purpose == RuleStepPurpose.Understudy);
                if (!harmless && !passOver(step, error)) return error;
            }
        }
        return Errno.None;
    }

    // What is added has to be there before anything else goes. Deleting takes the kernel some time, and nobody can be stopped meanwhile.
    private ReadOnlySpan<RuleStep> Together(int start)
    {
        int end = start + 1, deletes = 0;
        for (; end < _steps.Length; end++)
        {
            bool isDelete = _steps[end].Kind == RuleStepKind.Delete;
            if (isDelete && (_steps[end].WaitFirst || _steps[end - 1].Kind != RuleStepKind.Delete || ++deletes == DeletesTogether)) break;
        }
        return _steps.AsSpan(start, end - start);
    }

    // Not Select: with values on both sides it is compiled anew for every pair of types in the program, which the size of a native binary shows.
    private IEnumerable<KernelRule> RulesOf(Predicate<RuleStep> which)
    {
        foreach (RuleStep step in Steps)
            if (which(step)) yield return step.Rule;
    }
}
