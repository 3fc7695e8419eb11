using System.CommandLine;
using AksAuditd.Commands;

RootCommand root = new("Makes every node of a Kubernetes cluster an audited node.")
{
    RunCommand.Create(),
    InstallCommand.Create(),
    CheckCommand.Create(),
    CompileCommand.Create(),
    UninstallCommand.Create(),
    PlanCommand.Create(),
    StatusCommand.Create(),
    EventsCommand.Create(),
    ReportCommand.Create(),
    PluginCommand.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) Console.Error.WriteLine($"aks-auditd: {error.Message}");
    Console.Error.WriteLine("aks-auditd: 'aks-auditd --help' lists what there is");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(2) });
