using AksAuditd.Events.Reporting;
using AksAuditd.Health;
using AksAuditd.Node;
using LinuxAudit.Kernel;
using LinuxAudit.Plugins;

namespace AksAuditd.Policy;

/// <summary>Looks after the program of ours that reads events: auditd's plugin, or the agent itself where there is no auditd.</summary>
/// <param name="isEmbedded">Whether the agent reads them itself.</param>
/// <param name="read">What that program says of itself; null when it says nothing.</param>
/// <param name="clock">The time.</param>
internal sealed class EventsWatch(bool isEmbedded, Func<EventsReport?> read, TimeProvider clock)
{
    private const string Program = "aks-auditd";
    private const string Command = "plugin";

    // auditd starts its plugins after it took the socket; each writes its first report at its first turn.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private string? _policy;
    private bool _wantsPlugin;
    private uint _daemon;
    private long _changedAt;

    /// <summary>Notes which policy is on the node: it may have a plugin of ours.</summary>
    public void Applied(DesiredPolicy policy)
    {
        if (policy.Hash == _policy) return;
        (_policy, _wantsPlugin, _changedAt) = (policy.Hash, HasPlugin(policy), clock.GetTimestamp());
    }

    /// <summary>Looks at it.</summary>
    /// <param name="kernel">The kernel's values now; null when it does not answer.</param>
    public NodeLook Look(AuditStatus? kernel)
    {
        uint owner = kernel?.Pid ?? 0;
        if (owner != _daemon) (_daemon, _changedAt) = (owner, clock.GetTimestamp());
        bool runs = owner != 0 && (owner == Environment.ProcessId || ProcessInfo.Name((int)owner) == "auditd");
        bool wanted = isEmbedded || _wantsPlugin;
        EventsReport? report = wanted ? read() : null;

        // That the agent does not read them itself is said where its audit service is looked after.
        bool asks = _wantsPlugin || report is not null;
        string? problem = asks && clock.GetElapsedTime(_changedAt) >= Grace ? EventsReportFile.Problem(report, clock.GetUtcNow()) : null;
        return new(kernel, runs, wanted, report, problem);
    }

    private static bool HasPlugin(DesiredPolicy policy)
    {
        foreach (SourceVersion source in policy.Sources)
        {
            if (source.Set.Name != FileSet.Plugins) continue;
            foreach (PolicyFile file in source.Files)
            {
                PluginFile plugin = PluginParser.Parse(file.Name, file.Content, out _);
                if (plugin.Active && Path.GetFileName(plugin.Path) == Program && plugin.Arguments.Split(' ')[0] == Command) return true;
            }
        }

        return false;
    }
}
