using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace TestSupport;

/// <summary>
/// The kernel's rule lists, slow and obvious, as Linux 6.18 keeps them: a duplicate is refused at the end of a list but not at its head, and a delete takes
/// the first. Fails where <see cref="Fault"/> says.
/// </summary>
internal sealed class FakeAuditKernel : IAuditKernel
{
    private readonly List<KernelRule> _rules = [];
    private AuditStatus _status = new() { Failure = AuditFailure.Print, BacklogLimit = 64, BacklogWaitTime = 15000 };
    private AuditFeatures _features = new() { Version = 1, Mask = (AuditFeature)uint.MaxValue };

    /// <summary>Called before each request with its name and rule; what it returns other than None is the answer, and nothing is done.</summary>
    public Func<KernelCall, KernelRule, Errno> Fault { get; set; } = (_, _) => Errno.None;

    /// <summary>Called after each change of the rules.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>Number of changes of the rules.</summary>
    public int Changes { get; private set; }

    /// <summary>Number of messages with steps.</summary>
    public int Messages { get; private set; }

    /// <summary>Number of waits for searches.</summary>
    public int Waits { get; private set; }

    /// <summary>The rules, list by list.</summary>
    public IReadOnlyList<KernelRule> Rules => [.. _rules.OrderBy(rule => rule.List)];

    public Errno AddRule(KernelRule rule)
    {
        Errno fault = Fault(KernelCall.AddRule, rule);
        if (fault != Errno.None) return fault;
        if (!rule.IsPrepend && _rules.Contains(rule)) return Errno.EEXIST;
        _rules.Insert(rule.IsPrepend ? 0 : _rules.Count, rule.WithPrepend(false));
        return Done();
    }

    public Errno DeleteRule(KernelRule rule)
    {
        Errno fault = Fault(KernelCall.DeleteRule, rule);
        if (fault != Errno.None) return fault;
        return _rules.Remove(rule) ? Done() : Errno.ENOENT;
    }

    public void ChangeRules(ReadOnlySpan<RuleStep> steps, Span<Errno> answers)
    {
        Messages++;
        for (int i = 0; i < steps.Length; i++)
            answers[i] = steps[i].Kind == RuleStepKind.Delete ? DeleteRule(steps[i].Rule) : AddRule(steps[i].Rule.WithPrepend(steps[i].Kind == RuleStepKind.Prepend));
    }

    public Errno ListRules(out IReadOnlyList<KernelRule> rules)
    {
        Errno fault = Fault(KernelCall.Read, default);
        rules = fault == Errno.None ? Rules : [];
        return fault;
    }

    public Errno GetStatus(out AuditStatus status)
    {
        Errno fault = Fault(KernelCall.Read, default);
        status = fault == Errno.None ? _status : default;
        return fault;
    }

    public Errno SetStatus(in AuditStatus status)
    {
        Errno fault = Fault(KernelCall.Set, default);
        if (fault != Errno.None) return fault;
        AuditStatusMask mask = status.Mask;
        _status = _status with
        {
            Enabled = mask.HasFlag(AuditStatusMask.Enabled) ? status.Enabled : _status.Enabled,
            Failure = mask.HasFlag(AuditStatusMask.Failure) ? status.Failure : _status.Failure,
            RateLimit = mask.HasFlag(AuditStatusMask.RateLimit) ? status.RateLimit : _status.RateLimit,
            BacklogLimit = mask.HasFlag(AuditStatusMask.BacklogLimit) ? status.BacklogLimit : _status.BacklogLimit,
            BacklogWaitTime = mask.HasFlag(AuditStatusMask.BacklogWaitTime) ? status.BacklogWaitTime : _status.BacklogWaitTime,
        };
        return Errno.None;
    }

    public Errno ResetCounter(AuditStatusMask counter, out uint previous)
    {
        previous = 0;
        return Fault(KernelCall.Set, default);
    }

    public Errno GetFeatures(out AuditFeatures features)
    {
        features = _features;
        return Fault(KernelCall.Read, default);
    }

    public Errno SetFeatures(in AuditFeatures features)
    {
        Errno fault = Fault(KernelCall.Set, default);
        if (fault == Errno.None) _features = _features with { Features = (_features.Features & ~features.Mask) | (features.Features & features.Mask) };
        return fault;
    }

    public void WaitForSearches() => Waits++;

    private Errno Done()
    {
        Changes++;
        Changed();
        return Errno.None;
    }
}
