namespace LinuxAudit.Rules;

/// <summary>What the warnings are to take into account.</summary>
public sealed record LintOptions
{
    /// <summary>The machine the rules were read for. Default: this machine.</summary>
    public Machine Machine { get; init; } = Machines.Current;

    /// <summary>Other machines of the same cluster, of <see cref="Rules.Machine.X86_64"/> and <see cref="Rules.Machine.Aarch64"/>. Default:
    /// none.</summary>
    public IReadOnlyList<Machine> OtherMachines { get; init; } = [];
}
