using System.CommandLine;
using System.Globalization;
using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Events.Pods;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Report;
using AksAuditd.Report.Html;
using LinuxAudit.Plugins;

namespace AksAuditd.Commands;

/// <summary><c>report</c>: what a log says, as one page of HTML.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Logs of auditd, or events as JSON; a directory: the logs in it; -: standard input (default: this node's log, with rotated ones)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The page's file (default: standard output, when it is no terminal)." };
    private static readonly Option<string?> Price = new("--price") { Description = "What a gigabyte costs: 2.76. Without it nothing is said of costs." };
    private static readonly Option<string> Currency = new("--currency") { Description = "What the price is in: EUR.", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> Since = new("--since") { Description = "Only from this time on: 2026-11-22T06:00Z, or without Z, which is UTC too." };
    private static readonly Option<string?> Until = new("--until") { Description = "Only before this time." };

    public static Command Create()
    {
        Command command = new("report", "One HTML page of what a log says: what ran where, by pod, by rule, what is missing, what it costs.") { Files, Output, Price, Currency, Since, Until };
        command.SetAction(parsed => Startup.Guard(settings => Run(parsed, settings)));
        return command;
    }

    private static int Run(ParseResult parsed, Settings settings)
    {
        string? output = parsed.GetValue(Output);
        if (output is null && !Console.IsOutputRedirected) return Wrong("the report is a web page: say where to with --output FILE");
        if (!TryReadPrice(parsed.GetValue(Price), out double? price)) return Wrong($"--price: '{parsed.GetValue(Price)}' is not valid; valid: a number that is not negative, such as 2.76");
        if (!TryReadTime(parsed.GetValue(Since), out DateTimeOffset? since)) return Wrong($"--since: '{parsed.GetValue(Since)}' is not valid; valid: a time such as 2026-11-22T06:00Z");
        if (!TryReadTime(parsed.GetValue(Until), out DateTimeOffset? until)) return Wrong($"--until: '{parsed.GetValue(Until)}' is not valid; valid: a time such as 2026-11-22T06:00Z");
        if (since >= until) return Wrong("--since is not before --until");

        string[] files = parsed.GetValue(Files) ?? [];
        bool isOwn = files.Length == 0;
        string root = Directory.Exists(settings.HostRoot) && settings.HostRoot != "/" ? settings.HostRoot : "";
        List<ReportInput> inputs = ReportInputs.Open(isOwn ? ReportInputs.WithRotated(OwnLog(root, settings)) : files);
        using PodContext? pods = isOwn ? OpenPods(root) : null;
        AuditReport report = new();
        string node = isOwn ? new EventsSettings().NodeName : "";
        try
        {
            new ReportReader(report, new()
            {
                NodeName = node,
                Names = isOwn ? new NodeIdentities(root) : null,
                Pods = pods,
                Since = since ?? DateTimeOffset.MinValue,
                Until = until ?? DateTimeOffset.MaxValue,
            }).Read(inputs);
        }
        finally
        {
            foreach (ReportInput input in inputs) input.Dispose();
        }

        Write(report, new()
        {
            NodeName = node,
            Version = Startup.Version,
            Made = DateTimeOffset.UtcNow,
            Price = price,
            Currency = parsed.GetValue(Currency) ?? "",
            HasPods = pods is { IsUsable: true },
        }, output);
        return ExitCode.Success;
    }

    private static int Wrong(string what)
    {
        Console.Error.WriteLine($"aks-auditd: {what}");
        return ExitCode.Usage;
    }

    private static bool TryReadPrice(string? text, out double? price)
    {
        bool isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        price = isNumber ? number : null;
        return isNumber || text is null;
    }

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        bool isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read);
        time = isTime ? read : null;
        return isTime || text is null;
    }

    private static string OwnLog(string root, Settings settings)
    {
        string conf = $"{root}{settings.AuditdConf}";
        try
        {
            byte[] content = File.Exists(conf) ? File.ReadAllBytes(conf) : [];
            return $"{root}{AuditdConfParser.Parse(conf, content, out _).Get("log_file") ?? LogTail.AuditLog}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(conf, $"cannot be read: {e.Message}");
        }
    }

    // Not watched: what is over is over.
    private static PodContext OpenPods(string root) =>
        new(new PodContextOptions { PodLogs = $"{root}/var/log/pods", ContainerLogs = $"{root}/var/log/containers", ControlGroups = null }, TimeProvider.System);

    private static void Write(AuditReport report, ReportPageOptions options, string? path)
    {
        try
        {
            using Stream output = path is null ? Console.OpenStandardOutput() : new FileStream(path, FileMode.Create, FileAccess.Write);
            using StreamWriter text = new(output, new UTF8Encoding(false), 32 * 1024);
            ReportPage.Write(report, options, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(path ?? "standard output", $"cannot be written: {e.Message}");
        }
    }
}
