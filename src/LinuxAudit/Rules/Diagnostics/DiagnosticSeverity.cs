namespace LinuxAudit.Rules;

/// <summary>How bad it is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Nothing to mend: only the node can tell.</summary>
    Information,

    /// <summary>It loads, but is not what was meant, or costs more than it need.</summary>
    Warning,

    /// <summary>The kernel or auditctl would refuse it.</summary>
    Error,
}
