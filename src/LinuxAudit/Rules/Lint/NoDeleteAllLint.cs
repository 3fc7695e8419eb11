namespace LinuxAudit.Rules.Lint;

/// <summary>AUD068: loading adds to what is there, so the second load stops at the first rule, which is there already.</summary>
internal static class NoDeleteAllLint
{
    public static void Check(LintInput input)
    {
        if (input.Rules.Count == 0 || input.Directives.OfType<DeleteAllDirective>().Any(d => d.Key is null)) return;
        input.Report(DiagnosticCatalogue.NoDeleteAll, input.Directives[0],
            "no file has -D: loading the rules again stops at the first one that is still there", "write -D as the first line of the first file");
    }
}
