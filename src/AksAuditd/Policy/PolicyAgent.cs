using AksAuditd.Configuration;
using AksAuditd.Health;
using AksAuditd.Health.Metrics;
using AksAuditd.Node;
using AksAuditd.Node.Syslog;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Plugins;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Brings the node to its policy and keeps it there, one pass at a time: read the sources, plan, carry out, remember. A policy that is refused leaves the last
/// good one in force, which is repaired too when the node drifts from it. A pass that finds nothing to do changes nothing, on disk or in the kernel.
/// </summary>
internal sealed class PolicyAgent
{
    // One second in all: on a busy node auditd writes late.
    private const int TrailLooks = 33;
    private static readonly TimeSpan TrailLook = TimeSpan.FromMilliseconds(30);
    // A rule takes auditctl 12 to 16 ms to delete; half a second in all, so that nobody who goes on and on keeps a repair away.
    private const int MostSettleLooks = 10;
    private static readonly TimeSpan SettleLook = TimeSpan.FromMilliseconds(50);
    private readonly Settings _settings;
    private readonly NodeRoot _root;
    private readonly IAuditKernel _kernel;
    private readonly NodeStatus _status;
    private readonly AgentMetrics _metrics;
    private readonly EventsWatch _events;
    private readonly DeliveryWatch _delivery;
    private readonly IAuditService _service;
    private readonly LossWatch _losses;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly IReadOnlyList<FileSet> _sets;
    private readonly PolicyPlanner _planner;
    private readonly ServiceKeeper _keeper;
    private readonly AuditdConfReload _conf;
    private readonly PluginReload _reload;
    private readonly ChangeTrail _trail;
    private readonly DriftGuard _guard;
    private readonly RetryBackoff _retry;
    private readonly RetryBackoff _pluginRetry;
    private readonly Dictionary<KernelRule, Errno> _refused = [];
    private NodeState? _state;
    private AuditStart? _auditStart;
    private bool _changed;
    private (string What, string? Who) _held = ("", null);
    private string _failedPolicy = "";
    private string _failure = "";
    private string _saidWarnings = "";
    private string _saidSkipped = "";
    private string _saidDelivery = "";
    private HashSet<KernelRule> _loaded = [];

    /// <param name="settings">What the agent was told.</param>
    /// <param name="node">The node.</param>
    /// <param name="status">Told what each pass found.</param>
    /// <param name="metrics">Told what was applied and repaired.</param>
    /// <param name="events">Looks after the program that reads events.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told what changes.</param>
    public PolicyAgent(Settings settings, NodeSession node, NodeStatus status, AgentMetrics metrics, EventsWatch events, TimeProvider clock, ILogger log)
    {
        (_settings, _root, _kernel, _status, _metrics, _events, _clock, _log) = (settings, node.Root, node.Kernel, status, metrics, events, clock, log);
        _service = node.Service;
        _delivery = new(settings, clock);
        _losses = new(settings.PollInterval, clock);
        _sets = FileSet.From(settings);
        _planner = new(settings, _kernel);
        _keeper = new(settings, node.Service, _kernel, clock, log);
        _conf = new(node.Service, _kernel, log);
        _reload = new(node.Service, node.Version, log);
        _trail = new();
        _guard = new(clock);
        _retry = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        _pluginRetry = new(clock, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
    }

    /// <summary>Paths on the node whose appearance or change may cure what the last pass left out.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>How long from the last pass until a repair that waits may be made; null when none waits.</summary>
    public TimeSpan? NextRepair { get; private set; }

    /// <summary>Whether the last pass changed anything on the node.</summary>
    public bool HasChanged => _changed;

    /// <summary>One pass.</summary>
    public async Task PassAsync(CancellationToken cancel)
    {
        _trail.BeginPass();
        _changed = false;
        NextRepair = null;
        string? problem;
        try
        {
            _state ??= Begin();
            problem = await ReconcileAsync(_state, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeException or LinuxException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        // Before anybody hears of it: what somebody does because of that is not ours any more.
        _trail.EndPass(_changed);
        NodeLook look = Look(ref problem);
        Report(problem, look);
        await RestartPluginsAsync(look.Delivery, cancel).ConfigureAwait(false);
    }

    private NodeLook Look(ref string? problem)
    {
        AuditStatus? kernel = _kernel.GetStatus(out AuditStatus status) == Errno.None ? status : null;
        NodeLook look = new(kernel, false, false, null, null);
        try
        {
            look = _events.Look(kernel);
            return look with { Delivery = _delivery.Look(_service.Manager == "embedded" ? null : _keeper.Pid, look.Events) };
        }
        catch (Exception e) when (e is NodeException or IOException or UnauthorizedAccessException)
        {
            problem ??= e.Message;
            return look;
        }
    }

    // After max_restarts auditd does not start a plugin again, until SIGHUP makes it read its plugin files.
    private async Task RestartPluginsAsync(DeliveryLook delivery, CancellationToken cancel)
    {
        if (delivery.StoppedPlugins.Count == 0) _pluginRetry.Succeeded();
        if (!delivery.Problems.Any(p => p.Stage == DeliveryStage.Plugin) || !_pluginRetry.IsDue || _settings.Drift == DriftMode.Report) return;
        _pluginRetry.Failed();
        try
        {
            await _service.ReloadAsync(cancel).ConfigureAwait(false);
            _log.LogWarning("auditd did not run its plugin {Plugins}: it was told to start it again", string.Join(", ", delivery.StoppedPlugins));
        }
        catch (NodeException e)
        {
            _log.LogWarning("{Reason}", e.Message);
        }
    }

    // Kept on the node as well, for "status", when it changes; a disk that takes no state has been said already.
    private void Report(string? problem, NodeLook look)
    {
        _status.Saw(look);
        string[] delivery = [.. look.Delivery.Problems.Select(p => p.Text)];
        Say(delivery.Select(d => $"events do not leave this node: {d}"), ref _saidDelivery, LogLevel.Warning);
        string[] unwell = [.. new[] { look.EventsProblem, _losses.Look(look) }.OfType<string>(), .. _settings.Delivery == DeliveryMode.Require ? delivery : []];
        _status.Report(problem, unwell.Length == 0 ? null : string.Join("; ", unwell), _settings.Delivery == DeliveryMode.Require ? [] : delivery);
        if (_state is not { } state) return;
        NodeState seen = state;
        if (state.Seen?.Ready != (problem is null)) seen = seen with { Seen = new(problem is null, _status.Current.Since) };
        if (_auditStart is null && look.Kernel is { } now) LookForOlder(state.AuditStart, now);
        if (_auditStart is not null) seen = seen with { AuditStart = _auditStart };
        if (seen == state) return;
        try
        {
            Write(seen);
        }
        catch (NodeException e)
        {
            _log.LogDebug("{Reason}", e.Message);
        }
    }

    // Once audit is on: those that are left are then counted by whoever wants to know.
    private void LookForOlder(AuditStart? known, AuditStatus kernel)
    {
        _auditStart = AuditStart.Look(known, kernel);
        if (_auditStart is null) return;
        OlderPrograms older = new(_auditStart);
        _status.SawOlder(older);
        if (older.Count > 0)
            _log.LogWarning("{Count} programs have run since before audit was on and are not recorded until they start anew, or the node does: {Names}", older.Count, older);
    }

    // A killed predecessor may have left staged files.
    private NodeState Begin()
    {
        NodeState state = NodeState.Read(_settings.StateDirectory);
        foreach (string target in _sets.Select(s => s.Target).Append(_settings.StateDirectory))
        {
            try
            {
                using NodeDirectory directory = NodeDirectory.Open(target);
                directory.Sweep();
            }
            catch (NodeException e)
            {
                _log.LogDebug("{Reason}", e.Message);
            }
        }

        return state;
    }

    private async Task<string?> ReconcileAsync(NodeState state, CancellationToken cancel)
    {
        DesiredPolicy wanted = DesiredPolicy.Read(_sets, _settings.Sync, _root);
        PolicyPlan plan = _planner.Create(wanted, state, _refused);
        Say(wanted.Warnings.Concat(plan.Rules.Warnings), ref _saidWarnings, LogLevel.Warning);
        bool isNew = state.LastGood?.Hash != wanted.Hash;
        if (plan.Problems.Count == 0 && isNew && wanted.Hash == _failedPolicy && !_retry.IsDue) return await KeepLastGoodAsync(_failure, cancel).ConfigureAwait(false);
        if (isNew && ConfOf(plan) is { } conf && _conf.HasRefused(conf)) return await KeepLastGoodAsync(_failure, cancel).ConfigureAwait(false);
        if (plan.Problems.Count > 0) return await KeepLastGoodAsync(string.Join("; ", plan.Problems), cancel).ConfigureAwait(false);

        if (isNew) _refused.Clear();
        try
        {
            string? problem = await CarryOutAsync(plan, isNew, cancel).ConfigureAwait(false);
            _retry.Succeeded();
            return problem;
        }
        // Once it is remembered it stays: what fails then is the problem of this pass, and the next one goes on from there.
        catch (NodeException e) when (isNew && _state!.LastGood?.Hash != wanted.Hash)
        {
            _state = _state with { Unread = [.. _state.Unread.Intersect(state.Unread)] };
            TimeSpan wait = _retry.Failed();
            string next = ConfOf(plan) is { } refused && _conf.HasRefused(refused) ? "it is not given that file again" : $"trying again in {GoDuration.Format(wait)} at the earliest";
            (_failedPolicy, _failure) = (wanted.Hash, $"{DesiredPolicy.Name(wanted.Hash)} was rolled back: {e.Message}; {next}");
            return await KeepLastGoodAsync(_failure, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The wanted policy cannot be had: what was there before stays in force.</summary>
    private async Task<string> KeepLastGoodAsync(string problem, CancellationToken cancel)
    {
        if (_state is not { LastGood: { } good } state) return problem;
        PolicyPlan plan = _planner.Create(DesiredPolicy.From(good, _sets), state, _refused);
        string? also = plan.Problems.Count > 0 ? null : await CarryOutAsync(plan, isNew: false, cancel).ConfigureAwait(false);
        return also is null ? problem : $"{problem}; and {also}";
    }

    private async Task<string?> CarryOutAsync(PolicyPlan plan, bool isNew, CancellationToken cancel)
    {
        IReadOnlyList<DriftItem> drift = isNew ? [] : FindDrift(plan);
        if (_settings.Drift == DriftMode.Report && drift.Count > 0)
        {
            string said = $"{await SayHeldAsync(plan, drift, cancel).ConfigureAwait(false)} (drift: report)";
            return await KeepServiceAsync(cancel).ConfigureAwait(false) is { } also ? $"{said}; and {also}" : said;
        }

        if (drift.Any(d => d.Thing == Drift.Rules) && _guard.Remaining(Drift.Rules) == TimeSpan.Zero)
        {
            plan = await SettleAsync(plan, cancel).ConfigureAwait(false);
            drift = FindDrift(plan);
        }

        // A fight about one thing delays nothing else.
        string? hold = null;
        DriftItem[] held = [.. drift.Where(d => _guard.Remaining(d.Thing) > TimeSpan.Zero)];
        if (held.Length > 0)
        {
            hold = await HoldAsync(plan, held, cancel).ConfigureAwait(false);
            plan = plan.Without(held.Select(d => d.Thing).ToHashSet(StringComparer.Ordinal));
            drift = [.. drift.Except(held)];
        }

        string? problem = await CarryOutAsync(plan, drift, isNew, cancel).ConfigureAwait(false);
        return hold is null || problem is null ? hold ?? problem : $"{hold}; and {problem}";
    }

    private async Task<string?> CarryOutAsync(PolicyPlan plan, IReadOnlyList<DriftItem> drift, bool isNew, CancellationToken cancel)
    {
        PolicyTransaction transaction = new(plan, _kernel);
        IReadOnlyList<string> unread = _state!.Unread;
        if (!plan.IsEmpty)
        {
            _changed = true;
            if (drift.Count == 0) SayChanges(plan, isNew);
            Announce(plan);
            long begin = _clock.GetTimestamp();
            TransactionResult result = Execute(transaction, begin, cancel);
            foreach ((KernelRule rule, Errno error) in result.Refused) if (!KernelRefusal.CanPass(error) || isNew) _refused[rule] = error;
            if (drift.Count > 0) await SayRepairedAsync(plan, drift, cancel).ConfigureAwait(false);
            _log.LogInformation("policy {Policy}: files {Files}; {Steps} changes of the kernel's rules, verified; {Milliseconds} ms", plan.Policy.Hash[..12],
                plan.Files.Changes.Count == 0 ? "unchanged" : plan.Files.Summary(), result.Steps, (int)_clock.GetElapsedTime(begin).TotalMilliseconds);
        }

        FileChange[] toRead = [.. plan.Files.Changes, .. UnreadFiles.Changes(unread, plan, _state.AuditdConfBefore?.ToFile())];
        if (toRead.FirstOrDefault(c => c.Set.Name == FileSet.Auditd) is { } conf) await TakeOverAsync(conf, isNew ? transaction.Revert : null, cancel).ConfigureAwait(false);
        _events.Applied(plan.Whole);
        _delivery.Applied(plan.Policy);
        Remember(plan, drift, isNew);
        ServiceStart? started = _keeper.Started;
        if (await KeepServiceAsync(cancel).ConfigureAwait(false) is { } problem) return problem;
        // An auditd that has just started has nothing of before.
        if (_keeper.Started != started) unread = [];
        await _reload.ApplyAsync([.. toRead.Where(c => c.Set.Name is FileSet.Plugins or FileSet.Events)], unread, cancel).ConfigureAwait(false);
        if (_state.Unread.Count > 0) Write(_state with { Unread = [.. _state.Unread.Where(plan.Held.Contains)] });
        if (plan.IsLocked && plan.ChangesKernel) return RebootRequired(plan);

        transaction.SetEnabled();
        if (plan.Held.Count > 0) return null;
        _loaded = KernelRules(plan.Rules.Rules.Where(r => !_refused.ContainsKey(r.Rule)));
        Skipped[] skipped = [.. plan.Skipped, .. plan.Rules.Rules.Where(r => _refused.TryGetValue(r.Rule, out _) && !plan.Skipped.Any(s => s.Text == r.Directive.Text.Trim()))
            .Select(r => KernelRefusal.Skip(r, _refused[r.Rule]))];
        Say(skipped.Select(s => $"left out on this node: {s}"), ref _saidSkipped, LogLevel.Warning);
        Missing = [.. skipped.SelectMany(s => s.Missing).Distinct()];
        _status.Applied(plan.Policy.Hash, _state!.LastGood!.AppliedAt, plan.Rules.Rules.Count, _loaded.Count, [.. skipped.Select(s => s.ToString())]);
        return null;
    }

    // What the node must know before it is changed, whoever goes on then.
    private void Announce(PolicyPlan plan)
    {
        NodeState state = _state! with { Unread = UnreadFiles.After(_state.Unread, plan) };
        if (ConfOf(plan) is { PresentContent: { } present, Name: var name } && plan.Policy.Has(FileSet.Auditd) && state.AuditdConfBefore is null)
            state = state with { AuditdConfBefore = new(FileSet.Auditd, name, Sha256.Hex(present), present) };
        if (state.Unread.Count != _state.Unread.Count || state.AuditdConfBefore != _state.AuditdConfBefore) Write(state);
    }

    private async Task TakeOverAsync(FileChange conf, Func<string?>? putBack, CancellationToken cancel)
    {
        try
        {
            await _conf.ApplyAsync(conf, putBack, cancel).ConfigureAwait(false);
        }
        catch (NodeException)
        {
            // It was started anew, and has read what is there.
            _state = _state! with { Unread = [] };
            throw;
        }
    }

    private async Task<string?> KeepServiceAsync(CancellationToken cancel)
    {
        ServiceStart? started = _keeper.Started;
        string? problem = await _keeper.KeepAsync(cancel).ConfigureAwait(false);
        if (_keeper.Started != started) RememberStart();
        return problem;
    }

    private static FileChange? ConfOf(PolicyPlan plan) => plan.Files.Changes.FirstOrDefault(c => c.Set.Name == FileSet.Auditd);

    private TransactionResult Execute(PolicyTransaction transaction, long begin, CancellationToken cancel)
    {
        bool succeeded = false;
        try
        {
            TransactionResult result = transaction.Execute(cancel);
            succeeded = true;
            return result;
        }
        finally
        {
            _metrics.Applied(succeeded, _clock.GetElapsedTime(begin));
        }
    }

    // Nobody can change a locked kernel: what differs there waits for the next boot. What the kernel lacks after one, nobody took away; nor did anybody but us change
    // what we have not finished.
    private IReadOnlyList<DriftItem> FindDrift(PolicyPlan plan) =>
        [.. Drift.Find(plan, _loaded).Where(d => d.IsFile ? !_state!.Unread.Contains(d.Thing) : !plan.IsLocked && _state!.Boot == BootId.Current)];

    // auditctl takes a list away rule by rule: what is said, and repaired, is what comes of it.
    private async Task<PolicyPlan> SettleAsync(PolicyPlan plan, CancellationToken cancel)
    {
        IReadOnlyList<KernelRule> seen = plan.KernelRules;
        for (int look = 0; look < MostSettleLooks; look++)
        {
            await Task.Delay(SettleLook, cancel).ConfigureAwait(false);
            IReadOnlyList<KernelRule> now = _kernel.ReadRules();
            bool same = now.SequenceEqual(seen);
            seen = now;
            if (same) break;
        }

        return plan with { KernelRules = seen, Kernel = RuleDifference.Between(seen, plan.Kernel.Target) };
    }

    private void SayChanges(PolicyPlan plan, bool isNew)
    {
        foreach (FileChange change in plan.Files.Changes) _log.LogInformation("{Change}", change.ToString());
        if (isNew || _loaded.Count == 0 || plan.IsLocked) return;
        foreach (KernelRule rule in plan.Kernel.Added) _log.LogInformation("the node has changed, so a rule is loaded: {Rule}", RulePrinting.Text(rule));
        foreach (KernelRule rule in plan.Kernel.Removed) _log.LogInformation("the node has changed, so a rule is taken away: {Rule}", RulePrinting.Text(rule));
    }

    private static HashSet<KernelRule> KernelRules(IEnumerable<DesiredRule> rules)
    {
        HashSet<KernelRule> set = [];
        foreach (DesiredRule rule in rules) set.Add(rule.Rule);
        return set;
    }

    /// <summary>What drifted and is not repaired now.</summary>
    private async Task<string> SayHeldAsync(PolicyPlan plan, IReadOnlyList<DriftItem> drift, CancellationToken cancel)
    {
        // Who it was stands in the trail once; a drift that is not repaired is seen at every pass.
        string what = TextOf(drift);
        string? who = what == _held.What ? _held.Who : await WhoAsync(plan, cancel).ConfigureAwait(false);
        _held = (what, who);
        return $"drift: {what}{By(who)}";
    }

    private async Task<string> HoldAsync(PolicyPlan plan, DriftItem[] held, CancellationToken cancel)
    {
        NextRepair = held.Min(d => _guard.Remaining(d.Thing));
        TimeSpan most = held.Any(d => d.IsFile) ? DriftGuard.MostFileWait : DriftGuard.KernelWait;
        return $"{await SayHeldAsync(plan, held, cancel).ConfigureAwait(false)}; it comes back after each repair, so the next one waits, {GoDuration.Format(most)} at the most";
    }

    /// <summary>Says what drifted and who did it, after the repair, which does not wait for that, and what the repair did.</summary>
    private async Task SayRepairedAsync(PolicyPlan plan, IReadOnlyList<DriftItem> drift, CancellationToken cancel)
    {
        _metrics.Repaired();
        string what = TextOf(drift);
        string? who = await WhoAsync(plan, cancel).ConfigureAwait(false);
        _log.LogWarning("drift: {What}{Who}", what, By(who));
        foreach (FileChange change in plan.Files.Changes) _log.LogInformation("{Change}", change.AsRepair());
        foreach (DriftItem item in drift.DistinctBy(d => d.Thing))
            if (_guard.Repaired(item.Thing, item.IsFile) is { } fight) _log.LogWarning("{Fight}", fight);
        _state = _state! with { Drifts = [.. _state.Drifts.TakeLast(DriftRecord.Most - 1), new(_clock.GetUtcNow(), what, who, Repaired: true)] };
    }

    private static string TextOf(IEnumerable<DriftItem> drift) => string.Join("; ", drift.Select(d => d.What));

    // auditd writes who it was a moment after we hear that somebody did; nobody writes who changed a file, unless a rule watches it.
    private async Task<string?> WhoAsync(PolicyPlan plan, CancellationToken cancel)
    {
        int looks = plan.ChangesKernel ? TrailLooks : 0;
        string? who = _trail.Since();
        for (int i = 0; who is null && i < looks; i++)
        {
            await Task.Delay(TrailLook, cancel).ConfigureAwait(false);
            who = _trail.Since();
        }

        return who;
    }

    private static string By(string? who) => who is null ? "" : $", by {who}";

    private string RebootRequired(PolicyPlan plan)
    {
        if (_state!.RebootRequiredSince is null) Write(_state with { RebootRequiredSince = _clock.GetUtcNow() });
        return $"reboot required since {_state.RebootRequiredSince:yyyy-MM-ddTHH:mm:ssZ}: the kernel's audit configuration is locked (-e 2) and differs from policy {plan.Policy.Hash[..12]}, "
            + "whose files are in place for the next boot";
    }

    private void Remember(PolicyPlan plan, IReadOnlyList<DriftItem> drift, bool isNew)
    {
        string[] owned = [.. plan.Policy.Sources.SelectMany(s => s.Files.Select(f => $"{s.Set.Target}/{f.Name}")).Order(StringComparer.Ordinal)];
        bool stillLocked = plan.IsLocked && plan.ChangesKernel;
        bool confIsOurs = plan.Policy.Has(FileSet.Auditd) || plan.Skipped.Any(s => s.Where == AuditdConf.FileName);
        if (!isNew && drift.Count == 0 && (confIsOurs || _state!.AuditdConfBefore is null) && _state!.Boot == BootId.Current && _state.OwnedFiles.SequenceEqual(owned) && (_state.RebootRequiredSince is null || stillLocked)) return;
        Write(_state! with
        {
            LastGood = isNew ? plan.Policy.ToGood(_clock.GetUtcNow()) : _state.LastGood,
            OwnedFiles = owned,
            Boot = BootId.Current,
            AuditdConfBefore = confIsOurs ? _state.AuditdConfBefore : null,
            RebootRequiredSince = stillLocked ? _state.RebootRequiredSince : null,
        });
    }

    private void RememberStart()
    {
        _metrics.StartedAuditd();
        Write(_state! with { AuditdStarted = _keeper.Started });
    }

    private void Write(NodeState state)
    {
        state.Write(_settings.StateDirectory);
        _state = state;
    }

    // Once a change, not once a pass.
    private void Say(IEnumerable<string> lines, ref string said, LogLevel level)
    {
        string[] all = [.. lines];
        string text = string.Join('\n', all);
        if (text == said) return;
        said = text;
        foreach (string line in all) _log.Log(level, "{Line}", line);
    }
}
