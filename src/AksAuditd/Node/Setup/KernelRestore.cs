using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Node.Setup;

/// <summary>Gives the kernel's rules and control values back as a snapshot has them.</summary>
internal static class KernelRestore
{
    /// <summary>Restores.</summary>
    /// <returns>
    /// What is not as it was, one line each: everything until the next boot when the kernel is locked (<c>-e 2</c>), and rules that it does not take any
    /// more, such as those of a directory that is gone.
    /// </returns>
    /// <exception cref="NodeException">The kernel refused.</exception>
    public static IReadOnlyList<string> Apply(KernelSnapshot was, IAuditKernel kernel)
    {
        AuditStatus now = kernel.ReadStatus();
        KernelRule[] rules = [.. was.Rules.Select(r => new KernelRule(r))];
        RuleDifference difference = RuleDifference.Between(kernel.ReadRules(), rules);
        AuditStatus wanted = new()
        {
            Mask = AuditStatusMask.Failure | AuditStatusMask.RateLimit | AuditStatusMask.BacklogLimit | AuditStatusMask.BacklogWaitTime,
            Failure = (AuditFailure)was.Failure,
            RateLimit = was.RateLimit,
            BacklogLimit = was.BacklogLimit,
            BacklogWaitTime = was.BacklogWaitTime,
        };
        if (now.Enabled == AuditEnabled.Locked)
        {
            return difference.IsEmpty && wanted == Masked(now, wanted.Mask) ? []
                : ["the kernel's audit configuration is locked (-e 2): its rules and control values stay until the next boot"];
        }

        Dictionary<KernelRule, Errno> refused = [];
        Errno error = difference.Apply(kernel, PassOver, out int done);
        if (error != Errno.None) throw Refused(KernelCall.AddRule, $"take its rules back (step {done})", error);
        if (!RuleDifference.Between(kernel.ReadRules(), rules.Where(r => !refused.ContainsKey(r.WithPrepend(false)))).IsEmpty)
            throw new NodeException("kernel audit", "has other rules than it was given back: somebody else changes them at the same time");
        if (wanted != Masked(now, wanted.Mask) && kernel.SetStatus(wanted) is var set and not Errno.None) throw Refused(KernelCall.Set, "take its control values back", set);

        // A kernel that was locked before its last boot is not locked again: that is the node's own boot's business.
        AuditEnabled enabled = was.Enabled == 0 ? AuditEnabled.Off : AuditEnabled.On;
        if (now.Enabled != enabled && kernel.SetStatus(new() { Mask = AuditStatusMask.Enabled, Enabled = enabled }) is var last and not Errno.None)
            throw Refused(KernelCall.Set, $"set enabled to {(uint)enabled}", last);
        return [.. refused.Select(r => $"the kernel does not take back the rule {RulePrinting.Text(r.Key)}: {NodeKernel.Describe(KernelCall.AddRule, r.Value)}")];

        bool PassOver(RuleStep step, Errno error)
        {
            if (step.Kind == RuleStepKind.Delete) return false;
            if (error == Errno.EEXIST) return true;
            if (!NodeKernel.IsNodeOnly(error)) return false;
            refused[step.Rule.WithPrepend(false)] = error;
            return true;
        }
    }

    private static AuditStatus Masked(AuditStatus status, AuditStatusMask mask) => new()
    {
        Mask = mask,
        Failure = status.Failure,
        RateLimit = status.RateLimit,
        BacklogLimit = status.BacklogLimit,
        BacklogWaitTime = status.BacklogWaitTime,
    };

    private static NodeException Refused(KernelCall call, string what, Errno error) => new("kernel audit", $"does not {what}: {NodeKernel.Describe(call, error)}");
}
