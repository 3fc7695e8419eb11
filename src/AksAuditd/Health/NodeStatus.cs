using AksAuditd.Node;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Health;

/// <summary>Whether this node is audited as its policy says, and if not why. Thread safe. A reason is logged when it changes, not at every pass.</summary>
internal sealed class NodeStatus(TimeProvider clock, ILogger log)
{
    private readonly Lock _lock = new();
    private StatusReport _report = new() { Reason = "no pass has ended yet", Since = clock.GetUtcNow() };
    private NodeLook? _look;
    private OlderPrograms? _older;
    private bool _said;

    /// <summary>The status now.</summary>
    public StatusReport Current
    {
        get
        {
            lock (_lock) return _report;
        }
    }

    /// <summary>What the last pass saw beside the policy; null before the first.</summary>
    public NodeLook? Look => Volatile.Read(ref _look);

    /// <summary>Notes what a pass saw beside the policy.</summary>
    public void Saw(NodeLook look) => Volatile.Write(ref _look, look);

    /// <summary>Programs that are older than audit; null while it is not known when audit was on.</summary>
    public OlderPrograms? Older => Volatile.Read(ref _older);

    /// <summary>Notes programs that are older than audit.</summary>
    public void SawOlder(OlderPrograms older) => Volatile.Write(ref _older, older);

    /// <summary>Ends a pass.</summary>
    /// <param name="problem">Why the node is not as its policy says; null when it is.</param>
    /// <param name="unwell">Why it is not audited all the same: events were lost, or nobody reads them; null when it is.</param>
    /// <param name="delivery">Why events do not leave the node, where that does not make it unready; one line each.</param>
    public void Report(string? problem, string? unwell = null, IReadOnlyList<string>? delivery = null)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            string? reason = problem is not null && unwell is not null ? $"{problem}; and {unwell}" : problem ?? unwell;
            bool same = _said && _report.Reason == reason;
            _report = _report with { Ready = reason is null, InSync = problem is null, Reason = reason, Since = same ? _report.Since : now, LastPass = now, Delivery = delivery ?? [] };
            if (same) return;
            _said = true;
        }

        if (problem is not null) log.LogError("not in sync: {Reason}", Current.Reason);
        else if (unwell is not null) log.LogError("in sync, but: {Reason}", unwell);
        else log.LogInformation("in sync: policy {Policy}", Current.Policy?[..12]);
    }

    /// <summary>Ready, and nothing more to do.</summary>
    /// <param name="but">What is left all the same; null when nothing is.</param>
    public void Done(string? but)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            _report = _report with { Ready = true, InSync = true, Reason = null, Since = now, LastPass = now, Skipped = but is null ? [] : [but] };
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
    /// <summary>Whether the node is as its policy says, its events are read, and none was lost lately.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether the node is as its policy says.</summary>
    public bool InSync { get; init; }

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

    /// <summary>Why events do not leave the node, one line each; the node is degraded when there is any.</summary>
    public IReadOnlyList<string> Delivery { get; init; } = [];
}
