using System.Text.Json.Serialization;
using AksAuditd.Configuration;
using AksAuditd.Events.Reporting;
using AksAuditd.Node;
using AksAuditd.Node.Syslog;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Plugins;

namespace AksAuditd.Policy;

/// <summary>Whether this node is as its policy says and what there is to know about it: what <c>status</c> prints. Looked up afresh, with or without a running agent.</summary>
internal sealed record NodeReport
{
    /// <summary>Whether the node is as its policy says and auditd runs.</summary>
    public required bool InSync { get; init; }

    /// <summary>Why not, one line each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Since when the agent has seen it so; null when no agent has looked, or when it has changed since.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The agent that holds the node; null when none runs.</summary>
    public string? Agent { get; init; }

    /// <summary>Hash of the policy that the ConfigMaps say.</summary>
    public required string DesiredPolicy { get; init; }

    /// <summary>Whether that one is refused. Rules and what is left out are then those of the applied policy.</summary>
    public required bool Refused { get; init; }

    /// <summary>Hash of the last policy that was applied and verified.</summary>
    public string? AppliedPolicy { get; init; }

    /// <summary>When it was.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>Since when a policy waits for a reboot.</summary>
    public DateTimeOffset? RebootRequiredSince { get; init; }

    /// <summary>Rules that the policy has.</summary>
    public required int RulesDesired { get; init; }

    /// <summary>How many of them are left out on this node.</summary>
    public required int RulesSkipped { get; init; }

    /// <summary>Rules that the kernel has.</summary>
    public required int RulesInKernel { get; init; }

    /// <summary>What is left out on this node.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Files of the ConfigMaps that are not read, and why.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The kernel's control values and counters.</summary>
    public required KernelReport Kernel { get; init; }

    /// <summary>Programs that are older than audit; null when no agent has seen when it was turned on, or when there are none.</summary>
    public OlderReport? Older { get; init; }

    /// <summary>Who takes the events from the kernel: <c>auditd</c> or <c>embedded</c>, the agent itself.</summary>
    public required string Mode { get; init; }

    /// <summary>Why; null when the configuration says so.</summary>
    public string? ModeReason { get; init; }

    /// <summary>auditd.</summary>
    public required ServiceReport Auditd { get; init; }

    /// <summary>When the agent last started it because it did not run; null when it never had to.</summary>
    public ServiceStart? AuditdStarted { get; init; }

    /// <summary>Why events do not leave the node, one line each, as it is at this moment.</summary>
    public required IReadOnlyList<string> Delivery { get; init; }

    /// <summary>Whether the node's rsyslog gets each message twice; null when nothing goes through it.</summary>
    public bool? SyslogDoubled { get; init; }

    /// <summary>What the program that reads events says of itself; null where there is none.</summary>
    public EventsSummary? Events { get; init; }

    /// <summary>The last drifts, newest last.</summary>
    public required IReadOnlyList<DriftRecord> Drifts { get; init; }
}

/// <summary>The kernel's control values and counters, by the names of <c>auditctl -s</c>.</summary>
internal sealed record KernelReport(uint Enabled, uint Failure, uint Pid, uint RateLimit, uint BacklogLimit, uint Lost, uint Backlog, uint BacklogWaitTime);

/// <summary>Programs that are older than audit in this boot, and so are not recorded themselves.</summary>
/// <param name="Since">When audit was on.</param>
/// <param name="Programs">How many.</param>
/// <param name="Names">How many of each name.</param>
/// <param name="Text">Some of the names, for people.</param>
internal sealed record OlderReport(DateTimeOffset Since, int Programs, IReadOnlyDictionary<string, int> Names, [property: JsonIgnore] string Text)
{
    public static OlderReport? Of(AuditStart? start)
    {
        if (start is not { IsOfThisBoot: true }) return null;
        OlderPrograms older = new(start);
        IReadOnlyList<KeyValuePair<string, int>> names = older.Names();
        return names.Count == 0 ? null : new(start.At(DateTimeOffset.UtcNow), names.Sum(n => n.Value), new OrderedDictionary<string, int>(names), older.ToString());
    }
}

/// <summary>auditd: who manages it, its pid (null when it does not run), its version, and its plugin queue.</summary>
internal sealed record ServiceReport(string Manager, int? Pid, string Detail, string? Version, int? QueueDepth, int? QueueMaximum, int? QueueSize, bool? QueueOverflow, bool? LoggingSuspended);

/// <summary>Looks all of it up.</summary>
internal static class StatusQuery
{
    /// <exception cref="NodeException">The node cannot be looked at.</exception>
    public static async Task<NodeReport> RunAsync(Settings settings, NodeSession node, CancellationToken cancel)
    {
        NodeState state = NodeState.ReadIfAny(settings.StateDirectory);
        DesiredPolicy policy = Policy.DesiredPolicy.Read(FileSet.From(settings), settings.Sync, node.Root);
        PolicyPlanner planner = new(settings, node.Kernel);
        Dictionary<KernelRule, Errno> refused = [];
        PolicyPlan wanted = planner.Create(policy, state, refused);
        bool isRefused = wanted.Problems.Count > 0;
        // What is in force then is the last good one.
        PolicyPlan plan = isRefused && state.LastGood is { } good ? planner.Create(Policy.DesiredPolicy.From(good, FileSet.From(settings)), state, refused) : wanted;
        AuditServiceState service = await node.Service.GetStateAsync(cancel).ConfigureAwait(false);
        (AuditdReport? auditd, string? silent) = await AskAuditdAsync(settings, node.Service, service, cancel).ConfigureAwait(false);
        string? holder = NodeLock.Holder(settings.StateDirectory);

        List<string> reasons = [.. wanted.Problems];
        if (plan.Problems.Count == 0 && plan.Policy.Hash != state.LastGood?.Hash) reasons.Add($"{Policy.DesiredPolicy.Name(plan.Policy.Hash)} has not been applied yet");
        else if (plan.Problems.Count == 0) reasons.AddRange(Drift.Find(plan, new HashSet<KernelRule>()).Select(d => d.What));
        if (plan.IsLocked && plan.ChangesKernel) reasons.Add("reboot required: the kernel's audit configuration is locked (-e 2)");
        if (!service.IsRunning) reasons.Add($"{node.Service.Name} does not run: {service.Detail}");
        else if (plan.Status.Pid != service.Pid) reasons.Add($"{node.Service.Name} (pid {service.Pid}) does not have the kernel's audit socket; pid {plan.Status.Pid} has");

        EventsReport? events = EventsReportFile.Read(EventsReportFile.PathFor(settings));
        DeliveryLook delivery = DeliveryRoute.Of(plan.Policy, settings).Look(node.Service.Manager == "embedded" ? null : service.Pid, events);
        if (settings.Delivery == DeliveryMode.Require) reasons.AddRange(delivery.Problems.Select(p => p.Text));
        AuditStatus kernel = plan.Status;
        bool inSync = reasons.Count == 0;
        return new()
        {
            InSync = inSync,
            Reasons = reasons,
            Since = state.Seen is { } seen && seen.Ready == inSync ? seen.Since : null,
            Agent = holder,
            DesiredPolicy = policy.Hash,
            Refused = isRefused,
            AppliedPolicy = state.LastGood?.Hash,
            AppliedAt = state.LastGood?.AppliedAt,
            RebootRequiredSince = state.RebootRequiredSince,
            RulesDesired = plan.Rules.Rules.Count + plan.Rules.Skipped.Count,
            RulesSkipped = plan.Rules.Skipped.Count,
            RulesInKernel = plan.KernelRules.Count,
            Skipped = [.. plan.Skipped.Select(s => s.ToString())],
            Warnings = [.. policy.Warnings],
            Kernel = new((uint)kernel.Enabled, (uint)kernel.Failure, kernel.Pid, kernel.RateLimit, kernel.BacklogLimit, kernel.Lost, kernel.Backlog, kernel.BacklogWaitTime),
            Older = OlderReport.Of(state.AuditStart),
            Mode = node.Choice.Mode.ToString().ToLowerInvariant(),
            ModeReason = node.Choice.Reason.Length > 0 ? node.Choice.Reason : null,
            Auditd = new(node.Service.Manager, service.Pid, silent ?? service.Detail, auditd?.Version, auditd?.QueueDepth, auditd?.QueueMaximum, auditd?.QueueSize,
                auditd?.QueueOverflow, auditd?.LoggingSuspended),
            AuditdStarted = state.AuditdStarted,
            Delivery = [.. delivery.Problems.Select(p => p.Text)],
            SyslogDoubled = delivery.IsDoubled,
            Events = events is null ? null : EventsSummary.Of(events, DateTimeOffset.UtcNow),
            Drifts = state.Drifts,
        };
    }

    // What it says of itself, or why it does not. Without an answer the rest of the status is as good.
    private static async Task<(AuditdReport? Report, string? Problem)> AskAuditdAsync(Settings settings, IAuditService service, AuditServiceState state, CancellationToken cancel)
    {
        if (!state.IsRunning || service.Manager == "embedded") return default;
        try
        {
            AuditdReport? report = await AuditdReport.AskAsync(service, cancel).ConfigureAwait(false);
            if (report is null) return (null, "auditd does not say its state within a second");
            return (report, AuditdRelease.CutsEvents(report.Version, AuditdConfParser.Parse(settings.AuditdConf, ConfigFiles.ReadBytes(settings.AuditdConf), out _)));
        }
        catch (NodeException e)
        {
            return (null, e.Message);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
