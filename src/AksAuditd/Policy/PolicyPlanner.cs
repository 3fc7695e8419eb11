using AksAuditd.Configuration;
using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace AksAuditd.Policy;

/// <summary>Compares a policy with this node. Reads files and kernel, changes nothing.</summary>
internal sealed class PolicyPlanner(Settings settings, IAuditKernel kernel)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="policy">What is wanted.</param>
    /// <param name="state">What we remember of this node.</param>
    /// <param name="refused">Rules that this kernel has refused, with what it said; they are left out.</param>
    /// <exception cref="NodeException">The kernel does not answer.</exception>
    public PolicyPlan Create(DesiredPolicy policy, NodeState state, IReadOnlyDictionary<KernelRule, Errno> refused)
    {
        (DesiredPolicy usable, IReadOnlyList<Skipped> plugins, IReadOnlyList<string> pluginProblems) = PluginCheck.Check(policy, settings);
        PolicyFile? restored = policy.Has(FileSet.Auditd) ? null : state.AuditdConfBefore?.ToFile();
        SyncPlan files = SyncPlan.Create(usable, settings.Sync, state.OwnedFiles.ToHashSet(StringComparer.Ordinal), restored);
        IEnumerable<PolicyFile> ruleFiles = usable.Sources.Where(s => s.Set.Name == FileSet.Rules).SelectMany(s => s.Files)
            .Concat(files.Foreign.Where(f => f.Set.Name == FileSet.Rules).Select(f => f.File));
        return Compare(policy, usable, files, ruleFiles, refused, plugins, [.. policy.Problems, .. pluginProblems]);
    }

    private PolicyPlan Compare(
        DesiredPolicy whole, DesiredPolicy policy, SyncPlan files, IEnumerable<PolicyFile> ruleFiles, IReadOnlyDictionary<KernelRule, Errno> refused,
        IReadOnlyList<Skipped> plugins, IReadOnlyList<string> problems)
    {
        NodeResolver resolver = new();
        DesiredRules rules = DesiredRules.Read(ruleFiles, new RuleContext { Identities = resolver, Paths = resolver });
        IReadOnlyList<KernelRule> present = kernel.ReadRules();
        AuditStatus status = kernel.ReadStatus();

        ILookup<bool, DesiredRule> byRefusal = rules.Rules.ToLookup(r => refused.ContainsKey(r.Rule));
        return new()
        {
            Policy = policy,
            Whole = whole,
            Rules = rules,
            Files = files,
            KernelRules = present,
            Kernel = RuleDifference.Between(present, Array.ConvertAll(byRefusal[false].ToArray(), r => r.Rule)),
            Status = status,
            Control = Difference(rules.Control, status),
            Skipped =
            [
                .. rules.Skipped,
                .. byRefusal[true].Select(r => KernelRefusal.Skip(r, refused[r.Rule])),
                .. plugins,
            ],
            Problems = [.. problems, .. files.Problems, .. rules.Problems],
        };
    }

    private static AuditStatus Difference(AuditStatus wanted, AuditStatus present)
    {
        AuditStatusMask mask = AuditStatusMask.None;
        Add(AuditStatusMask.Failure, wanted.Failure != present.Failure);
        Add(AuditStatusMask.RateLimit, wanted.RateLimit != present.RateLimit);
        Add(AuditStatusMask.BacklogLimit, wanted.BacklogLimit != present.BacklogLimit);
        Add(AuditStatusMask.BacklogWaitTime, wanted.BacklogWaitTime != present.BacklogWaitTime);
        return wanted with { Mask = mask };

        void Add(AuditStatusMask value, bool differs)
        {
            if (differs && (wanted.Mask & value) != 0) mask |= value;
        }
    }
}
