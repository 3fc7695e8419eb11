using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Policy;

/// <summary>What it means for a policy that the kernel refused something.</summary>
internal static class KernelRefusal
{
    /// <summary>
    /// Whether a refused rule is this node's own lack, for which only that rule is left out: a directory that is gone, a field or a call that this kernel
    /// does not know. Everything else (no right, no memory, no answer) would meet the other rules too, and the whole policy is rolled back.
    /// </summary>
    public static bool IsNodeOnly(Errno error) =>
        error is Errno.ENOENT or Errno.ENOTDIR or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ELOOP or Errno.ENAMETOOLONG;

    /// <summary>Whether it is worth another try soon, because what was lacking can appear: a path. A field that the kernel does not know will not.</summary>
    public static bool CanPass(Errno error) => error is not (Errno.EINVAL or Errno.EOPNOTSUPP);

    /// <summary>A rule that is left out for what the kernel said.</summary>
    public static Skipped Skip(DesiredRule rule, Errno error) =>
        new($"{rule.Directive.Location.File}:{rule.Directive.Location.Line}", rule.Directive.Text.Trim(), NodeKernel.Describe(KernelCall.AddRule, error), CanPass(error) ? DesiredRules.PathsOf(rule.Directive.Rule) : []);
}
