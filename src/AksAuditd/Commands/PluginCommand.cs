using System.CommandLine;
using System.Runtime.InteropServices;
using AksAuditd.Events;
using AksAuditd.Events.Reporting;
using AksAuditd.Events.Sources;
using AksAuditd.Health;
using AksAuditd.Node;
using AksAuditd.Node.Interop;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary>
/// <c>plugin</c>: events as a child of auditd, which gives them to its standard input. Reads its settings again on SIGHUP, which auditd passes on when it
/// is reloaded; ends when auditd closes the pipe or sends SIGTERM.
/// </summary>
internal static class PluginCommand
{
    public static Command Create()
    {
        Option<string?> config = new("--config") { Description = $"The settings (default: {EventsSettings.DefaultFile}, when it is there)." };
        Command command = new("plugin", "The same as a child of auditd: events from its pipe to syslog or a file.") { config };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? named, CancellationToken stop)
    {
        // auditd ignores signals when it starts a plugin, which inherits that, and the runtime leaves an ignored SIGHUP alone.
        _ = SignalCalls.SetHandler(SignalCalls.Hangup, 0);
        _ = SignalCalls.SetHandler(SignalCalls.Terminate, 0);
        using ILoggerFactory logs = Logs.Create(LogLevel.Information);
        ILogger log = logs.CreateLogger("plugin");
        // A mistake in the settings must not cost events: what was good last, or the defaults, go on.
        EventsSettings settings = Read(named, log, out string? wrong) ?? new();
        try
        {
            using EventsProgram program = new(new()
            {
                Source = new StreamSource(0, "auditd"),
                IsLive = true,
                Settings = settings,
                Root = "",
                Version = Startup.Version,
                ReportFile = EventsReporter.DefaultFile,
            }, TimeProvider.System, log);
            program.Report.TellSettings(wrong);
            using PosixSignalRegistration reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                if (Read(named, log, out string? error) is { } changed)
                {
                    log.LogInformation("settings read again");
                    program.Change(changed);
                }

                // auditd gives its plugins no standard error that anybody reads.
                program.Report.TellSettings(error);
            });
            await Task.Factory.StartNew(() => program.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (NodeException e)
        {
            log.LogCritical("{Reason}", e.Message);
            return ExitCode.Failed;
        }
    }

    private static EventsSettings? Read(string? named, ILogger log, out string? error)
    {
        error = null;
        string path = named ?? EventsSettings.DefaultFile;
        if (named is null && !File.Exists(path)) return new();
        EventsSettings? settings = EventsFile.Read(path, new(), out error);
        if (settings is null) log.LogError("{File} is not valid; the settings stay as they are", path);
        return settings;
    }
}
