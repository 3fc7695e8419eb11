using System.Globalization;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>How a node that had its policy differs from it now, in words.</summary>
internal static class Drift
{
    private const int MostNamed = 3;

    /// <summary>One line a difference; empty when there is none.</summary>
    /// <param name="plan">The difference between the policy and the node.</param>
    /// <param name="pending">Rules that could not be loaded before and can now: new, but no drift.</param>
    public static IReadOnlyList<string> Describe(PolicyPlan plan, IReadOnlySet<KernelRule> pending)
    {
        List<string> lines = [];
        foreach (FileChange change in plan.Files.Changes) lines.Add($"{change.Set.Target}/{ConfigMapVolume.Printable(change.Name)} {Word(change)}");

        KernelRule[] missing = [.. plan.Kernel.Added.Where(r => !pending.Contains(r))];
        KernelRule[] foreign = [.. plan.Kernel.Removed];
        KernelRule[] moved = [.. plan.Kernel.Moved.Distinct()];
        if (missing.Length > 0) lines.Add($"{missing.Length} rules are gone from the kernel: {Name(missing)}");
        if (foreign.Length > 0) lines.Add($"{foreign.Length} rules in the kernel are not the policy's: {Name(foreign)}");
        if (moved.Length > 0) lines.Add($"{moved.Length} rules are in another order: {Name(moved)}");

        AuditStatus now = plan.Status, wanted = plan.Control;
        Value(AuditStatusMask.BacklogLimit, "backlog_limit", now.BacklogLimit, wanted.BacklogLimit);
        Value(AuditStatusMask.Failure, "failure", (uint)now.Failure, (uint)wanted.Failure);
        Value(AuditStatusMask.RateLimit, "rate_limit", now.RateLimit, wanted.RateLimit);
        Value(AuditStatusMask.BacklogWaitTime, "backlog_wait_time", now.BacklogWaitTime, wanted.BacklogWaitTime);
        if (plan.ChangesEnabled) lines.Add($"enabled is {(uint)now.Enabled}, the policy says {(uint)plan.WantedEnabled}");
        return lines;

        void Value(AuditStatusMask mask, string name, uint present, uint desired)
        {
            if ((wanted.Mask & mask) != 0) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {present}, the policy says {desired}"));
        }
    }

    private static string Word(FileChange change) => change.Kind switch
    {
        FileChangeKind.New => "is gone",
        FileChangeKind.Changed => "was edited",
        FileChangeKind.Mode => $"has mode {Convert.ToString(change.Present!.Mode, 8)} and owner {change.Present.Uid}:{change.Present.Gid}",
        _ => "is not the policy's",
    };

    private static string Name(KernelRule[] rules) =>
        string.Join(" | ", Array.ConvertAll(rules[..Math.Min(MostNamed, rules.Length)], RulePrinting.Text)) + (rules.Length > MostNamed ? " | …" : "");
}
