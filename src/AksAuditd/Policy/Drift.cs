using System.Globalization;
using AksAuditd.Node;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>One difference of a node that had its policy.</summary>
/// <param name="Thing">What is other: a file's path, a control value's name, or <see cref="Drift.Rules"/>; what repairs are counted by.</param>
/// <param name="What">How, in words.</param>
/// <param name="IsFile">Whether it is a file, and not the kernel's.</param>
internal sealed record DriftItem(string Thing, string What, bool IsFile = false);

/// <summary>How a node that had its policy differs from it now.</summary>
internal static class Drift
{
    /// <summary>The kernel's rules, all lists, as one thing.</summary>
    public const string Rules = "the kernel's rules";

    /// <summary>The control value that switches auditing on and off.</summary>
    public const string Enabled = "enabled";

    private const int MostNamed = 3;

    /// <summary>The control values but <see cref="Enabled"/>, by the names of <c>auditctl -s</c>.</summary>
    public static IReadOnlyList<(AuditStatusMask Mask, string Name)> Values { get; } =
    [
        (AuditStatusMask.BacklogLimit, "backlog_limit"), (AuditStatusMask.Failure, "failure"), (AuditStatusMask.RateLimit, "rate_limit"),
        (AuditStatusMask.BacklogWaitTime, "backlog_wait_time"),
    ];

    /// <summary>Every difference; empty when there is none.</summary>
    /// <param name="plan">The difference between the policy and the node.</param>
    /// <param name="loaded">The rules that the kernel was given last; empty when that is not known.</param>
    public static IReadOnlyList<DriftItem> Find(PolicyPlan plan, IReadOnlySet<KernelRule> loaded)
    {
        List<DriftItem> items = [];
        foreach (FileChange change in plan.Files.Changes) items.Add(new(change.Path, $"{change.Path} {Word(change)}", IsFile: true));
        foreach (string line in DescribeRules(plan.KernelRules, plan.Kernel, loaded)) items.Add(new(Rules, line));
        foreach ((AuditStatusMask mask, string name) in Values)
            if ((plan.Control.Mask & mask) != 0) items.Add(new(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {Value(plan.Status, mask)}, the policy says {Value(plan.Control, mask)}")));
        if (plan.ChangesEnabled) items.Add(new(Enabled, $"enabled is {(uint)plan.Status.Enabled}, the policy says {(uint)plan.WantedEnabled}"));
        return items;
    }

    /// <summary>How the kernel's rules differ from what is wanted.</summary>
    /// <param name="present">The kernel's rules.</param>
    /// <param name="difference">Leads from them to the wanted ones.</param>
    /// <param name="loaded">
    /// The rules that the kernel was given last; empty when that is not known. What is wanted now and was not then, and what was and is not any more, has its cause on the
    /// node (a directory that came) and is no drift.
    /// </param>
    public static IReadOnlyList<string> DescribeRules(IReadOnlyList<KernelRule> present, RuleDifference difference, IReadOnlySet<KernelRule> loaded)
    {
        List<string> lines = [];
        HashSet<KernelRule> wanted = [.. difference.Target];
        KernelRule[] missing = [.. difference.Added.Where(r => loaded.Count == 0 || loaded.Contains(r))];
        KernelRule[] foreign = [.. difference.Removed.Where(r => wanted.Contains(r) || !loaded.Contains(r))];
        KernelRule[] moved = [.. Moved(present, difference.Target)];
        if (missing.Length > 0) lines.Add($"{Count(missing)} gone from the kernel: {Name(missing)}");
        if (foreign.Length > 0) lines.Add($"{(foreign.Length == 1 ? "1 rule in the kernel is" : $"{foreign.Length} rules in the kernel are")} not the policy's: {Name(foreign)}");
        if (moved.Length > 0) lines.Add($"{Count(moved)} in another order: {Name(moved)}");
        return lines;

        static string Count(KernelRule[] rules) => rules.Length == 1 ? "1 rule is" : string.Create(CultureInfo.InvariantCulture, $"{rules.Length} rules are");
    }

    /// <summary>The fewest rules that, taken away, leave those that both have in the same order.</summary>
    private static IEnumerable<KernelRule> Moved(IReadOnlyList<KernelRule> present, IReadOnlyList<KernelRule> wanted)
    {
        Dictionary<KernelRule, int> places = [];
        for (int i = 0; i < present.Count; i++) places[present[i].WithPrepend(false)] = i;
        foreach (IGrouping<uint, KernelRule> list in wanted.Where(places.ContainsKey).ToLookup(r => r.List))
        {
            KernelRule[] both = [.. list];
            bool[] stays = LongestIncreasing(Array.ConvertAll(both, r => places[r]));
            for (int i = 0; i < both.Length; i++)
                if (!stays[i]) yield return both[i];
        }
    }

    // Patience sorting: for each length the run that ends lowest.
    private static bool[] LongestIncreasing(int[] numbers)
    {
        List<int> ends = [], values = [];
        int[] before = new int[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int place = ~values.BinarySearch(numbers[i]);
            before[i] = place == 0 ? -1 : ends[place - 1];
            if (place == ends.Count)
            {
                ends.Add(i);
                values.Add(numbers[i]);
            }
            else
            {
                (ends[place], values[place]) = (i, numbers[i]);
            }
        }

        bool[] chosen = new bool[numbers.Length];
        for (int i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i]) chosen[i] = true;
        return chosen;
    }

    private static uint Value(AuditStatus status, AuditStatusMask mask) => mask switch
    {
        AuditStatusMask.BacklogLimit => status.BacklogLimit,
        AuditStatusMask.Failure => (uint)status.Failure,
        AuditStatusMask.RateLimit => status.RateLimit,
        _ => status.BacklogWaitTime,
    };

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
