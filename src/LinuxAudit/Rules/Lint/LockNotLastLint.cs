namespace LinuxAudit.Rules.Lint;

/// <summary>AUD067: nothing can be changed after -e 2. augenrules moves it to the end; auditctl -R of this one file does not.</summary>
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
            input.Report(DiagnosticCatalogue.LockNotLast, lockLine,
                "what follows -e 2 in this file cannot be loaded: the kernel takes no change after it", "make it the last line of the last file");
        }
    }
}
