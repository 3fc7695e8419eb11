using System.Collections.Immutable;

namespace LinuxAudit.Rules;

/// <summary>
/// One kernel audit rule. Immutable and safe to share between threads. Two rules are equal when the kernel would take one for the other:
/// same list, action, system calls and fields in the same order (the kernel does not sort fields either).
/// </summary>
/// <remarks>Sources: auditctl(8) of audit 3.0.9, <c>linux/audit.h</c> of Linux 6.1.</remarks>
public sealed partial class AuditRule : IEquatable<AuditRule>
{
    /// <summary>Most fields in a rule: what auditctl takes. The kernel takes 64.</summary>
    public const int MaxFields = 63;

    /// <summary>Most bytes of a rule's keys together: <c>AUDIT_MAX_KEY_LEN</c>.</summary>
    public const int MaxKeyLength = 256;

    /// <summary>Most bytes of a path: PATH_MAX without its final NUL.</summary>
    public const int MaxPathLength = 4095;

    /// <summary>Most bytes of the value of an SELinux field: PATH_MAX.</summary>
    public const int MaxLabelLength = 4096;

    /// <summary>What stands between the keys of a rule.</summary>
    internal const char KeySeparator = '\u0001';

    /// <summary>Makes a rule of its parts, without judging them.</summary>
    public AuditRule(FilterList list, RuleAction action, SyscallSet syscalls, params IEnumerable<FieldFilter> fields)
    {
        ArgumentNullException.ThrowIfNull(syscalls);
        ArgumentNullException.ThrowIfNull(fields);
        (List, Action, Syscalls, Fields) = (list, action, syscalls, [.. fields]);
    }

    /// <summary>The list the rule is on.</summary>
    public FilterList List { get; }

    /// <summary>What the rule does when it matches.</summary>
    public RuleAction Action { get; }

    /// <summary>The system calls it is for; on the io_uring list, the operations. Empty on the task list, all on the others without system
    /// calls.</summary>
    public SyscallSet Syscalls { get; }

    /// <summary>The conditions, in order; keys are a field, as they are for the kernel.</summary>
    public ImmutableArray<FieldFilter> Fields { get; }

    /// <summary>The keys (<c>-k</c>), in order; empty when there are none.</summary>
    public IEnumerable<string> Keys =>
        Fields.Where(f => f.Field == RuleField.Key).SelectMany(KeysOf);

    /// <summary>The keys in a key field; auditctl makes empty ones of <c>-F key=</c> beside others, and does not print them.</summary>
    internal static string[] KeysOf(FieldFilter field) => (field.Text ?? "").Split(KeySeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>False when a user or group name still has to be looked up; such a rule has no wire form.</summary>
    public bool IsResolved => !Fields.Any(f => f.IsUnresolved);

    /// <summary>The machine whose system calls the rule means: that of its last <c>arch</c> field; null without one.</summary>
    public Machine? Arch => Fields.LastOrDefault(f => f.Field == RuleField.Arch) is { } arch ? (Machine)arch.Value : null;

    /// <inheritdoc/>
    public bool Equals(AuditRule? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (List == other.List && Action == other.Action && Syscalls.Equals(other.Syscalls)
                && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan())));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AuditRule);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(List);
        hash.Add(Action);
        hash.Add(Syscalls);
        foreach (FieldFilter field in Fields) hash.Add(field);
        return hash.ToHashCode();
    }

    /// <summary>The rule as <c>auditctl -l</c> prints it on this machine.</summary>
    public override string ToString() => ToText(Machines.Current);

    /// <summary>The rule as <c>auditctl -l</c> of 3.0.9 prints it, but so that it always reads back as this rule (docs/rules.md lists where that
    /// differs).</summary>
    /// <param name="native">The machine of the node: decides what prints as b32 and b64, and names system calls of rules without arch.</param>
    /// <param name="prepend">Whether the rule goes to the start of its list (<c>-A</c>), which no <c>-w</c> can say. Default: to the end.</param>
    public string ToText(Machine native, bool prepend = false) => RulePrinter.Print(this, native, prepend);
}
