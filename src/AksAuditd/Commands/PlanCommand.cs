using System.CommandLine;
using System.Text.Json;
using AksAuditd.Configuration;
using AksAuditd.Events;
using AksAuditd.Events.Sources;
using AksAuditd.Forecast;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Report;

namespace AksAuditd.Commands;

/// <summary><c>plan</c>: what <c>run</c> would change on this node. Changes nothing. Exit code 1 when there is something to change.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        Option<string> output = OutputOption.Create("text", "json");
        Option<string?> forecast = new("--forecast") { Description = "A recorded audit.log (- for standard input): what the policy's rules would have recorded of it, in events and bytes a day." };
        Command command = new("plan", "What run would change on this node, as a difference. Changes nothing.") { output, forecast };
        command.SetAction(parsed => Startup.Guard(settings => Plan(settings, parsed.GetValue(forecast), parsed.GetValue(output) == "json")));
        return command;
    }

    private static int Plan(Settings settings, string? log, bool json)
    {
        // Before the node is entered: it is a file of whoever calls.
        using IRecordSource? source = log switch
        {
            null => null,
            "-" => new StreamSource(0, "standard input"),
            _ => new AuditLogSource(log, follow: false, fromEnd: false),
        };
        using NodeSession node = EmbeddedMode.OpenNode(settings);
        settings = node.Settings;
        NodeState state = NodeState.ReadIfAny(settings.StateDirectory);
        DesiredPolicy policy = DesiredPolicy.Read(FileSet.From(settings), settings.Sync, node.Root);
        PolicyPlan plan = new PolicyPlanner(settings, node.Kernel).Create(policy, state, new Dictionary<LinuxAudit.Kernel.KernelRule, LinuxAudit.Interop.Errno>());
        PlanReport report = PlanReport.Of(plan, policy.Warnings);
        if (source is not null && plan.Problems.Count == 0) report = report with { Forecast = new LogForecast(plan.Rules.Rules, NodeLinks.Read(), new NodeIdentities("")).Run(source) };
        if (json) Console.WriteLine(JsonSerializer.Serialize(report, PlanJson.Default.PlanReport));
        else Print(report);
        return report.InSync ? ExitCode.Success : ExitCode.Found;
    }

    private static void Print(PlanReport report)
    {
        string policy = DesiredPolicy.Name(report.Policy);
        foreach (string warning in report.Warnings) Console.WriteLine(Terminal.Yellow($"! {warning}"));
        if (report.Problems.Count > 0)
        {
            Console.WriteLine(Terminal.Red($"{policy} would be refused, and the node left as it is:"));
            foreach (string problem in report.Problems) Console.WriteLine($"  {problem}");
            return;
        }

        Console.WriteLine(report.InSync
            ? Terminal.Green($"{policy}: nothing to change")
            : Terminal.Bold($"{policy}: {Amounts.Count(report.Files.Count, "file")}, {Amounts.Count(report.Rules.Count, "rule")} and {Amounts.Count(report.Control.Count, "control value")} to change"));
        Section("files", report.Files);
        Section("kernel rules", report.Rules);
        Section("control values", report.Control);
        if (report.Skipped.Count > 0) Console.WriteLine("left out on this node");
        foreach (string skipped in report.Skipped) Console.WriteLine(Terminal.Yellow($"  ! {skipped}"));
        if (report.RebootRequired) Console.WriteLine(Terminal.Yellow("the kernel is locked (-e 2): its rules change with the next boot"));
        if (report.Forecast is { } forecast) ForecastText.Print(forecast);
    }

    private static void Section(string title, IReadOnlyList<PlanLine> lines)
    {
        if (lines.Count == 0) return;
        Console.WriteLine(title);
        foreach (PlanLine line in lines)
        {
            string origin = line.Origin is null ? "" : Terminal.Dim($"  # {line.Origin}");
            Console.WriteLine(line.Change switch
            {
                "new" or "add" => Terminal.Green($"  + {line.What}") + origin,
                "deleted" or "remove" => Terminal.Red($"  - {line.What}") + origin,
                "changed" => Terminal.Yellow($"  ~ {line.What}"),
                "mode" => Terminal.Yellow($"  ~ {line.What} (mode or owner)"),
                "move" => Terminal.Yellow($"  > {line.What}") + origin,
                _ => $"  ~ {line.Change} {line.What}",
            });
        }
    }
}
