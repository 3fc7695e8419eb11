using System.Text;

namespace LinuxAudit.Rules.Lint;

/// <summary>What every lint looks at.</summary>
internal sealed class LintInput(MergedRules rules, LintOptions options, DiagnosticBag bag)
{
    public IReadOnlyList<Directive> Directives => rules.Directives;

    public LintOptions Options => options;

    /// <summary>The rules that are added, in the order of the files.</summary>
    public IReadOnlyList<RuleDirective> Rules { get; } = [.. rules.Directives.OfType<RuleDirective>().Where(d => d.Operation != RuleOperation.Delete)];

    /// <summary>The rules as the kernel looks at them: prepended ones come first, the last of them foremost.</summary>
    public IEnumerable<RuleDirective> RulesInKernelOrder() =>
        Rules.Where(r => r.Operation == RuleOperation.Prepend).Reverse().Concat(Rules.Where(r => r.Operation == RuleOperation.Append));

    /// <summary>The conditions of a rule: its fields but keys.</summary>
    public static IEnumerable<FieldFilter> Conditions(AuditRule rule) => rule.Fields.Where(f => f.Field != RuleField.Key);

    /// <summary>The machine whose system calls the rule means.</summary>
    public Machine MachineOf(AuditRule rule) => rule.Arch ?? options.Machine;

    /// <summary>Reports at the first of these texts that stands in the directive's line as a word or the start of one; at the whole directive
    /// otherwise.</summary>
    public void Report(DiagnosticKind kind, Directive directive, string message, string? fix = null, string? expected = null,
        Directive? related = null, params ReadOnlySpan<string> at)
    {
        SourceLocation location = directive.Location;
        foreach (string text in at)
        {
            int index = Find(directive.Text, text);
            if (index < 0) continue;
            location = location with { Column = 1 + Characters(directive.Text.AsSpan(0, index)), Length = Characters(text) };
            break;
        }

        bag.Add(new Diagnostic(kind, location, message) { Fix = fix, Expected = expected, Related = related?.Location });
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }

    private static int Find(string line, string text)
    {
        for (int i = line.IndexOf(text, StringComparison.Ordinal); i >= 0; i = line.IndexOf(text, i + 1, StringComparison.Ordinal))
        {
            bool starts = i == 0 || line[i - 1] is ' ' or ',';
            bool ends = i + text.Length == line.Length || !(char.IsAsciiLetterOrDigit(line[i + text.Length]) || line[i + text.Length] == '_');
            if (starts && (ends || text.StartsWith('-'))) return i;
        }

        return -1;
    }
}
