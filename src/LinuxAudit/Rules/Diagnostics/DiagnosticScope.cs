namespace LinuxAudit.Rules;

/// <summary>Whose fault it is, and so what to do about an error.</summary>
public enum DiagnosticScope
{
    /// <summary>The text is wrong wherever it is loaded: refuse the whole policy.</summary>
    Source,

    /// <summary>Only this node lacks something (a user, a directory, a system call): skip this rule here.</summary>
    Node,
}
