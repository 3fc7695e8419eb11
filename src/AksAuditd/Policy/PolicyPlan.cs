using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>
/// The whole difference between a policy and this node: what <c>plan</c> prints and <c>run</c> carries out. A value; making it changes nothing.
/// </summary>
internal sealed record PolicyPlan
{
    /// <summary>The policy it leads to: without the files that are left out on this node.</summary>
    public required DesiredPolicy Policy { get; init; }

    /// <summary>The same with those.</summary>
    public required DesiredPolicy Whole { get; init; }

    /// <summary>What its rules files ask of the kernel.</summary>
    public required DesiredRules Rules { get; init; }

    /// <summary>Changes of files.</summary>
    public required SyncPlan Files { get; init; }

    /// <summary>The kernel's rules as they are now.</summary>
    public required IReadOnlyList<KernelRule> KernelRules { get; init; }

    /// <summary>Changes of the kernel's rules, in order.</summary>
    public required RuleDifference Kernel { get; init; }

    /// <summary>The kernel's control values as they are now.</summary>
    public required AuditStatus Status { get; init; }

    /// <summary>Control values to be changed (its mask), but for <see cref="AuditStatusMask.Enabled"/>, which waits until auditd runs.</summary>
    public required AuditStatus Control { get; init; }

    /// <summary>What is left out on this node, and why.</summary>
    public required IReadOnlyList<Skipped> Skipped { get; init; }

    /// <summary>Why it must not be carried out; empty when it may.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Whether the kernel refuses every change until the next boot.</summary>
    public bool IsLocked => Status.Enabled == AuditEnabled.Locked;

    /// <summary>The things (<see cref="DriftItem.Thing"/>) that stay as they are for now.</summary>
    public IReadOnlySet<string> Held { get; private init; } = new HashSet<string>();

    /// <summary>Whether the kernel's rules stay as they are for now.</summary>
    public bool HoldsRules => Held.Contains(Drift.Rules);

    /// <summary>Whether the kernel has to change.</summary>
    public bool ChangesKernel => (!HoldsRules && !Kernel.IsEmpty) || Control.Mask != AuditStatusMask.None || ChangesEnabled;

    /// <summary>Whether auditing has to be switched on (or off, where the policy says so).</summary>
    public bool ChangesEnabled => !IsLocked && Status.Enabled != WantedEnabled && !Held.Contains(Drift.Enabled);

    /// <summary>Whether the kernel has to be locked at the end: not with what is held.</summary>
    public bool Locks => Rules.LocksAtEnd && !IsLocked && Held.Count == 0;

    /// <summary>A policy that does not say it wants the kernel to audit.</summary>
    public AuditEnabled WantedEnabled => (Rules.Control.Mask & AuditStatusMask.Enabled) != 0 ? Rules.Control.Enabled : AuditEnabled.On;

    /// <summary>Whether the node is already as the policy says.</summary>
    public bool IsEmpty => Files.Changes.Count == 0 && !ChangesKernel && !Locks;

    /// <summary>The same without what is to stay as it is for now.</summary>
    /// <param name="held">Files, control values and rules, as <see cref="DriftItem.Thing"/> calls them.</param>
    public PolicyPlan Without(IReadOnlySet<string> held)
    {
        AuditStatusMask kept = AuditStatusMask.None;
        foreach ((AuditStatusMask mask, string name) in Drift.Values)
            if (held.Contains(name)) kept |= mask;
        return this with
        {
            Held = held,
            Files = Files with { Changes = [.. Files.Changes.Where(c => !held.Contains(c.Path))] },
            Control = Control with { Mask = Control.Mask & ~kept },
        };
    }
}
