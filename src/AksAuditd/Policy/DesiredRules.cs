using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace AksAuditd.Policy;

/// <summary>A part of the policy that this node cannot have now.</summary>
/// <param name="Where">File and line, or the plugin file.</param>
/// <param name="Text">The rule as it is written; empty for a plugin.</param>
/// <param name="Reason">What the node lacks.</param>
/// <param name="Missing">The paths that may cure it by appearing or changing; empty when none would.</param>
internal sealed record Skipped(string Where, string Text, string Reason, params IReadOnlyList<string> Missing)
{
    public override string ToString() => Text.Length == 0 ? $"{Where}: {Reason}" : $"{Where}: {Reason}: {Text}";
}

/// <summary>One rule of the policy as the kernel is to have it.</summary>
/// <param name="Rule">Its bytes.</param>
/// <param name="Directive">Where it comes from.</param>
internal sealed record DesiredRule(KernelRule Rule, RuleDirective Directive);

/// <summary>What a set of rules files asks of this node's kernel.</summary>
/// <param name="Rules">The rules, list by list in the order in which they are to be searched.</param>
/// <param name="Skipped">The rules that this node lacks something for.</param>
/// <param name="Control">Control values; the mask names those that the policy sets.</param>
/// <param name="LocksAtEnd">Whether the policy ends with <c>-e 2</c>.</param>
/// <param name="LoginuidImmutable">Whether the policy asks for <c>--loginuid-immutable</c>.</param>
/// <param name="Problems">Source errors, for which the whole policy is refused.</param>
/// <param name="Warnings">What loads but may not be what is wanted.</param>
internal sealed record DesiredRules(
    IReadOnlyList<DesiredRule> Rules,
    IReadOnlyList<Skipped> Skipped,
    AuditStatus Control,
    bool LocksAtEnd,
    bool LoginuidImmutable,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Reads rules files as <c>augenrules</c> and <c>auditctl -R</c> would carry them out on an empty kernel.</summary>
    /// <param name="files">The files of rules.d.</param>
    /// <param name="context">The node; its resolvers are called on this thread.</param>
    public static DesiredRules Read(IEnumerable<PolicyFile> files, RuleContext context)
    {
        MergedRules merged = RuleMerger.Merge(files.Select(f => new RuleSource(f.Name, f.Content)), context);
        List<DesiredRule> rules = [];
        List<Skipped> skipped = [];
        AuditStatus control = default;
        bool locks = false, immutable = false;
        foreach (Directive directive in merged.Directives)
        {
            switch (directive)
            {
                case RuleDirective { IsUsable: false } rule:
                    skipped.Add(new(Place(rule.Location), rule.Text.Trim(), ReasonFor(rule, merged), MissingFor(rule, merged)));
                    break;
                case RuleDirective rule:
                    Carry(rules, rule);
                    break;
                case DeleteAllDirective delete:
                    rules.RemoveAll(r => delete.Key is null || r.Directive.Rule.Keys.Contains(delete.Key));
                    break;
                case ControlDirective { Setting: ControlSetting.Enabled, Value: 2 }:
                    locks = true;
                    control = control with { Mask = control.Mask | AuditStatusMask.Enabled, Enabled = AuditEnabled.On };
                    break;
                case ControlDirective { Setting: ControlSetting.LoginuidImmutable }:
                    immutable = true;
                    break;
                case ControlDirective setting:
                    control = With(control, setting);
                    break;
            }
        }

        return new(
            [.. rules.OrderBy(r => r.Rule.List)],
            skipped,
            control,
            locks,
            immutable,
            [.. merged.Diagnostics.Where(d => d.IsSourceError).Select(Line)],
            [.. merged.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Warning).Select(Line)]);
    }

    // As auditctl -R does, one line after the other; a rule that is there already stays where it is.
    private static void Carry(List<DesiredRule> rules, RuleDirective directive)
    {
        DesiredRule rule = new(new(directive.Rule.ToWire()), directive);
        int there = rules.FindIndex(r => r.Rule.Equals(rule.Rule));
        switch (directive.Operation)
        {
            case RuleOperation.Delete when there >= 0:
                rules.RemoveAt(there);
                break;
            case RuleOperation.Append when there < 0:
                rules.Add(rule);
                break;
            case RuleOperation.Prepend when there < 0:
                rules.Insert(0, rule);
                break;
        }
    }

    private static AuditStatus With(AuditStatus control, ControlDirective setting) => setting.Setting switch
    {
        ControlSetting.Enabled => control with { Mask = control.Mask | AuditStatusMask.Enabled, Enabled = (AuditEnabled)setting.Value },
        ControlSetting.Failure => control with { Mask = control.Mask | AuditStatusMask.Failure, Failure = (AuditFailure)setting.Value },
        ControlSetting.RateLimit => control with { Mask = control.Mask | AuditStatusMask.RateLimit, RateLimit = setting.Value },
        ControlSetting.BacklogLimit => control with { Mask = control.Mask | AuditStatusMask.BacklogLimit, BacklogLimit = setting.Value },
        ControlSetting.BacklogWaitTime => control with { Mask = control.Mask | AuditStatusMask.BacklogWaitTime, BacklogWaitTime = setting.Value },
        _ => control,
    };

    /// <summary>Every path that a rule names.</summary>
    public static string[] PathsOf(AuditRule rule) => [.. rule.Fields.Where(f => f.Field is RuleField.Path or RuleField.Dir or RuleField.Exe).Select(f => f.Text).OfType<string>()];

    private static string[] MissingFor(RuleDirective rule, MergedRules merged)
    {
        string[] codes = [.. merged.Diagnostics.Where(d => d.Location.File == rule.Location.File && d.Location.Line == rule.Location.Line).Select(d => d.Code)];
        return [.. codes.Contains("AUD050") ? (string[])["/etc/passwd"] : [], .. codes.Contains("AUD051") ? (string[])["/etc/group"] : [], .. codes.Contains("AUD065") ? PathsOf(rule.Rule) : []];
    }

    private static string ReasonFor(RuleDirective rule, MergedRules merged) =>
        merged.Diagnostics.FirstOrDefault(d => d.Scope == DiagnosticScope.Node && d.Severity == DiagnosticSeverity.Error
            && d.Location.File == rule.Location.File && d.Location.Line == rule.Location.Line)?.Message ?? "this node lacks something that it needs";

    private static string Place(SourceLocation location) => $"{location.File}:{location.Line}";

    /// <summary>A diagnostic in one line.</summary>
    internal static string Line(Diagnostic diagnostic) =>
        diagnostic.Fix is { Length: > 0 } fix ? $"{diagnostic} ({fix})" : diagnostic.ToString();
}
