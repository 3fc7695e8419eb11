using System.Globalization;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>One thing the kernel would be told, in the order of loading.</summary>
/// <param name="Text">As a line of a rules file; a rule as <c>auditctl -l</c> prints it.</param>
/// <param name="Directive">Where it comes from.</param>
/// <param name="Wire">The rule's <c>audit_rule_data</c>; null for what is no rule.</param>
internal sealed record CompiledStep(string Text, Directive Directive, byte[]? Wire);

/// <summary>Rules as the kernel would be given them.</summary>
internal static class RuleCompiler
{
    /// <summary>Compiles rules without source errors.</summary>
    /// <param name="rules">The files, merged.</param>
    /// <param name="machine">The machine of the node.</param>
    /// <param name="withWire">Whether the bytes are wanted; rules with names of users or groups have none before a node has looked them up.</param>
    public static IEnumerable<CompiledStep> Compile(MergedRules rules, Machine machine, bool withWire)
    {
        foreach (Directive directive in rules.Directives)
        {
            switch (directive)
            {
                case RuleDirective rule when rule.IsUsable || !rule.Rule.IsResolved:
                    byte[]? wire = withWire && rule.Rule.IsResolved ? rule.Rule.ToWire(rule.Operation == RuleOperation.Prepend) : null;
                    yield return new(Text(rule, machine), directive, wire);
                    break;
                case DeleteAllDirective delete:
                    yield return new(delete.Key is null ? "-D" : $"-D -k {RuleText.Escape(delete.Key)}", directive, null);
                    break;
                case ControlDirective control when Option(control.Setting) is { } option:
                    yield return new(option.EndsWith(' ') ? option + Argument(control) : option, directive, null);
                    break;
            }
        }
    }

    private static string Text(RuleDirective rule, Machine machine)
    {
        string text = rule.Rule.ToText(machine, rule.Operation == RuleOperation.Prepend);
        return rule.Operation == RuleOperation.Delete ? (text.StartsWith("-w", StringComparison.Ordinal) ? "-W" : "-d") + text[2..] : text;
    }

    private static string Argument(ControlDirective control) =>
        control.Argument is { } text ? RuleText.Escape(text) : control.Value.ToString(CultureInfo.InvariantCulture);

    // What is for auditctl alone (-i, -c, -s, -l, -v) does not reach the kernel.
    private static string? Option(ControlSetting setting) => setting switch
    {
        ControlSetting.Enabled => "-e ",
        ControlSetting.Failure => "-f ",
        ControlSetting.RateLimit => "-r ",
        ControlSetting.BacklogLimit => "-b ",
        ControlSetting.BacklogWaitTime => "--backlog_wait_time ",
        ControlSetting.MakeEquivalent => "-q ",
        ControlSetting.TrimSubtrees => "-t",
        ControlSetting.Message => "-m ",
        ControlSetting.Signal => "--signal ",
        ControlSetting.LoginuidImmutable => "--loginuid-immutable",
        ControlSetting.ResetLost => "--reset-lost",
        ControlSetting.ResetBacklogWaitTimeActual => "--reset_backlog_wait_time_actual",
        _ => null,
    };
}
