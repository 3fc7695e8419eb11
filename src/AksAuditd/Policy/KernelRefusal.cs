using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>What it means for a policy that the kernel refused something.</summary>
internal static class KernelRefusal
{
    /// <summary>Whether it is worth another try soon, because what was lacking can appear: a path. A field that the kernel does not know will not.</summary>
    public static bool CanPass(Errno error) => error is not (Errno.EINVAL or Errno.EOPNOTSUPP);

    /// <summary>A rule that is left out for what the kernel said.</summary>
    public static Skipped Skip(DesiredRule rule, Errno error) =>
        new($"{rule.Directive.Location.File}:{rule.Directive.Location.Line}", rule.Directive.Text.Trim(), NodeKernel.Describe(KernelCall.AddRule, error), CanPass(error) ? DesiredRules.PathsOf(rule.Directive.Rule) : []);
}
