namespace LinuxAudit.Kernel;

/// <summary>What one step does to the kernel's lists.</summary>
public enum RuleStepKind
{
    /// <summary>Deletes the first rule that is equal.</summary>
    Delete,
    /// <summary>Adds the rule at the end of its list.</summary>
    Append,
    /// <summary>Adds the rule at the head of its list.</summary>
    Prepend,
}

/// <summary>Why a step is taken.</summary>
public enum RuleStepPurpose
{
    /// <summary>The rule is new.</summary>
    Add,
    /// <summary>The rule is not wanted any more.</summary>
    Remove,
    /// <summary>The rule stays, but elsewhere in its list.</summary>
    Move,
    /// <summary>A rule that means the same as one that is being moved, and records its events meanwhile.</summary>
    Understudy,
}

/// <summary>One change of the kernel's lists. A plain value.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Rule">To which rule.</param>
/// <param name="Purpose">Why.</param>
/// <param name="WaitFirst">
/// True when a search that began before the steps so far must have ended before this one (<see cref="IAuditKernel.WaitForSearches"/>): it may have passed the
/// place of a rule that was added, and would miss it once this rule is gone.
/// </param>
public readonly record struct RuleStep(RuleStepKind Kind, KernelRule Rule, RuleStepPurpose Purpose, bool WaitFirst = false);
