using AksAuditd.Configuration;

namespace AksAuditd.Node;

/// <summary>Who takes the events on this node, and why: <see cref="AuditMode.Auto"/> is decided here, by what is on the node.</summary>
/// <param name="Mode"><see cref="AuditMode.Auditd"/> or <see cref="AuditMode.Embedded"/>.</param>
/// <param name="Reason">Why, to follow a colon; empty when the configuration says it.</param>
internal sealed record ModeChoice(AuditMode Mode, string Reason)
{
    /// <summary>Decides, in the node's root directory.</summary>
    /// <param name="wanted">The configuration's mode.</param>
    /// <param name="commands">The node's programs.</param>
    /// <exception cref="NodeException">The node may not be looked at.</exception>
    public static ModeChoice Of(AuditMode wanted, NodeCommand commands)
    {
        if (wanted != AuditMode.Auto) return new(wanted, "");
        if (commands.Find("auditd") is { } auditd) return new(AuditMode.Auditd, $"mode: auto, and the node has {auditd}");
        // The reason is in the log of install. The agent cannot find it: its container sees every file system of the node read-only.
        return new(AuditMode.Embedded, $"mode: auto, and there is no auditd on this node ({OsRelease.Read()?.ToString() ?? "no os-release"})");
    }
}
