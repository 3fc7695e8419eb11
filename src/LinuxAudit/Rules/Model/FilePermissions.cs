namespace LinuxAudit.Rules;

/// <summary>The kinds of access of <c>-p</c> and <c>-F perm=</c>. Values are <c>AUDIT_PERM_*</c> of <c>linux/audit.h</c>.</summary>
[Flags]
public enum FilePermissions : uint
{
    /// <summary>No access at all: such a rule never matches.</summary>
    None = 0,

    /// <summary><c>x</c></summary>
    Execute = 1,

    /// <summary><c>w</c></summary>
    Write = 2,

    /// <summary><c>r</c></summary>
    Read = 4,

    /// <summary><c>a</c>: a change of owner, mode or extended attributes.</summary>
    Attribute = 8,
}
