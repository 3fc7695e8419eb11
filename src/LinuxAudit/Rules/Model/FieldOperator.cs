namespace LinuxAudit.Rules;

/// <summary>How a field is compared with its value. Values are those of <c>audit_rule_data.fieldflags</c> in <c>linux/audit.h</c>.</summary>
public enum FieldOperator : uint
{
    /// <summary><c>&amp;</c>: any of the value's bits is set.</summary>
    BitMask = 0x08000000,

    /// <summary><c>&lt;</c></summary>
    LessThan = 0x10000000,

    /// <summary><c>&gt;</c></summary>
    GreaterThan = 0x20000000,

    /// <summary><c>!=</c></summary>
    NotEqual = 0x30000000,

    /// <summary><c>=</c></summary>
    Equal = 0x40000000,

    /// <summary><c>&amp;=</c>: all of the value's bits are set.</summary>
    BitTest = 0x48000000,

    /// <summary><c>&lt;=</c></summary>
    LessThanOrEqual = 0x50000000,

    /// <summary><c>&gt;=</c></summary>
    GreaterThanOrEqual = 0x60000000,
}
