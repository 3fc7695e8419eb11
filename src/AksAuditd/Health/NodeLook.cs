using AksAuditd.Events.Reporting;
using AksAuditd.Node.Syslog;
using LinuxAudit.Kernel;

namespace AksAuditd.Health;

/// <summary>What a pass saw of the node beside its policy.</summary>
/// <param name="Kernel">The kernel's control values and counters at the end of the pass; null when it did not answer.</param>
/// <param name="DaemonRuns">Whether auditd (without it: the agent itself) runs and has the kernel's audit socket.</param>
/// <param name="WantsEvents">Whether the policy has a program of ours read events.</param>
/// <param name="Events">What that program last said; null when it has said nothing.</param>
/// <param name="EventsProblem">Why that program does not do its work; null when it does, or when there is to be none.</param>
internal sealed record NodeLook(AuditStatus? Kernel, bool DaemonRuns, bool WantsEvents, EventsReport? Events, string? EventsProblem)
{
    /// <summary>Whether events can leave the node.</summary>
    public DeliveryLook Delivery { get; init; } = DeliveryLook.Nothing;
}
