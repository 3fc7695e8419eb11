using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>
/// The same rules read for several machines: each diagnostic once. What only some kinds of nodes lack is a warning, since the others load the rule;
/// and none at all where AUD066 says the same.
/// </summary>
internal sealed class MachineDiagnostics(int machines)
{
    private const string NotOnOtherArch = "AUD066";

    private readonly Dictionary<string, Seen> _byPlace = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linesWithOtherArch = new(StringComparer.Ordinal);

    public void Add(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            string key = $"{diagnostic.Code} {diagnostic.Location}";
            if (_byPlace.TryGetValue(key, out Seen? seen)) seen.Times++;
            else _byPlace.Add(key, new Seen(diagnostic));
            if (diagnostic.Code == NotOnOtherArch) _linesWithOtherArch.Add(LineOf(diagnostic));
        }
    }

    public IEnumerable<Diagnostic> Combine()
    {
        foreach (Seen seen in _byPlace.Values)
        {
            Diagnostic diagnostic = seen.First;
            if (diagnostic is not { Scope: DiagnosticScope.Node, Severity: DiagnosticSeverity.Error } || seen.Times >= machines) yield return diagnostic;
            else if (!_linesWithOtherArch.Contains(LineOf(diagnostic))) yield return diagnostic with { Severity = DiagnosticSeverity.Warning };
        }
    }

    private static string LineOf(Diagnostic diagnostic) => $"{diagnostic.Location.File}:{diagnostic.Location.Line}";

    private sealed class Seen(Diagnostic first)
    {
        public Diagnostic First => first;

        public int Times { get; set; } = 1;
    }
}
