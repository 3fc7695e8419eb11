using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Selection;

/// <summary>What becomes of an event.</summary>
internal enum Verdict
{
    /// <summary>It goes on.</summary>
    Keep,

    /// <summary>A filter drops it, or it is the container runtime's noise.</summary>
    Filtered,

    /// <summary>A filter keeps only some of its kind.</summary>
    Sampled,

    /// <summary>Its key or its pod has spent its budget.</summary>
    OverBudget,
}

/// <summary>Decides which events go on: the first filter that matches, then budgets. One thread.</summary>
internal sealed class EventSelection(EventsSettings settings, IIdentityNames names)
{
    private readonly EventFilter[] _filters = [.. settings.Filters];
    private readonly int[] _seen = new int[settings.Filters.Count];
    private readonly Budgets? _budgets = settings.EventsPerKey > 0 || settings.EventsPerPod > 0 ? new(settings.EventsPerKey, settings.EventsPerPod) : null;

    /// <summary>Decides.</summary>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public Verdict Decide(EventFacts facts, in ProcessContext context, long now)
    {
        Verdict verdict = Filter(facts, context);
        return verdict == Verdict.Keep && _budgets is not null && !_budgets.TrySpend(facts, context, now) ? Verdict.OverBudget : verdict;
    }

    /// <summary>What budgets held back since the last call; adds to <paramref name="suppressions"/>.</summary>
    public void CollectSuppressions(List<Suppression> suppressions, long now) => _budgets?.Collect(suppressions, now);

    private Verdict Filter(EventFacts facts, in ProcessContext context)
    {
        for (int i = 0; i < _filters.Length; i++)
        {
            EventFilter filter = _filters[i];
            bool matches = filter.Match.Matches(facts, context, names);
            if (filter.Action == FilterAction.DropOthers && !matches) return Verdict.Filtered;
            if (filter.Action == FilterAction.DropOthers || !matches) continue;
            return filter.Action switch
            {
                FilterAction.Drop => Verdict.Filtered,
                FilterAction.Sample when (uint)_seen[i]++ % (uint)filter.OneIn != 0 => Verdict.Sampled,
                _ => Verdict.Keep,
            };
        }

        return settings.DropsRuntimeNoise && RuntimeNoise.Is(facts, context) ? Verdict.Filtered : Verdict.Keep;
    }
}
