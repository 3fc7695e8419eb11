using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Events.Embedded;
using AksAuditd.Events.Reporting;
using AksAuditd.Node;
using AksAuditd.Node.Setup;
using AksAuditd.Policy;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary>What commands do for <c>mode: embedded</c>.</summary>
internal static class EmbeddedMode
{
    // A disk, not memory.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    /// <summary>The agent's own audit daemon. It does nothing before it is started.</summary>
    public static EmbeddedAuditService Create(IAuditKernel kernel, Settings settings, ILogger log) =>
        new(kernel, source => Open(source, settings, log), () => ReadSettings(settings), log);

    /// <summary>Writes down, the first time, what the kernel was like, for <c>uninstall</c>.</summary>
    public static void Prepare(Settings settings, IAuditKernel kernel)
    {
        using NodeDirectory state = NodeDirectory.OpenOrCreate(settings.StateDirectory);
        NodeSnapshot.RememberKernel(state, kernel, NodeState.ReadIfAny(settings.StateDirectory) is { LastGood: not null } or { OwnedFiles.Count: > 0 }, TimeProvider.System.GetUtcNow());
    }

    /// <summary>The node, for a command that only looks: in embedded mode the agent that runs is the daemon.</summary>
    public static NodeSession OpenNode(Settings settings) =>
        NodeSession.Open(settings, (kernel, _) => new EmbeddedAuditService(kernel));

    private static EventsProgram Open(Events.Sources.IRecordSource source, Settings settings, ILogger log) => new(new()
    {
        Source = source,
        IsLive = true,
        Settings = ReadSettings(settings) ?? Defaults(settings),
        Root = "",
        Version = Startup.Version,
        ReportFile = EventsReportFile.PathFor(settings),
        ReportInterval = ReportInterval,
    }, TimeProvider.System, log);

    private static EventsSettings? ReadSettings(Settings settings)
    {
        string path = $"{settings.StateDirectory}/{EventsSettings.FileName}";
        return (File.Exists(path) ? EventsFile.Read(path, Defaults(settings)) : Defaults(settings))?.ForEmbedded();
    }

    // ContainerLogV2 has what a container writes: no syslog is needed, which such a node may not have either.
    private static EventsSettings Defaults(Settings settings) => new() { To = "stdout", SpoolDirectory = $"{settings.StateDirectory}/spool" };
}
