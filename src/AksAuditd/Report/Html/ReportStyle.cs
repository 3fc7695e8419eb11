namespace AksAuditd.Report.Html;

/// <summary>The page's style sheet, report.css, which is part of the program.</summary>
internal static class ReportStyle
{
    public static string Css { get; } = Read();

    private static string Read()
    {
        using Stream resource = typeof(ReportStyle).Assembly.GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
