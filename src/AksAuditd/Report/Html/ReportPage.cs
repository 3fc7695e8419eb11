using System.Globalization;

namespace AksAuditd.Report.Html;

/// <summary>What a page says besides what was counted.</summary>
internal sealed record ReportPageOptions
{
    /// <summary>The machine's name, where the events do not say it; empty when it is not known.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>This program's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the page is made.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>What a gigabyte (10^9 bytes) costs; null when it was not said: then nothing is said of costs.</summary>
    public double? Price { get; init; }

    /// <summary>What the price is in, put behind every sum; empty for nothing.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Whether processes were looked up on this machine: what a log itself cannot say.</summary>
    public bool HasPods { get; init; }
}

/// <summary>
/// A report as one page of HTML that needs nothing else: no script, no picture, no font, no network. The answer comes first, then when, by which rule, where, who and
/// what, with whom, and what is missing.
/// </summary>
internal sealed partial class ReportPage
{
    private const double SecondsADay = 86_400, Gigabyte = 1e9;

    // Of a shorter time nothing can be said about a day.
    private const double ShortestForADay = 1;

    private readonly AuditReport _report;
    private readonly ReportPageOptions _options;
    private readonly HtmlWriter _html;

    private ReportPage(AuditReport report, ReportPageOptions options, HtmlWriter html)
    {
        (_report, _options, _html) = (report, options, html);
        _keys = report.Keys.Sorted();
    }

    /// <summary>Writes the page.</summary>
    public static void Write(AuditReport report, ReportPageOptions options, TextWriter output) => new ReportPage(report, options, new HtmlWriter(output)).Write();

    private string Node => _report.Nodes.Count > 1 ? Amounts.Count(_report.Nodes.Count, "node")
        : _report.Nodes.Sorted() is [{ Name: { Length: > 0 } name }] ? Shown.Text(name)
        : _options.NodeName;

    // The bytes that the input has: of records, or of JSON.
    private long Bytes(CountRow row) => _report.HasRecords ? row.RecordBytes : row.JsonBytes;

    private bool HasRate => _report.Seconds >= ShortestForADay;

    private double ADay(long bytes) => bytes / _report.Seconds * SecondsADay;

    private string Cost(double bytes) => $"{Amounts.Money(bytes / Gigabyte * _options.Price!.Value)}{(_options.Currency.Length > 0 ? $" {_options.Currency}" : "")}";

    private void Write()
    {
        string title = Node.Length > 0 ? $"Audit report of {Node}" : "Audit report";
        _html.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <meta name="referrer" content="no-referrer">
            <title>{title}, {Amounts.Format(_report.From, "yyyy-MM-dd")}</title>
            <style>

            """);
        _html.WriteStyle();
        _html.Write("""
            </style>
            </head>
            <body>
            <main>

            """);
        WriteSummary();
        WriteTimeline();
        WriteRules();
        WritePlaces();
        WriteTree();
        WritePrograms();
        WritePeers();
        WriteLosses();
        WriteAbout();
        _html.Write("</main>\n</body>\n</html>\n");
    }

    private void WriteSection(string id, string title, string lead)
    {
        _html.Write($"""<section id="{id}" aria-labelledby="{id}-title"><h2 id="{id}-title">{title}</h2>""");
        if (lead.Length > 0) _html.Write($"""<p class="lead">{lead}</p>""");
        _html.Write("\n");
    }

    private void WriteAbout()
    {
        WriteSection("about", "About this page", "");
        _html.Write($"""<p>Made by aks-auditd {_options.Version} on {_options.Made.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC from """);
        for (int i = 0; i < _report.Inputs.Count; i++)
        {
            if (i > 0) _html.Write(", ");
            _html.Write($"<code>{Shown.Text(System.Text.Encoding.UTF8.GetBytes(_report.Inputs[i]))}</code>");
        }

        _html.Write("""
            . All times are UTC. A gigabyte has 10<sup>9</sup> bytes. An event with several keys is counted under its first. Bytes are those of 
            """);
        _html.Write($"{(_report.HasRecords ? "the records; as JSON, those of the lines that aks-auditd would send instead" : "the lines of JSON")}");
        _html.Write("""
            , without what syslog and the table's other columns add. What a day has is what these events have, as if it went on so. In names, what is no UTF-8 is written
            <code>\xNN</code>, and what cannot be seen is made visible.</p></section>

            """);
    }
}
