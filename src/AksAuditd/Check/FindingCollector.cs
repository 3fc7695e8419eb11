using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Takes diagnostics and makes findings of them: places in the files that were given, in order.</summary>
internal sealed class FindingCollector
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, TextFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _order = new(StringComparer.Ordinal);
    private readonly bool _warningsAsErrors;

    public FindingCollector(InputSet set, CheckOptions options)
    {
        _warningsAsErrors = options.WarningsAsErrors;
        foreach (TextFile file in set.Files)
        {
            _files.TryAdd(file.Name, file);
            _order.TryAdd(file.Name, _order.Count);
        }
    }

    /// <summary>Adds what is said of a file that was given, or of an input of <paramref name="group"/>.</summary>
    public void Add(Diagnostic diagnostic, InputGroup? group = null)
    {
        Diagnostic mapped = group is null ? diagnostic : diagnostic with { Location = group.Map(diagnostic.Location) };
        if (diagnostic.Related is { } related && group?.Find(related) is { Places: not null } other)
        {
            // The message names the other place too.
            SourceLocation place = other.Map(related);
            mapped = mapped with { Related = place, Message = mapped.Message.Replace(related.ToString(), place.ToString(), StringComparison.Ordinal) };
        }

        if (_warningsAsErrors && mapped.Severity == DiagnosticSeverity.Warning) mapped = mapped with { Severity = DiagnosticSeverity.Error };
        _findings.Add(new(mapped, _files[mapped.Location.File], mapped.Related is { } known ? _files.GetValueOrDefault(known.File) : null));
    }

    public IReadOnlyList<Finding> Sorted()
    {
        _findings.Sort((a, b) =>
        {
            SourceLocation x = a.Diagnostic.Location, y = b.Diagnostic.Location;
            int order = _order[x.File].CompareTo(_order[y.File]);
            if (order == 0) order = x.Line.CompareTo(y.Line);
            if (order == 0) order = x.Column.CompareTo(y.Column);
            return order != 0 ? order : string.CompareOrdinal(a.Diagnostic.Code, b.Diagnostic.Code);
        });
        return _findings;
    }
}
