namespace LinuxAudit.Rules;

/// <summary>Joins the files of a rules.d directory as augenrules(8) does, but by whole lines: a missing final newline joins nothing.</summary>
public static class RuleMerger
{
    /// <summary>Whether augenrules would read a file of this name: it ends with <c>.rules</c> and is not hidden.</summary>
    public static bool IsRulesFile(string fileName)
    {
        string name = Path.GetFileName(fileName);
        return name.EndsWith(".rules", StringComparison.Ordinal) && !name.StartsWith('.');
    }

    /// <summary>Reads and merges files. Their order does not matter: they are sorted by the last part of their names, as <c>ls -v</c>
    /// sorts.</summary>
    public static MergedRules Merge(IEnumerable<RuleSource> sources, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Merge(sources.OrderBy(s => Path.GetFileName(s.FileName), VersionOrder.Comparer).Select(s => RuleParser.Parse(s, context)));
    }

    /// <summary>
    /// Merges files that have been read, in the order given: the last bare -D line comes first, then the last -b line, the last -f line,
    /// all other lines in order, and the last -e line. Other lines of those four kinds are dropped, as augenrules drops them.
    /// </summary>
    public static MergedRules Merge(IEnumerable<RuleFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<Diagnostic> diagnostics = [];
        List<Directive> deleteAll = [], backlog = [], failure = [], rest = [], enabled = [];
        foreach (RuleFile file in files)
        {
            diagnostics.AddRange(file.Diagnostics);
            foreach (Directive directive in file.Directives)
            {
                string text = directive.Text.TrimStart();
                List<Directive> place = text.StartsWith("-e", StringComparison.Ordinal) ? enabled
                    : text.TrimEnd() == "-D" ? deleteAll
                    : text.StartsWith("-f", StringComparison.Ordinal) ? failure
                    : text.StartsWith("-b", StringComparison.Ordinal) ? backlog
                    : rest;
                bool sameLine = place.Count > 0 && place[^1].Location == directive.Location;
                if (place != rest && !sameLine) place.Clear();
                place.Add(directive);
            }
        }

        return new MergedRules([.. deleteAll, .. backlog, .. failure, .. rest, .. enabled], [.. diagnostics]);
    }
}
