using System.Collections.Immutable;
using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Events;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Checks everything that was given, for every machine, as groups of files that a node would load together.</summary>
internal static class PolicyChecker
{
    private static readonly PluginAllowList DefaultAllowList = SettingTable.DefaultAllowedPlugins;

    public static CheckResult Check(InputSet set, CheckOptions options)
    {
        FindingCollector findings = new(set, options);
        foreach (Diagnostic diagnostic in set.Diagnostics) findings.Add(diagnostic);
        int rules = 0;
        foreach (InputGroup group in set.Groups)
        {
            foreach (CheckInput input in group.Inputs.Where(i => i.Kind != InputKind.Rules))
            {
                ImmutableArray<Diagnostic> diagnostics;
                if (input.Kind == InputKind.Events) diagnostics = CheckEvents(input);
                else if (input.Kind == InputKind.Plugin) diagnostics = CheckPlugin(input);
                else AuditdConfParser.Parse(input.Name, input.Bytes, out diagnostics);
                foreach (Diagnostic diagnostic in diagnostics) findings.Add(diagnostic, group);
            }

            rules += CheckRules(group, options, findings);
        }

        return new(findings.Sorted(), set.Inputs.Count(), rules, set.Unreadable, set.LeftOut);
    }

    /// <summary>The rules files of a group as one, for one machine.</summary>
    public static MergedRules Merge(InputGroup group, Machine machine) => RuleMerger.Merge(
        group.Inputs.Where(i => i.Kind == InputKind.Rules).Select(i => new RuleSource(i.Name, i.Bytes)), new RuleContext { Machine = machine });

    private static ImmutableArray<Diagnostic> CheckEvents(CheckInput input)
    {
        EventsSettingsReader.Read(input.Name, Encoding.UTF8.GetString(input.Bytes), new(), out IReadOnlyList<SettingsMistake> mistakes);
        return [.. mistakes.Select(m => new Diagnostic(InputDiagnostics.BadEvents, new(input.Name, m.Line, m.Column, 0), m.Message))];
    }

    private static ImmutableArray<Diagnostic> CheckPlugin(CheckInput input)
    {
        PluginFile plugin = PluginParser.Parse(input.Name, input.Bytes, out ImmutableArray<Diagnostic> diagnostics);
        if (plugin is not { Active: true, Path: { } path } || DefaultAllowList.Allows(path) || diagnostics.Any(d => d.IsSourceError)) return diagnostics;
        return diagnostics.Add(new(InputDiagnostics.NotAllowed, FindPath(input, path), $"the agent refuses {path}, unless it is configured to allow it")
        {
            Expected = $"one of {DefaultAllowList}",
            Fix = $"set allowedPlugins (AA_ALLOWED_PLUGINS) to a list with {path}",
        });
    }

    /// <summary>Where the last <c>path = …</c> line names the program.</summary>
    private static SourceLocation FindPath(CheckInput input, string path)
    {
        string[] lines = RuleText.FromBytes(input.Bytes).Split('\n');
        int number = Array.FindLastIndex(lines, l => l.TrimStart().StartsWith("path", StringComparison.OrdinalIgnoreCase) && l.Contains(path, StringComparison.Ordinal));
        return number < 0 ? new(input.Name, 1, 1, 0) : new(input.Name, number + 1, 1 + lines[number].IndexOf(path, StringComparison.Ordinal), path.EnumerateRunes().Count());
    }

    private static int CheckRules(InputGroup group, CheckOptions options, FindingCollector findings)
    {
        int rules = -1;
        MachineDiagnostics perMachine = new(options.Machines.Count);
        foreach (Machine machine in options.Machines)
        {
            MergedRules merged = Merge(group, machine);
            if (rules < 0) rules = merged.Directives.Count(d => d is RuleDirective);
            perMachine.Add(merged.Diagnostics);
            perMachine.Add(RuleLinter.Lint(merged, new LintOptions { Machine = machine, OtherMachines = [.. options.Machines.Where(m => m != machine)] }));
        }

        foreach (Diagnostic diagnostic in perMachine.Combine()) findings.Add(diagnostic, group);
        return rules;
    }
}
