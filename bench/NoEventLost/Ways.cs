using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace NoEventLost;

/// <summary>A way to get a policy into the kernel while it is in use.</summary>
internal interface IWay
{
    string Name { get; }

    void Apply(Policies policy);
}

/// <summary>The ordered difference: what this project does.</summary>
internal sealed class DifferenceWay(AuditClient client) : IWay
{
    public string Name => "ordered difference";

    public void Apply(Policies policy)
    {
        KernelState.Check("AUDIT_LIST_RULES", client.ListRules(out IReadOnlyList<KernelRule> current));
        RuleDifference difference = RuleDifference.Between(current, policy.Rules);
        KernelState.Check("AUDIT_ADD_RULE or AUDIT_DEL_RULE", difference.Apply(client, out _));
        KernelState.Check("AUDIT_LIST_RULES", client.ListRules(out IReadOnlyList<KernelRule> now));
        if (!now.SequenceEqual(difference.Target)) throw new InvalidOperationException("the kernel does not have the policy");
    }
}

/// <summary>The same, but a rule is moved the obvious way: deleted and added.</summary>
internal sealed class PlainMovesWay(AuditClient client) : IWay
{
    public string Name => "the same without understudies";

    public void Apply(Policies policy)
    {
        KernelState.Check("AUDIT_LIST_RULES", client.ListRules(out IReadOnlyList<KernelRule> current));
        foreach (RuleStep step in RuleDifference.Between(current, policy.Rules).Steps.Where(s => s.Purpose != RuleStepPurpose.Understudy))
        {
            Errno answer = Errno.None;
            client.ChangeRules([step], new Span<Errno>(ref answer));
            KernelState.Check("AUDIT_ADD_RULE or AUDIT_DEL_RULE", answer);
        }
    }
}

/// <summary>New rules without a restart: <c>augenrules --load</c>, which begins with a flush.</summary>
internal sealed class AugenrulesWay : IWay
{
    public string Name => "augenrules --load";

    public void Apply(Policies policy)
    {
        WriteRules(policy);
        Shell.Run("augenrules", "--load");
    }

    public static void WriteRules(Policies policy)
    {
        string directory = Path.Combine(KernelState.RulesDirectory, "rules.d");
        foreach (string file in Directory.GetFiles(directory)) File.Delete(file);
        File.WriteAllLines(Path.Combine(directory, "policy.rules"), ["-D", "-b 8192", .. policy.Lines]);
    }
}

/// <summary>What the earlier systems do: empty the directory, copy, restart auditd, whose unit loads the rules.</summary>
internal sealed class RestartWay(AuditDaemon daemon) : IWay
{
    public string Name => "empty, copy, restart auditd";

    public void Apply(Policies policy)
    {
        AugenrulesWay.WriteRules(policy);
        daemon.Stop();
        daemon.Start();
        Shell.Run("augenrules", "--load");
    }
}
