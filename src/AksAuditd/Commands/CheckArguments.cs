using System.CommandLine;
using AksAuditd.Check;
using LinuxAudit.Rules;

namespace AksAuditd.Commands;

/// <summary>What <c>check</c> and <c>compile</c> have in common on the command line.</summary>
internal static class CheckArguments
{
    public static Argument<string[]> Paths()
    {
        Argument<string[]> paths = new("PATH")
        {
            Description = "Rule files, plugin .conf files, directories, ConfigMap YAML; - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        paths.Validators.Add(result =>
        {
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
                if (token.Value.Length > 1 && token.Value[0] == '-') result.AddError($"there is no option '{token.Value}' (a file of that name: ./{token.Value})");
        });
        return paths;
    }

    public static Option<string> Arch(string description)
    {
        Option<string> option = new("--arch") { Description = description, HelpName = "ARCH,…" };
        option.Validators.Add(result =>
        {
            foreach (string name in result.Tokens.SelectMany(t => t.Value.Split(',')))
                if (LinuxAudit.Rules.Machines.Find(name) is null) result.AddError($"--arch: there is no machine '{name}'; known: {string.Join(", ", LinuxAudit.Rules.Machines.AllNames)}");
        });
        return option;
    }

    public static Option<string> Output(params string[] formats) => OneOf("--output", "How to print", "text", formats, "-o");

    public static Option<string> Colour() => OneOf("--color", "Colours in text: auto is on a terminal without NO_COLOR", "auto", ["auto", "always", "never"]);

    public static Machine[] Machines(string? names) =>
        names is null ? [LinuxAudit.Rules.Machines.Current] : [.. Array.ConvertAll(names.Split(','), n => LinuxAudit.Rules.Machines.Find(n)!.Value).Distinct()];

    public static bool UsesColour(string? wanted) => wanted switch
    {
        "always" => true,
        "never" => false,
        _ => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
    };

    public static InputSet Read(string[] paths)
    {
        using Stream stdin = Console.OpenStandardInput();
        return new InputReader(stdin).Read(paths);
    }

    /// <summary>Says what could not be read; true when there is something, or nothing at all to check.</summary>
    public static bool SayUnreadable(InputSet set)
    {
        foreach (string reason in set.Unreadable) Console.Error.WriteLine($"aks-auditd: {DisplayText.Clean(reason)}");
        if (set.Unreadable.Count == 0 && !set.Inputs.Any() && set.Diagnostics.Count == 0)
        {
            Console.Error.WriteLine("aks-auditd: nothing to check: no rules, no plugin file and no ConfigMap with a .rules or .conf entry");
            return true;
        }

        return set.Unreadable.Count > 0;
    }

    private static Option<string> OneOf(string name, string description, string preset, string[] values, params string[] aliases)
    {
        Option<string> option = new(name, aliases) { Description = $"{description}: {string.Join(", ", values)}.", DefaultValueFactory = _ => preset, HelpName = string.Join('|', values) };
        option.Validators.Add(result =>
        {
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
                if (!values.Contains(token.Value)) result.AddError($"{name}: '{token.Value}' is not valid; valid: {string.Join(", ", values)}");
        });
        return option;
    }
}
