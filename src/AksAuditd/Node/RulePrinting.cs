using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace AksAuditd.Node;

/// <summary>The kernel's rules for people.</summary>
internal static class RulePrinting
{
    /// <summary>As <c>auditctl -l</c> prints it; bytes that make no rule are told by their number.</summary>
    public static string Text(KernelRule rule) =>
        AuditRule.TryFromWire(rule.Data.Span, out AuditRule? parsed) ? parsed.ToText(Machines.Current) : $"(a rule of {rule.Data.Length} bytes that this version cannot read)";
}
