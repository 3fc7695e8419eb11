using System.CommandLine;
using System.Net.Sockets;
using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Json;
using AksAuditd.Events.Reporting;
using AksAuditd.Events.Selection;
using AksAuditd.Events.Sources;
using AksAuditd.Events.Text;
using AksAuditd.Health;
using AksAuditd.Node;
using LinuxAudit.Records;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Commands;

/// <summary><c>events</c>: follow events, with the pod they come from.</summary>
internal static class EventsCommand
{
    private const string DefaultLog = "/var/log/audit/audit.log", DefaultSyslog = "syslog:/dev/log";

    private static readonly Option<string[]> From = new("--from")
    {
        Description = "kernel (a copy beside auditd), audit-log [FILE], or stdin (default: kernel)",
        Arity = new(1, 2),
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["kernel"],
    };

    private static readonly Option<string[]> To = new("--to")
    {
        Description = "stdout, syslog [ADDRESS], file PATH, or a sink's address (default: stdout)",
        Arity = new(1, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Wait for what is appended to the log." };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Add the records to each event." };
    private static readonly Option<string?> Config = new("--config") { Description = "Filters, budgets and the like: an events.yaml." };
    private static readonly Option<string?> Probes = new("--listen") { Description = "Answer /livez and /readyz on ADDRESS:PORT." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "text or json (default: text on a terminal, json otherwise)" };

    private static readonly (Option<string?> Option, Func<EventMatch, TextPattern, EventMatch> Set)[] Filters =
    [
        (Only("--key", "the rule's key"), (m, p) => m with { Key = p }),
        (Only("--exe", "the executable's path"), (m, p) => m with { Exe = p }),
        (Only("--type", "the type of one of its records"), (m, p) => m with { Type = p }),
        (Only("--user", "the user"), (m, p) => m with { User = p }),
        (Only("--login", "the user who logged in"), (m, p) => m with { Login = p }),
        (Only("--namespace", "the pod's namespace"), (m, p) => m with { Namespace = p }),
        (Only("--pod", "the pod"), (m, p) => m with { Pod = p }),
        (Only("--container", "the container"), (m, p) => m with { Container = p }),
    ];

    private static readonly Option<bool?> Success = new("--success") { Description = "Only what went well (true) or not (false)." };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("text", "json");
        Command command = new("events", "Follow audit events, one line each, with the pod they come from.") { From, To, Follow, Output, Raw, Config, Probes };
        foreach ((Option<string?> option, _) in Filters) command.Add(option);
        command.Add(Success);
        command.SetAction((parsed, stop) => RunAsync(parsed, stop));
        return command;
    }

    private static Option<string?> Only(string name, string what) => new(name) { Description = $"Only events with this: {what}; * stands for any characters." };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (Startup.ReadSettings() is not { } node) return ExitCode.Usage;
        if (ReadSettings(parsed) is not { } settings) return ExitCode.Usage;
        using ILoggerFactory logs = Logs.Create(node.LogLevel);
        ILogger log = logs.CreateLogger("events");
        ListenAddress? listen = null;
        if (parsed.GetValue(Probes) is { } address && (listen = SettingTable.Listen(address)) is null)
        {
            Console.Error.WriteLine($"aks-auditd: --listen: '{address}' is not valid; valid: ADDRESS:PORT with a numeric address and a port from 1 to 65535");
            return ExitCode.Usage;
        }

        bool isText = (parsed.GetValue(Output) ?? (settings.To == "stdout" && !Console.IsOutputRedirected ? "text" : "json")) == "text";
        try
        {
            (IRecordSource Source, bool IsLive)? source = OpenSource(parsed);
            if (source is null) return ExitCode.Usage;
            // A file waits for its sink: a long queue would only be memory.
            if (!source.Value.IsLive) settings = settings with { QueueBytes = Math.Min(settings.QueueBytes, Math.Max(1024 * 1024, 16L * settings.MaxBytes)) };
            using EventsProgram program = new(new()
            {
                Source = source.Value.Source,
                IsLive = source.Value.IsLive,
                Settings = settings,
                Root = Directory.Exists(node.HostRoot) && node.HostRoot != "/" ? node.HostRoot : "",
                Version = Startup.Version,
                Encoder = isText ? Text : null,
            }, TimeProvider.System, log);
            using ProbeServer? probes = listen is null ? null : ProbeServer.Start(listen, () => StatusOf(program.Report.Last), metrics: null, () => IsAlive(program.Report.Last), log);
            await Task.Factory.StartNew(() => program.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (program.IsClosed) return ExitCode.Success;
            EventAccounts accounts = program.Report.Last!.Accounts;
            if (accounts.Lost > 0) log.LogError("{Lost} of {Received} events were lost: {Reason}", accounts.Lost, accounts.Received, program.Report.Last.SinkError);
            return accounts.Lost > 0 ? ExitCode.Failed : ExitCode.Success;
        }
        catch (Exception e) when (e is NodeException or SocketException)
        {
            Console.Error.WriteLine($"aks-auditd: {(e is SocketException ? $"cannot listen on {listen}: {e.Message}" : e.Message)}");
            return ExitCode.Failed;
        }
    }

    // The pipeline makes a report at each turn, also when nothing comes; before the first it is starting.
    private static bool IsAlive(EventsReport? report) => report is null || DateTimeOffset.UtcNow - report.At < EventsReportFile.Stale;

    private static StatusReport StatusOf(EventsReport? report) => new()
    {
        Ready = report is not null && IsAlive(report) && report.StuckSince is null,
        Reason = report is null ? "nothing has been read yet" : !IsAlive(report) ? "events are not read any more" : report.StuckSince is { } since ? $"{report.Sink} has taken no event since {since:yyyy-MM-ddTHH:mm:ssZ}" : null,
        Since = report?.Since ?? default,
    };

    private static IEventEncoder Text(EventsSettings settings, NodeIdentities names) =>
        new TextEventEncoder(new Interpreter(names), names, Console.IsOutputRedirected ? 1000 : Math.Max(80, Console.WindowWidth), Terminal.HasColours);

    private static EventsSettings? ReadSettings(ParseResult parsed)
    {
        // What is not written down is seen: noise is only dropped where a file could have said otherwise.
        EventsSettings settings = new() { To = "stdout", SpoolBytes = 0 };
        if (parsed.GetValue(Config) is { } file && EventsFile.Read(file, settings) is var read)
        {
            if (read is null) return null;
            settings = read;
        }

        if (parsed.GetValue(To) is { Length: > 0 } to)
        {
            if (Sink(to) is not { } address)
            {
                Console.Error.WriteLine($"aks-auditd: --to: '{string.Join(' ', to)}' is not valid; valid: stdout, syslog [ADDRESS], file PATH, or a sink's address");
                return null;
            }

            settings = settings with { To = address };
        }

        if (!SinkAddress.TryParse(settings.To, out _, out string? error))
        {
            Console.Error.WriteLine($"aks-auditd: --to: {error}");
            return null;
        }

        if (parsed.GetValue(Raw)) settings = settings with { Raw = true };
        EventMatch only = new() { Success = parsed.GetValue(Success) };
        foreach ((Option<string?> option, Func<EventMatch, TextPattern, EventMatch> set) in Filters)
            if (parsed.GetValue(option) is { } pattern) only = set(only, new TextPattern(pattern));
        return only == new EventMatch() ? settings : settings with { Filters = [new(FilterAction.DropOthers, only), .. settings.Filters] };
    }

    private static string? Sink(string[] to) => to switch
    {
        ["syslog"] => DefaultSyslog,
        ["syslog", var address] => address.StartsWith("syslog:", StringComparison.Ordinal) ? address : $"syslog:{address}",
        ["file", var path] => $"file:{Path.GetFullPath(path)}",
        [var address] => address,
        _ => null,
    };

    private static (IRecordSource Source, bool IsLive)? OpenSource(ParseResult parsed)
    {
        switch (parsed.GetValue(From))
        {
            case ["kernel"]: return (KernelSource.Listen(), true);
            case ["stdin"]: return (new StreamSource(0, "standard input"), false);
            case ["audit-log", .. var file]:
                return (new AuditLogSource(file is [var path] ? path : DefaultLog, parsed.GetValue(Follow), fromEnd: false), parsed.GetValue(Follow));
            case var other:
                Console.Error.WriteLine($"aks-auditd: --from: '{string.Join(' ', other ?? [])}' is not valid; valid: kernel, audit-log [FILE], stdin");
                return null;
        }
    }
}
