using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Rules;

/// <summary>Rule after rule to auditctl and to us, each to an empty kernel.</summary>
internal sealed class Parity : IDisposable
{
    private readonly AuditClient _kernel = AuditClient.Open();
    private readonly Auditctl _auditctl = new();

    public Parity() => AuditMachine.ClearRules();

    public int Count { get; private set; }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    public int Texts { get; private set; }

    /// <summary>Which quirks of auditctl's printing were seen.</summary>
    public HashSet<string> Quirks { get; } = [];

    public List<(DifferenceKind Kind, string Rule, string Detail)> Differences { get; } = [];

    public void Compare(string line)
    {
        Count++;
        byte[] content = [.. RuleText.ToBytes(line), (byte)'\n'];
        bool said = _auditctl.Load(content);
        // After a failure there is nothing to list, but for a line that auditctl read in pieces. Were this wrong, the next Take would find two rules.
        KernelRule? theirs = said || line.Length > RuleParser.MaxLineLength ? Take(line) : null;
        RuleFile file = RuleParser.Parse(new RuleSource("parity.rules", content), ThisMachine.Context);
        RuleDirective? ours = file.Directives.OfType<RuleDirective>().FirstOrDefault(d => d.IsUsable);
        string diagnostics = string.Join("; ", file.Diagnostics);
        if (ours is null)
        {
            // A line with nothing in it (a comment) loads nothing for both.
            if (theirs is not null || (said && file.HasSourceErrors)) Add(DifferenceKind.WeRefuse, line, diagnostics);
            else if (!said && file.Diagnostics.IsEmpty) Add(DifferenceKind.WeAccept, line, _auditctl.Output);
            else Refused++;
            return;
        }

        // The kernel has just listed these very bytes: to send them again would show nothing new.
        if (theirs is { } same && same.Data.Span.SequenceEqual(ours.Rule.ToWire()))
        {
            CheckRoundTrip(line, ours.Rule, same);
            Accepted++;
            return;
        }

        Errno error = _kernel.AddRule(new KernelRule(ours.Rule.ToWire(ours.Operation == RuleOperation.Prepend)));
        KernelRule? mine = Take(line);
        if (mine is null)
        {
            Add(DifferenceKind.KernelRefuses, line, $"{error}; auditctl: {_auditctl.Output}");
            return;
        }

        CheckRoundTrip(line, ours.Rule, mine.Value);
        if (theirs is null) Add(DifferenceKind.WeAccept, line, _auditctl.Output);
        else Add(DifferenceKind.OtherBytes, line, $"auditctl: {Text(theirs.Value)}, ours: {Text(mine.Value)}");
    }

    /// <summary>What is true of every accepted rule, whatever auditctl thinks.</summary>
    private static void CheckRoundTrip(string line, AuditRule rule, KernelRule listed)
    {
        Assert.Equal(rule.ToWire(), listed.Data.ToArray());
        Assert.True(AuditRule.TryFromWire(listed.Data.Span, out AuditRule? decoded), line);
        Assert.Equal(rule, decoded);
        RuleFile again = RuleParser.ParseText(rule.ToText(Machine.X86_64), ThisMachine.Context);
        RuleDirective directive = Assert.Single(again.Directives.OfType<RuleDirective>());
        Assert.True(rule.Equals(directive.Rule), $"{line}\nprints as {rule}\nwhich reads as {directive.Rule}");
    }

    private void Add(DifferenceKind kind, string rule, string detail) => Differences.Add((kind, rule, detail));

    /// <summary>The one rule the kernel has, if any, after a look at how auditctl prints it; leaves the kernel empty.</summary>
    private KernelRule? Take(string line)
    {
        Assert.Equal(Errno.None, _kernel.ListRules(out IReadOnlyList<KernelRule> rules));
        if (rules.Count == 0) return null;
        KernelRule listed = Assert.Single(rules);
        CompareText(line, Decode(listed));
        Assert.Equal(Errno.None, _kernel.DeleteRule(listed));
        return listed;
    }

    private void CompareText(string line, AuditRule rule)
    {
        Texts++;
        string printed = _auditctl.List();
        string text = rule.ToText(Machine.X86_64);
        if (text != printed && !PrintingQuirks.Explain(rule, text, printed, Quirks))
            Add(DifferenceKind.OtherText, line, $"auditctl: {Short(printed)}\n    ours:     {Short(text)}");
    }

    private static AuditRule Decode(KernelRule rule)
    {
        Assert.True(AuditRule.TryFromWire(rule.Data.Span, out AuditRule? decoded));
        return decoded;
    }

    private static string Text(KernelRule rule) => Short(Decode(rule).ToText(Machine.X86_64));

    private static string Short(string text) => text.Length <= 300 ? text : text[..300];

    public void Dispose()
    {
        AuditMachine.ClearRules();
        _auditctl.Dispose();
        _kernel.Dispose();
    }
}
