using Microsoft.Extensions.Logging;

namespace AksAuditd.Health;

/// <summary>Whether this node is as its policy says, and if not why. Thread safe. A reason is logged when it changes, not at every pass.</summary>
internal sealed class NodeStatus(TimeProvider clock, ILogger log)
{
    private readonly Lock _lock = new();
    private StatusReport _report = new() { Reason = "no pass has ended yet", Since = clock.GetUtcNow() };
    private bool _said;

    /// <summary>The status now.</summary>
    public StatusReport Current
    {
        get
        {
            lock (_lock) return _report;
        }
    }

    /// <summary>Ends a pass.</summary>
    /// <param name="problem">Why the node is not as its policy says; null when it is.</param>
    public void Report(string? problem)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            bool same = _said && _report.Reason == problem;
            _report = _report with { Ready = problem is null, Reason = problem, Since = same ? _report.Since : now, LastPass = now };
            if (same) return;
            _said = true;
        }

        if (problem is null) log.LogInformation("in sync: policy {Policy}", Current.Policy?[..12]);
        else log.LogError("not in sync: {Reason}", problem);
    }

    /// <summary>Ready, and nothing more to do.</summary>
    /// <param name="but">What is left all the same; null when nothing is.</param>
    public void Done(string? but)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            _report = _report with { Ready = true, Reason = null, Since = now, LastPass = now, Skipped = but is null ? [] : [but] };
        }
    }

    /// <summary>Notes the policy that is on the node.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="at">When it was applied.</param>
    /// <param name="desired">How many rules it has.</param>
    /// <param name="loaded">How many of them the kernel has.</param>
    /// <param name="skipped">What was left out on this node, one line each.</param>
    public void Applied(string hash, DateTimeOffset at, int desired, int loaded, IReadOnlyList<string> skipped)
    {
        lock (_lock) _report = _report with { Policy = hash, AppliedAt = at, RulesDesired = desired, RulesLoaded = loaded, Skipped = skipped };
    }
}

/// <summary>What <c>/status</c> says.</summary>
internal sealed record StatusReport
{
    /// <summary>Whether the node is as its policy says.</summary>
    public bool Ready { get; init; }

    /// <summary>Why not; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when that is so.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the last comparison ended; null before the first.</summary>
    public DateTimeOffset? LastPass { get; init; }

    /// <summary>The hash of the policy on the node; null before the first.</summary>
    public string? Policy { get; init; }

    /// <summary>When it was applied.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>How many rules it has.</summary>
    public int RulesDesired { get; init; }

    /// <summary>How many of them the kernel has.</summary>
    public int RulesLoaded { get; init; }

    /// <summary>What was left out because this node lacks something, one line each; the node is degraded when there is any.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];
}
