using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Node;

/// <summary>The node's kernel, for callers that have no other way when it does not answer.</summary>
internal static class NodeKernel
{
    /// <summary>Opens the audit socket.</summary>
    /// <exception cref="NodeException">There is no audit socket to be had.</exception>
    public static AuditClient Open()
    {
        try
        {
            return AuditClient.Open();
        }
        catch (LinuxException e)
        {
            throw new NodeException("kernel audit", e.Message + Confinement.Hint(e.Errno));
        }
    }

    /// <summary>The rules, list by list.</summary>
    /// <exception cref="NodeException">The kernel does not answer, or not to us.</exception>
    public static IReadOnlyList<KernelRule> ReadRules(this IAuditKernel kernel) =>
        kernel.ListRules(out IReadOnlyList<KernelRule> rules) is var error && error == Errno.None ? rules : throw NoAnswer(error);

    /// <summary>The control values.</summary>
    /// <exception cref="NodeException">The kernel does not answer, or not to us.</exception>
    public static AuditStatus ReadStatus(this IAuditKernel kernel) =>
        kernel.GetStatus(out AuditStatus status) is var error && error == Errno.None ? status : throw NoAnswer(error);

    /// <summary>An error, and what it means here.</summary>
    public static string Describe(KernelCall call, Errno error) =>
        $"{error.Describe()}{(KernelErrors.Explain(call, error) is { } meaning ? $": {meaning}" : "")}{Confinement.Hint(error)}";

    /// <summary>
    /// Whether a refused rule is this node's own lack, for which only that rule is left out: a directory that is gone, a field or a call that this kernel
    /// does not know. Everything else (no right, no memory, no answer) would meet the other rules too.
    /// </summary>
    public static bool IsNodeOnly(Errno error) =>
        error is Errno.ENOENT or Errno.ENOTDIR or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ELOOP or Errno.ENAMETOOLONG;

    private static NodeException NoAnswer(Errno error) => new("kernel audit", $"does not answer: {Describe(KernelCall.Read, error)}");
}
