using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>What came of a transaction.</summary>
/// <param name="Refused">Rules that this kernel refused for reasons of its own; they were left out.</param>
/// <param name="Steps">How many changes of the kernel's rules were made.</param>
internal sealed record TransactionResult(IReadOnlyDictionary<KernelRule, Errno> Refused, int Steps);

/// <summary>
/// Carries out a <see cref="PolicyPlan"/> so that it happens whole or not at all: files are staged; the kernel's rules and control values are changed and
/// read back; the files are put in place. Whatever fails, kernel and files are put back as they were. Killed at any point, the kernel has
/// the old rules, the new ones, or both (docs/decisions/rule-difference.md); every file is whole, and the next plan leads on from there.
/// </summary>
internal sealed class PolicyTransaction(PolicyPlan plan, IAuditKernel kernel)
{
    private const int Rounds = 3;
    private readonly Dictionary<KernelRule, Errno> _refused = [];
    private int _steps;

    /// <summary>Executes the plan.</summary>
    /// <exception cref="NodeException">It failed, and the node is as it was; or, when the message says so, could not be put back.</exception>
    public TransactionResult Execute(CancellationToken cancel)
    {
        using FileTransaction files = FileTransaction.Stage(plan.Files);
        if (plan.IsLocked)
        {
            // Nothing is tried on a locked kernel; the next boot loads the files.
            files.Commit();
            return new(_refused, 0);
        }

        try
        {
            SetControl(plan.Control);
            if (!plan.HoldsRules) LoadRules(cancel);
            files.Commit();
        }
        catch (NodeException e)
        {
            throw PutBack() is { } also ? new NodeException(e.Path, $"{e.Message}; and the kernel could not be put back: {also}") : e;
        }

        return new(_refused, _steps);
    }

    /// <summary>Puts files and kernel back as they were before <see cref="Execute"/> succeeded.</summary>
    /// <returns>What could not be put back, one line; null when all was.</returns>
    public string? Revert()
    {
        string?[] failures = [FileTransaction.Revert(plan.Files), plan.IsLocked ? null : PutBack()];
        string text = string.Join("; ", failures.OfType<string>());
        return text.Length == 0 ? null : text;
    }

    /// <summary>Switches auditing on, off or on for good; after auditd runs.</summary>
    public void SetEnabled()
    {
        if (plan.ChangesEnabled) Set(plan.WantedEnabled);
        if (plan.Locks) Set(AuditEnabled.Locked);

        void Set(AuditEnabled value)
        {
            Errno error = kernel.SetStatus(new() { Mask = AuditStatusMask.Enabled, Enabled = value });
            if (error != Errno.None) throw Failed($"set enabled to {(uint)value}", KernelCall.Set, error);
        }
    }

    private void SetControl(AuditStatus control)
    {
        if (control.Mask == AuditStatusMask.None) return;
        Errno error = kernel.SetStatus(control);
        if (error != Errno.None) throw Failed($"set {control.Mask}", KernelCall.Set, error);
        if (Masked(kernel.ReadStatus(), control.Mask) != Masked(control, control.Mask)) throw new NodeException("kernel audit", $"took new values ({control.Mask}) but does not have them");
    }

    // An answer may be lost, or somebody else may change the list meanwhile: then the difference is worked out again from what the kernel has.
    private void LoadRules(CancellationToken cancel)
    {
        RuleDifference difference = plan.Kernel;
        for (int round = 1; ; round++)
        {
            Errno error = Apply(difference, cancel, out RuleStep failed);
            if (error is not (Errno.None or Errno.ENOBUFS or Errno.ETIMEDOUT)) throw Failed(Describe(failed), KernelCallOf(failed), error);
            RuleDifference rest = RuleDifference.Between(kernel.ReadRules(), plan.Kernel.Target.Where(r => !_refused.ContainsKey(r)));
            if (rest.IsEmpty) return;
            if (round == Rounds)
            {
                throw error != Errno.None ? Failed(Describe(failed), KernelCallOf(failed), error)
                    : new NodeException("kernel audit", $"has other rules than it was given, {Rounds} times: somebody else changes them at the same time");
            }

            difference = rest;
        }
    }

    private Errno Apply(RuleDifference difference, CancellationToken cancel, out RuleStep failed)
    {
        // What is left are removals when most of the time has gone; the next start finishes them.
        Errno error = difference.Apply(kernel, PassOver, out int done, cancel);
        failed = error == Errno.None ? default : difference.Steps[done];
        _steps += done;
        return error;
    }

    private bool PassOver(RuleStep step, Errno error)
    {
        if (step.Kind == RuleStepKind.Delete) return false;
        if (error == Errno.EEXIST) return true;
        if (step.Purpose != RuleStepPurpose.Add || !NodeKernel.IsNodeOnly(error)) return false;
        _refused[step.Rule.WithPrepend(false)] = error;
        return true;
    }

    private string? PutBack()
    {
        try
        {
            AuditStatus before = plan.Status with { Mask = plan.Control.Mask };
            if (before.Mask != AuditStatusMask.None) kernel.SetStatus(before);
            for (int round = 0; round < Rounds; round++)
            {
                RuleDifference back = RuleDifference.Between(kernel.ReadRules(), plan.KernelRules);
                if (back.IsEmpty) return null;
                Errno error = back.Apply(kernel, out int done);
                if (error is not (Errno.None or Errno.ENOBUFS or Errno.ETIMEDOUT)) return Failed(Describe(back.Steps[done]), KernelCallOf(back.Steps[done]), error).Message;
            }

            return RuleDifference.Between(kernel.ReadRules(), plan.KernelRules).IsEmpty ? null : "its rules differ from what they were";
        }
        catch (NodeException e)
        {
            return e.Message;
        }
    }

    private string Describe(RuleStep step)
    {
        DesiredRule? rule = plan.Rules.Rules.FirstOrDefault(r => r.Rule.Equals(step.Rule));
        string verb = step.Kind == RuleStepKind.Delete ? "delete" : "add";
        return rule is null ? $"{verb} the rule {RulePrinting.Text(step.Rule)}"
            : $"{verb} the rule of {rule.Directive.Location.File}:{rule.Directive.Location.Line} ({rule.Directive.Text.Trim()})";
    }

    private static KernelCall KernelCallOf(RuleStep step) => step.Kind == RuleStepKind.Delete ? KernelCall.DeleteRule : KernelCall.AddRule;

    private static NodeException Failed(string what, KernelCall call, Errno error) =>
        new("kernel audit", $"cannot {what}: {NodeKernel.Describe(call, error)}");

    private static (uint, uint, uint, uint) Masked(AuditStatus status, AuditStatusMask mask) =>
    (
        (mask & AuditStatusMask.Failure) != 0 ? (uint)status.Failure : 0,
        (mask & AuditStatusMask.RateLimit) != 0 ? status.RateLimit : 0,
        (mask & AuditStatusMask.BacklogLimit) != 0 ? status.BacklogLimit : 0,
        (mask & AuditStatusMask.BacklogWaitTime) != 0 ? status.BacklogWaitTime : 0);
}
