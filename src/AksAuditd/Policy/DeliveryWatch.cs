using AksAuditd.Configuration;
using AksAuditd.Events.Reporting;
using AksAuditd.Node;
using AksAuditd.Node.Syslog;

namespace AksAuditd.Policy;

/// <summary>
/// Looks whether the policy's events can leave the node: auditd runs the plugins, and what is behind them takes what they send. Only looks: nothing is started or sent.
/// A problem counts when two looks in a row, at least <see cref="Grace"/> apart, have found it: services that start or restart are none.
/// </summary>
internal sealed class DeliveryWatch(Settings settings, TimeProvider clock)
{
    /// <summary>How long a problem has to last.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<DeliveryStage, long> _since = [];
    private DeliveryRoute _route = DeliveryRoute.None;

    /// <summary>Notes which policy is on the node.</summary>
    public void Applied(DesiredPolicy policy) => _route = DeliveryRoute.Of(policy, settings);

    /// <summary>Looks, and leaves out what has not lasted yet.</summary>
    /// <param name="auditd">auditd's process id; null when it does not run, which is said elsewhere.</param>
    /// <param name="report">What our events program says of itself; null when it says nothing.</param>
    /// <exception cref="NodeException">The node may not be looked at.</exception>
    public DeliveryLook Look(int? auditd, EventsReport? report)
    {
        DeliveryLook now = _route.Look(auditd, report);
        foreach (DeliveryStage stage in _since.Keys.Except(now.Problems.Select(p => p.Stage)).ToArray()) _since.Remove(stage);
        foreach (DeliveryProblem problem in now.Problems) _since.TryAdd(problem.Stage, clock.GetTimestamp());
        return now with { Problems = [.. now.Problems.Where(p => clock.GetElapsedTime(_since[p.Stage]) >= Grace)] };
    }
}
