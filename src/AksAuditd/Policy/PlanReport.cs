using System.Text.Json.Serialization;
using AksAuditd.Forecast;
using AksAuditd.Node;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>A <see cref="PolicyPlan"/> for people and programs: what <c>plan --output json</c> prints.</summary>
internal sealed record PlanReport
{
    /// <summary>The policy's hash.</summary>
    public required string Policy { get; init; }

    /// <summary>Whether the node is already as the policy says.</summary>
    public required bool InSync { get; init; }

    /// <summary>Changes of files: <c>new</c>, <c>changed</c>, <c>mode</c> or <c>deleted</c>, then the path.</summary>
    public required IReadOnlyList<PlanLine> Files { get; init; }

    /// <summary>Changes of the kernel's rules: <c>add</c>, <c>remove</c> or <c>move</c>, then the rule as <c>auditctl -l</c> prints it.</summary>
    public required IReadOnlyList<PlanLine> Rules { get; init; }

    /// <summary>Control values: the name, then "from → to".</summary>
    public required IReadOnlyList<PlanLine> Control { get; init; }

    /// <summary>What is left out on this node.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Files of the ConfigMaps that are not read, and why.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the policy would be refused; nothing would be changed then.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Whether the kernel is locked and only a reboot brings the rules.</summary>
    public required bool RebootRequired { get; init; }

    /// <summary>What the rules would have recorded of a log; null when none was given.</summary>
    public ForecastReport? Forecast { get; init; }

    /// <summary>The report of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="warnings">What was not read.</param>
    public static PlanReport Of(PolicyPlan plan, IEnumerable<string> warnings)
    {
        Dictionary<KernelRule, string> origin = [];
        foreach (DesiredRule rule in plan.Rules.Rules) origin.TryAdd(rule.Rule, $"{rule.Directive.Location.File}:{rule.Directive.Location.Line}");
        return new()
        {
            Policy = plan.Policy.Hash,
            InSync = plan.IsEmpty && plan.Problems.Count == 0,
            Files = [.. plan.Files.Changes.Select(c => new PlanLine(c.Kind.ToString().ToLowerInvariant(), $"{c.Set.Target}/{ConfigMapVolume.Printable(c.Name)}", null))],
            Rules = [.. Lines("add", plan.Kernel.Added), .. Lines("remove", plan.Kernel.Removed), .. Lines("move", plan.Kernel.Moved.Distinct())],
            Control = [.. ControlLines(plan)],
            Skipped = [.. plan.Skipped.Select(s => s.ToString())],
            Warnings = [.. warnings],
            Problems = plan.Problems,
            RebootRequired = plan.IsLocked && plan.ChangesKernel,
        };

        IEnumerable<PlanLine> Lines(string change, IEnumerable<KernelRule> rules)
        {
            foreach (KernelRule rule in rules) yield return new(change, RulePrinting.Text(rule), origin.GetValueOrDefault(rule));
        }
    }

    private static IEnumerable<PlanLine> ControlLines(PolicyPlan plan)
    {
        AuditStatus now = plan.Status, wanted = plan.Control;
        if (Changes(AuditStatusMask.BacklogLimit)) yield return new("backlog_limit", $"{now.BacklogLimit} → {wanted.BacklogLimit}", null);
        if (Changes(AuditStatusMask.Failure)) yield return new("failure", $"{(uint)now.Failure} → {(uint)wanted.Failure}", null);
        if (Changes(AuditStatusMask.RateLimit)) yield return new("rate_limit", $"{now.RateLimit} → {wanted.RateLimit}", null);
        if (Changes(AuditStatusMask.BacklogWaitTime)) yield return new("backlog_wait_time", $"{now.BacklogWaitTime} → {wanted.BacklogWaitTime}", null);
        if (plan.Locks) yield return new("enabled", $"{(uint)now.Enabled} → 2 (locked until the next boot)", null);
        else if (plan.ChangesEnabled) yield return new("enabled", $"{(uint)now.Enabled} → {(uint)plan.WantedEnabled}", null);

        bool Changes(AuditStatusMask value) => (wanted.Mask & value) != 0;
    }
}

/// <summary>One line of a plan.</summary>
/// <param name="Change">What happens.</param>
/// <param name="What">To what.</param>
/// <param name="Origin">The file and line that ask for it; null when none does.</param>
internal sealed record PlanLine(string Change, string What, string? Origin);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlanReport))]
internal sealed partial class PlanJson : JsonSerializerContext;
