namespace AksAuditd.Node.Syslog;

/// <summary>What a look at the way out found.</summary>
/// <param name="Checked">The stages that the policy's events pass and that could be looked at.</param>
/// <param name="Problems">What does not work.</param>
/// <param name="StoppedPlugins">Plugin files whose program auditd does not run.</param>
/// <param name="IsDoubled">Whether rsyslog gets each message twice; null when nothing goes through it.</param>
internal sealed record DeliveryLook(
    IReadOnlyList<DeliveryStage> Checked, IReadOnlyList<DeliveryProblem> Problems, IReadOnlyList<string> StoppedPlugins, bool? IsDoubled)
{
    /// <summary>Nothing goes out that could be looked at.</summary>
    public static DeliveryLook Nothing { get; } = new([], [], [], null);
}
