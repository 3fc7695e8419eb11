namespace AksAuditd.Report.Html;

internal sealed partial class ReportPage
{
    private const int MostReasons = 10;

    private void WriteLosses()
    {
        LossAccount losses = _report.Losses;
        WriteSection("missing", "What is missing", "");
        _html.Write("<dl class=\"losses\">");
        if (_report.HasRecords)
        {
            if (_report.Nodes.Count > 1) Loss("Serial numbers", -1, "events of several nodes: a gap cannot be told from another node's events");
            else Loss("Serial numbers that never came", losses.Missing, "their events were lost, or a rule excludes all of their records");
            Loss("Events that are not whole", losses.Incomplete, "records came too late, or one event had too many");
            Loss("Records the kernel lost", losses.KernelLost, "as its counter was when somebody set it to zero");
        }
        else
        {
            Loss("Events lost", losses.Lost, "as aks-auditd says");
            Loss("Events left out over a budget", losses.Suppressed, "as aks-auditd says");
            Loss("Records it could not read", losses.Unreadable, "as aks-auditd says");
        }

        Loss("Lines of the input that say nothing", losses.UnreadableLines, _report.HasRecords ? "no record of audit" : "no event in JSON");
        _html.Write("</dl>\n");
        WriteNotices("Why", losses.Reasons);
        WriteNotices("Left out over a budget, by rule and place", losses.SuppressedBy);
        if (losses.Restarts > 0) _html.Write($"<p>The serial numbers began anew {(losses.Restarts == 1 ? "once" : $"{Amounts.Count(losses.Restarts)} times")}: the node was booted.</p>\n");
        if (losses.Starts + losses.Ends > 0) _html.Write($"<p>auditd started {Amounts.Count(losses.Starts, "time")} and ended {Amounts.Count(losses.Ends, "time")}; nothing is written between.</p>\n");
        _html.Write("<p><strong>What this input cannot say:</strong> ");
        if (_report.HasRecords)
            _html.Write("""
                what came before its first event and after its last; records that the kernel lost without an event's number (<code>aks-auditd status</code> has its counter);
                what was lost on the way to Log Analytics.
                """);
        else _html.Write("what filters left out; how many bytes the records had; what was lost behind aks-auditd, on the way to Log Analytics.");
        _html.Write("</p></section>\n");
    }

    private void Loss(string what, long count, string more)
    {
        if (count == 0) _html.Write("<div><dt>");
        else _html.Write("<div class=\"some\"><dt>");
        _html.Write($"{what}</dt><dd>");
        if (count < 0) _html.Write("–");
        else _html.Write($"<data value=\"{count}\">{Amounts.Count(count)}</data>");
        _html.Write($" <small>{more}</small></dd></div>\n");
    }

    private void WriteNotices(string title, NoticeTable notices)
    {
        KeyValuePair<byte[], long>[] sorted = notices.Sorted();
        if (sorted.Length == 0) return;
        _html.Write($"<h3>{title}</h3><ul class=\"notices\">");
        long rest = notices.Others;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i < MostReasons) _html.Write($"<li><span class=\"n\">{Amounts.Count(sorted[i].Value)}</span> {sorted[i].Key}</li>");
            else rest += sorted[i].Value;
        }

        if (rest > 0) _html.Write($"<li><span class=\"n\">{Amounts.Count(rest)}</span> <em>others</em></li>");
        _html.Write("</ul>\n");
    }
}
