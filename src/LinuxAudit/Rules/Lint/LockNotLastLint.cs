namespace LinuxAudit.Rules.Lint;

/// <summary>AUD067: nothing can be changed after -e 2. Merging puts lines that start with -e last; auditctl -R of one file does not.</summary>
internal static class LockNotLastLint
{
    public static void Check(LintInput input)
    {
        Dictionary<string, int> lastLine = [];
        foreach (Directive directive in input.Directives)
            lastLine[directive.Location.File] = Math.Max(directive.Location.Line, lastLine.GetValueOrDefault(directive.Location.File));
        foreach (ControlDirective lockLine in input.Directives.OfType<ControlDirective>())
        {
            if (lockLine is not { Setting: ControlSetting.Enabled, Value: 2 } || lastLine[lockLine.Location.File] <= lockLine.Location.Line) continue;
            bool moved = lockLine.Text.AsSpan().TrimStart(' ').StartsWith("-e");
            input.Report(DiagnosticCatalogue.LockNotLast, lockLine,
                moved ? "merged with other files -e 2 comes last, wherever it stands; auditctl -R of this file alone loads nothing that follows it"
                    : "the line does not start with -e, so augenrules does not put -e 2 last: what follows cannot be loaded",
                "make -e 2 the last line of the last file");
        }
    }
}
