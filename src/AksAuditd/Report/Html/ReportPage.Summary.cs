namespace AksAuditd.Report.Html;

internal sealed partial class ReportPage
{
    private void WriteSummary()
    {
        LossAccount losses = _report.Losses;
        _html.Write($"""
            <header>
            <p class="kicker">Audit report{(Node.Length > 0 ? $" · {Node}" : "")}</p>
            <h1><data value="{_report.All.Events}" id="events">{Amounts.Count(_report.All.Events)}</data> {(_report.All.Events == 1 ? "event" : "events")} in {Amounts.Duration(_report.Seconds)}</h1>
            <p class="answer">{Period()}. 
            """);
        if (losses.IsAnything) _html.Write($"""<a class="bad" href="#missing">{Missing()}</a>.""");
        else _html.Write($"""<a class="good" href="#missing">{(_report.HasRecords ? "Nothing is missing" : "No loss was reported")}</a>.""");
        WriteADay();
        _html.Write("</p>\n");
        WriteFigures();
        _html.Write("""
            <nav aria-label="Parts of this page"><a href="#when">When</a> <a href="#rules">Rules</a> <a href="#where">Where</a> <a href="#who">Who ran what</a>
            <a href="#programs">Programs</a> <a href="#network">Network</a> <a href="#missing">What is missing</a></nav>
            </header>

            """);
    }

    private string Period()
    {
        string from = Amounts.Format(_report.From, "yyyy-MM-dd HH:mm:ss"), to = Amounts.Format(_report.To, "yyyy-MM-dd HH:mm:ss");
        // The same day is said once.
        return from[..10] == to[..10] ? $"{from} to {to[11..]} UTC" : $"{from} to {to} UTC";
    }

    private string Missing()
    {
        LossAccount losses = _report.Losses;
        long events = losses.Missing + losses.Lost;
        // A rule that excludes all records of an event leaves a gap too.
        return events > 0 ? $"{(losses.Missing > 0 ? "Up to " : "")}{Amounts.Count(events, "event")} {(events == 1 ? "is" : "are")} missing"
            : losses.KernelLost > 0 ? $"The kernel lost {Amounts.Count(losses.KernelLost, "record")}"
            : losses.Incomplete > 0 ? $"{Amounts.Count(losses.Incomplete, "event")} {(losses.Incomplete == 1 ? "is" : "are")} not whole"
            : $"{Amounts.Count(losses.UnreadableLines + losses.Unreadable, "line")} could not be read";
    }

    private void WriteADay()
    {
        if (!HasRate) return;
        double bytes = ADay(Bytes(_report.All));
        _html.Write($" A day like this has <strong>{Amounts.Bytes(bytes)}</strong> of {(_report.HasRecords ? "records" : "JSON")}");
        if (_options.Price is not null) _html.Write($", which cost <strong>{Cost(bytes)}</strong>");
        if (!_report.HasRecords)
        {
            _html.Write(".");
            return;
        }

        double json = ADay(_report.All.JsonBytes);
        _html.Write($"; as JSON <strong>{Amounts.Bytes(json)}</strong>");
        if (_options.Price is not null) _html.Write($", <strong>{Cost(json)}</strong>");
        _html.Write(".");
    }

    private void WriteFigures()
    {
        long pods = 0;
        foreach (CountRow place in _report.Places.Sorted())
            if (place.Name.AsSpan().IndexOfAny("/ "u8) >= 0) pods++;
        _html.Write("<dl class=\"figures\">");
        Figure("Events a second", HasRate ? Rate(_report.All.Events / _report.Seconds) : "–", "");
        Figure("Programs started", Amounts.Count(_report.All.Programs), "");
        Figure("Calls that failed", Amounts.Count(_report.All.Failed), Amounts.Share(_report.All.Failed, _report.All.Events));
        Figure("Rules that matched", Amounts.Count(_report.Keys.Count - (_keys.Any(k => k.Name.Length == 0) ? 1 : 0)), "by key");
        Figure("Containers", Amounts.Count(pods), pods == 0 && _report.HasRecords && !_options.HasPods ? "records do not name them" : "");
        Figure(_report.HasRecords ? "Bytes of records" : "Bytes of JSON", Amounts.Bytes(Bytes(_report.All)), _report.HasRecords ? $"{Amounts.Bytes(_report.All.JsonBytes)} as JSON" : "");
        _html.Write("</dl>\n");
    }

    private void Figure(string name, string value, string more)
    {
        _html.Write($"<div><dt>{name}</dt><dd>{value}");
        if (more.Length > 0) _html.Write($" <small>{more}</small>");
        _html.Write("</dd></div>");
    }

    private static string Rate(double rate) => rate.ToString(rate switch { < 1 => "0.###", < 100 => "0.#", _ => "#,0" }, System.Globalization.CultureInfo.InvariantCulture);
}
