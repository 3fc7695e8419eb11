using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>How to check.</summary>
internal sealed record CheckOptions
{
    /// <summary>The machines of the cluster's nodes, at least one. Default: this machine.</summary>
    public IReadOnlyList<Machine> Machines { get; init; } = [LinuxAudit.Rules.Machines.Current];

    /// <summary>Whether a warning counts as an error. Default: no.</summary>
    public bool WarningsAsErrors { get; init; }
}
