using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Node.Setup;

/// <summary>Gives the kernel's rules and control values back as a snapshot has them.</summary>
internal static class KernelRestore
{
    /// <summary>Restores.</summary>
    /// <returns>False when the kernel is locked (<c>-e 2</c>) and they stay until the next boot.</returns>
    /// <exception cref="NodeException">The kernel refused.</exception>
    public static bool Apply(KernelSnapshot was, IAuditKernel kernel)
    {
        AuditStatus now = kernel.ReadStatus();
        RuleDifference difference = RuleDifference.Between(kernel.ReadRules(), was.Rules.Select(r => new KernelRule(r)));
        AuditStatus wanted = new()
        {
            Mask = AuditStatusMask.Failure | AuditStatusMask.RateLimit | AuditStatusMask.BacklogLimit | AuditStatusMask.BacklogWaitTime,
            Failure = (AuditFailure)was.Failure,
            RateLimit = was.RateLimit,
            BacklogLimit = was.BacklogLimit,
            BacklogWaitTime = was.BacklogWaitTime,
        };
        if (now.Enabled == AuditEnabled.Locked) return difference.IsEmpty && wanted == Masked(now, wanted.Mask);

        Errno error = difference.Apply(kernel, out int done);
        if (error is not (Errno.None or Errno.ENOENT or Errno.EEXIST)) throw Refused(KernelCall.AddRule, $"take its rules back (step {done})", error);
        if (!RuleDifference.Between(kernel.ReadRules(), was.Rules.Select(r => new KernelRule(r))).IsEmpty)
            throw new NodeException("kernel audit", "has other rules than it was given back: somebody else changes them at the same time");
        if (wanted != Masked(now, wanted.Mask) && kernel.SetStatus(wanted) is var set and not Errno.None) throw Refused(KernelCall.Set, "take its control values back", set);

        // A kernel that was locked before its last boot is not locked again: that is the node's own boot's business.
        AuditEnabled enabled = was.Enabled == 0 ? AuditEnabled.Off : AuditEnabled.On;
        if (now.Enabled != enabled && kernel.SetStatus(new() { Mask = AuditStatusMask.Enabled, Enabled = enabled }) is var last and not Errno.None)
            throw Refused(KernelCall.Set, $"set enabled to {(uint)enabled}", last);
        return true;
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
