using AksAuditd.Configuration;
using AksAuditd.Health;
using AksAuditd.Node;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Brings the node to its policy, one pass at a time: read the sources, compare with the node, change what differs, load the rules, see that
/// auditd runs. A pass that finds nothing different writes nothing. A pass that fails leaves its reason in <see cref="NodeStatus"/> and is
/// tried again at the next poll.
/// </summary>
internal sealed class PolicyAgent(
    Settings settings, NodeThread node, IAuditService service, RuleLoader rules, NodeStatus status, TimeProvider clock, ILogger log)
{
    private readonly IReadOnlyList<FileSet> _sets = FileSet.From(settings);
    private readonly RetryBackoff _startBackoff = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private AppliedState? _applied;
    private string _lastWarnings = "";
    private bool _rulesLoaded;
    private string _serviceProblem = "";

    /// <summary>One pass.</summary>
    public async Task PassAsync(CancellationToken cancel)
    {
        try
        {
            string? problem = await ReconcileAsync(cancel).ConfigureAwait(false);
            status.Report(problem);
        }
        catch (NodeException e)
        {
            status.Report(e.Message);
        }
    }

    private async Task<string?> ReconcileAsync(CancellationToken cancel)
    {
        _applied ??= node.Run(() => AppliedState.Read(settings.StateDirectory));
        DesiredPolicy policy = DesiredPolicy.Read(_sets, settings.Sync);
        SayWarnings(policy);
        if (policy.Problems.Count > 0) return string.Join("; ", policy.Problems);

        SyncPlan plan = SyncPlan.Create(policy, settings.Sync, _applied.OwnedFiles.ToHashSet(StringComparer.Ordinal), node);
        if (plan.Problems.Count > 0) return string.Join("; ", plan.Problems);

        if (plan.Changes.Count > 0)
        {
            foreach (FileChange change in plan.Changes) log.LogInformation("{Change}", change.ToString());
            node.Run(() => SyncExecutor.Execute(plan));
            log.LogInformation("files of policy {Policy} are in place: {Summary}", policy.Hash[..12], plan.Summary());
        }

        bool rulesChanged = plan.Changes.Any(c => c.Set == _sets[0]);
        if (rulesChanged) _rulesLoaded = false;
        if (await KeepServiceAsync(plan, cancel).ConfigureAwait(false) is { } problem) return problem;
        await LoadRulesAsync(policy, cancel).ConfigureAwait(false);
        Remember(policy);
        status.Applied(policy.Hash, _applied.AppliedAt!.Value, _applied.KernelRules.Count);
        return null;
    }

    private async Task<string?> KeepServiceAsync(SyncPlan plan, CancellationToken cancel)
    {
        AuditServiceState state = await service.GetStateAsync(cancel).ConfigureAwait(false);
        FileChange[] plugins = [.. plan.Changes.Where(c => c.Set.Name == "plugins")];
        if (!state.IsRunning)
        {
            if (_serviceProblem.Length == 0) log.LogWarning("auditd does not run: {Detail}", state.Detail);
            if (!_startBackoff.IsDue) return _serviceProblem;
            try
            {
                await service.StartAsync(cancel).ConfigureAwait(false);
            }
            catch (NodeException e)
            {
                TimeSpan wait = _startBackoff.Failed();
                return _serviceProblem = $"{e.Message}; trying again in {GoDuration.Format(wait)} at the earliest";
            }

            state = await service.GetStateAsync(cancel).ConfigureAwait(false);
            log.LogInformation("auditd started ({Manager}), pid {Pid}", service.Manager, state.Pid);
        }
        else if (plugins.Any(c => c.Kind == FileChangeKind.Changed))
        {
            // Until 4.2 auditd keeps the arguments that a running plugin was started with when it is only told to reload.
            await service.RestartAsync(cancel).ConfigureAwait(false);
            log.LogInformation("auditd restarted: a plugin file changed");
        }
        else if (plugins.Length > 0)
        {
            await service.ReloadAsync(cancel).ConfigureAwait(false);
            log.LogInformation("auditd told to read its plugin files again");
        }

        _startBackoff.Succeeded();
        _serviceProblem = "";
        return null;
    }

    private async Task LoadRulesAsync(DesiredPolicy policy, CancellationToken cancel)
    {
        IReadOnlyList<string> kernel = await rules.ListAsync(cancel).ConfigureAwait(false);
        bool sameAsRemembered = _applied!.PolicyHash == policy.Hash && kernel.SequenceEqual(_applied.KernelRules);
        if (sameAsRemembered) _rulesLoaded = true;
        if (_rulesLoaded && sameAsRemembered) return;
        if (_rulesLoaded)
        {
            log.LogWarning("the kernel's rules are not the policy's any more ({Now} rules, {Then} expected)", kernel.Count, _applied.KernelRules.Count);
            if (settings.Drift == DriftMode.Report) throw new NodeException("kernel rules", "drifted from the policy (drift: report)");
        }

        await rules.LoadAsync(cancel).ConfigureAwait(false);
        kernel = await rules.ListAsync(cancel).ConfigureAwait(false);
        _rulesLoaded = true;
        _applied = _applied with { KernelRules = kernel, PolicyHash = null };
        log.LogInformation("{Count} rules are in the kernel", kernel.Count);
    }

    private void Remember(DesiredPolicy policy)
    {
        string[] owned = [.. policy.Sources.SelectMany(s => s.Files.Select(f => $"{s.Set.Target}/{f.Name}")).Order(StringComparer.Ordinal)];
        if (_applied!.PolicyHash == policy.Hash && _applied.OwnedFiles.SequenceEqual(owned)) return;
        _applied = _applied with { PolicyHash = policy.Hash, AppliedAt = clock.GetUtcNow(), OwnedFiles = owned };
        AppliedState applied = _applied;
        node.Run(() => applied.Write(settings.StateDirectory));
    }

    private void SayWarnings(DesiredPolicy policy)
    {
        string warnings = string.Join('\n', policy.Warnings);
        if (warnings == _lastWarnings) return;
        _lastWarnings = warnings;
        foreach (string warning in policy.Warnings) log.LogWarning("{Warning}", warning);
    }
}
