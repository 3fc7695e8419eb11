namespace LinuxAudit.Rules;

/// <summary>What a matching rule does. Values are <c>AUDIT_NEVER</c> and <c>AUDIT_ALWAYS</c> of <c>linux/audit.h</c>.</summary>
public enum RuleAction : uint
{
    /// <summary>No record, and no later rule of the list is asked.</summary>
    Never = 0,

    /// <summary>A record.</summary>
    Always = 2,
}
