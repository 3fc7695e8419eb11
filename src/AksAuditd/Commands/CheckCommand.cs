using System.CommandLine;
using AksAuditd.Check;

namespace AksAuditd.Commands;

/// <summary><c>check</c>: what is wrong with rules, plugin files and ConfigMaps; needs no root and no kernel.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string[]> paths = CheckArguments.Paths();
        Option<string> arch = CheckArguments.Arch("The machines of the cluster's nodes, such as x86_64,aarch64. Default: this machine.");
        Option<string> output = CheckArguments.Output("text", "json", "sarif");
        Option<string> colour = CheckArguments.Colour();
        Option<bool> strict = new("--warnings-as-errors") { Description = "Let warnings count as errors." };
        Command command = new("check", "Check rule files, plugin files, directories or ConfigMap YAML; needs no root and no kernel.") { paths, arch, output, strict, colour };
        command.SetAction(parsed =>
        {
            InputSet set = CheckArguments.Read(parsed.GetRequiredValue(paths));
            CheckOptions options = new() { Machines = CheckArguments.Machines(parsed.GetValue(arch)), WarningsAsErrors = parsed.GetValue(strict) };
            CheckResult result = PolicyChecker.Check(set, options);
            using Stream stdout = Console.OpenStandardOutput();
            switch (parsed.GetValue(output))
            {
                case "json":
                    JsonReport.Write(result, stdout);
                    break;
                case "sarif":
                    SarifReport.Write(result, Startup.Version, stdout);
                    break;
                default:
                    using (StreamWriter text = new(stdout)) new TextReport(text, CheckArguments.UsesColour(parsed.GetValue(colour))).Write(result);
                    break;
            }

            return CheckArguments.SayUnreadable(set) ? ExitCode.Failed : result.Errors > 0 ? ExitCode.Found : ExitCode.Success;
        });
        return command;
    }
}
