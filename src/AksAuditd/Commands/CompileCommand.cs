using System.CommandLine;
using AksAuditd.Check;
using LinuxAudit.Rules;

namespace AksAuditd.Commands;

/// <summary><c>compile</c>: what the kernel would be given; needs no root and no kernel.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        Argument<string[]> paths = CheckArguments.Paths();
        Option<string> arch = CheckArguments.Arch("The machine of the node. Default: this machine.");
        Option<string> output = CheckArguments.Output("text", "json");
        Option<bool> wire = new("--wire") { Description = "The bytes of each rule (audit_rule_data) in hexadecimal." };
        Command command = new("compile", "Show what the kernel would be given: rules as auditctl -l prints them, or their bytes.") { paths, arch, output, wire };
        command.SetAction(parsed =>
        {
            InputSet set = CheckArguments.Read(parsed.GetRequiredValue(paths));
            Machine[] machines = CheckArguments.Machines(parsed.GetValue(arch));
            if (machines.Length > 1)
            {
                Console.Error.WriteLine("aks-auditd: compile is for one machine: one name after --arch");
                return ExitCode.Usage;
            }

            return Compile(set, machines[0], parsed.GetValue(wire), parsed.GetValue(output) == "json");
        });
        return command;
    }

    private static int Compile(InputSet set, Machine machine, bool wire, bool json)
    {
        // All that was given is one policy here: the kernel has one list of rules.
        InputGroup all = new();
        all.Inputs.AddRange(set.Inputs.Where(i => i.Kind == InputKind.Rules));
        InputSet one = new() { Groups = { all } };
        one.Files.AddRange(set.Files);
        one.Diagnostics.AddRange(set.Diagnostics);
        MergedRules rules = PolicyChecker.Merge(all, machine);
        CompiledStep[] steps = [.. RuleCompiler.Compile(rules, machine, wire)];
        Finding[] wrong = [.. PolicyChecker.Check(one, new CheckOptions { Machines = [machine] }).Findings.Where(f => Hinders(f.Diagnostic, wire))];
        if (wrong.Length > 0)
        {
            TextReport report = new(Console.Error, CheckArguments.UsesColour("never"));
            foreach (Finding finding in wrong) report.Write(finding);
        }

        bool failed = CheckArguments.SayUnreadable(set);
        if (failed || wrong.Any(f => f.Diagnostic.IsSourceError)) return failed ? ExitCode.Failed : ExitCode.Found;
        using Stream stdout = Console.OpenStandardOutput();
        if (json)
        {
            CompileReport.WriteJson(steps, all.Map, stdout);
        }
        else
        {
            using StreamWriter text = new(stdout);
            CompileReport.WriteText(steps, wire, text);
        }

        return wrong.Length > 0 ? ExitCode.Found : ExitCode.Success;
    }

    // A rule that this kind of node would skip, or whose bytes nobody knows yet, is missing from what is printed.
    private static bool Hinders(Diagnostic diagnostic, bool wire) =>
        diagnostic.Severity == DiagnosticSeverity.Error || (wire && diagnostic.Kind == DiagnosticCatalogue.All.First(k => k.Code == "AUD054"));
}
