namespace AksAuditd.Report.Html;

internal sealed partial class ReportPage
{
    private const int MostKeys = 40, MostPlaces = 30, MostPrograms = 25, MostPeers = 25;

    private void WriteRules()
    {
        WriteSection("rules", "Rules", "What each rule's key brings in, and what it costs if it goes on like this.");
        WriteHead("Rule", hasPrograms: false);
        for (int i = 0; i < Math.Min(MostKeys, _keys.Length); i++)
        {
            CountRow key = _keys[i];
            _html.Write($"<tr><th scope=\"row\" style=\"--p:{Percent(key)}%\"><i class=\"c{(i < Colours ? i + 1 : 0)}\"></i>");
            if (key.Name.Length == 0) _html.Write("<em>no key</em>");
            else _html.Write($"<code>{key.Name}</code>");
            _html.Write("</th>");
            WriteCells(key, hasPrograms: false);
        }

        WriteRest(_keys, MostKeys, _report.Keys.Others, "more rules", hasPrograms: false);
        _html.Write("</tbody></table></section>\n");
    }

    private void WritePlaces()
    {
        CountRow[] places = _report.Places.Sorted();
        WriteSection("where", "Where", _report.HasRecords && !_options.HasPods
            ? "Records do not say in which pod a process lives. A report made on the node knows it of processes that still run; one made from JSON, of all."
            : "Pods and containers, and the node itself.");
        WriteHead("Place", hasPrograms: true);
        for (int i = 0; i < Math.Min(MostPlaces, places.Length); i++)
        {
            _html.Write($"<tr><th scope=\"row\" style=\"--p:{Percent(places[i])}%\">");
            WritePlace(places[i].Name);
            _html.Write("</th>");
            WriteCells(places[i], hasPrograms: true);
        }

        WriteRest(places, MostPlaces, _report.Places.Others, "more", hasPrograms: true);
        _html.Write("</tbody></table></section>\n");
    }

    private void WritePrograms()
    {
        CountRow[] programs = _report.Executables.Sorted();
        WriteSection("programs", "Programs", Known("Executables that made the most events", _report.Executables));
        _html.Write("""<table class="wide"><thead><tr><th scope="col">Executable</th><th scope="col" class="n">Events</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Started</th><th scope="col" class="n">Bytes</th></tr></thead><tbody>""");
        for (int i = 0; i < Math.Min(MostPrograms, programs.Length); i++)
        {
            _html.Write($"<tr><th scope=\"row\" style=\"--p:{Percent(programs[i])}%\"><code>{programs[i].Name}</code></th>");
            WriteProgramCells(programs[i]);
        }

        CountRow rest = new([], 0);
        for (int i = MostPrograms; i < programs.Length; i++) rest.Add(programs[i]);
        rest.Add(_report.Executables.Others);
        if (rest.Events > 0)
        {
            _html.Write("<tr class=\"rest\"><th scope=\"row\"><em>all others, and events without an executable</em></th>");
            WriteProgramCells(rest);
        }

        _html.Write("</tbody></table></section>\n");
    }

    private void WriteProgramCells(CountRow row)
    {
        WriteEvents(row);
        _html.Write($"<td class=\"n\" data-l=\"failed\">{Amounts.Count(row.Failed)}</td><td class=\"n\" data-l=\"started\">{Amounts.Count(row.Programs)}</td>");
        _html.Write($"<td class=\"n more\" data-l=\"in all\">{Amounts.Bytes(Bytes(row))}</td></tr>\n");
    }

    private void WritePeers()
    {
        CountRow[] peers = _report.Peers.Sorted();
        if (peers.Length == 0)
        {
            WriteSection("network", "Network", "No event has an internet address. Rules on connect, sendto, accept and bind would bring them in.");
            _html.Write("</section>\n");
            return;
        }

        WriteSection("network", "Network", Known("Addresses that programs reached, were reached from, or listen on", _report.Peers));
        _html.Write("""<table class="wide"><thead><tr><th scope="col">Address</th><th scope="col">Direction</th><th scope="col" class="n">Events</th><th scope="col" class="n">Failed</th><th scope="col">Programs</th></tr></thead><tbody>""");
        for (int i = 0; i < Math.Min(MostPeers, peers.Length); i++) WritePeer(peers[i]);
        CountRow rest = new([], 0);
        for (int i = MostPeers; i < peers.Length; i++) rest.Add(peers[i]);
        rest.Add(_report.Peers.Others);
        if (rest.Events > 0)
        {
            _html.Write($"<tr class=\"rest\"><th scope=\"row\"><em>{Amounts.Count(Math.Max(0, peers.Length - MostPeers))} more</em></th><td></td>");
            WriteEvents(rest);
            _html.Write($"<td class=\"n\" data-l=\"failed\">{Amounts.Count(rest.Failed)}</td><td></td></tr>\n");
        }

        _html.Write("</tbody></table></section>\n");
    }

    private void WritePeer(CountRow peer)
    {
        int space = peer.Name.AsSpan().LastIndexOf((byte)' ');
        string address = Shown.Text(peer.Name.AsSpan(1, space - 1)), port = Shown.Text(peer.Name.AsSpan(space + 1));
        string direction = peer.Name[0] switch { (byte)'d' => "to", (byte)'s' => "from", _ => "listens on" };
        _html.Write($"<tr><th scope=\"row\" style=\"--p:{Percent(peer)}%\"><code>{(address.Contains(':') ? $"[{address}]" : address)}:{port}</code></th><td data-l=\"\">{direction}</td>");
        WriteEvents(peer);
        _html.Write($"<td class=\"n\" data-l=\"failed\">{Amounts.Count(peer.Failed)}</td><td class=\"by\">");
        for (int i = 0; i < peer.By.Count; i++)
        {
            if (i > 0) _html.Write(", ");
            if (peer.By[i].Length == 0) _html.Write("<em>not said</em>");
            else _html.Write($"<code>{peer.By[i]}</code>");
        }

        if (peer.HasMoreBy) _html.Write(" and others");
        _html.Write("</td></tr>\n");
    }

    private void WriteHead(string what, bool hasPrograms)
    {
        _html.Write($"<table class=\"wide\"><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\" class=\"n\">Events</th><th scope=\"col\" class=\"n\">Failed</th>");
        if (hasPrograms) _html.Write("<th scope=\"col\" class=\"n\">Started</th>");
        _html.Write("<th scope=\"col\" class=\"n\">Bytes</th>");
        if (HasRate)
        {
            _html.Write("<th scope=\"col\" class=\"n\">A day</th>");
            if (_report.HasRecords) _html.Write("<th scope=\"col\" class=\"n\">As JSON</th>");
            if (_options.Price is not null) _html.Write("<th scope=\"col\" class=\"n\">Cost a day</th>");
        }

        _html.Write("</tr></thead><tbody>\n");
    }

    private void WriteCells(CountRow row, bool hasPrograms)
    {
        WriteEvents(row);
        _html.Write($"<td class=\"n\" data-l=\"failed\">{Amounts.Count(row.Failed)}</td>");
        if (hasPrograms) _html.Write($"<td class=\"n\" data-l=\"started\">{Amounts.Count(row.Programs)}</td>");
        _html.Write($"<td class=\"n more\" data-l=\"in all\">{Amounts.Bytes(Bytes(row))}</td>");
        if (HasRate)
        {
            _html.Write($"<td class=\"n\" data-l=\"a day\">{Amounts.Bytes(ADay(Bytes(row)))}</td>");
            if (_report.HasRecords) _html.Write($"<td class=\"n more\" data-l=\"a day as JSON\">{Amounts.Bytes(ADay(row.JsonBytes))}</td>");
            if (_options.Price is not null) _html.Write($"<td class=\"n\" data-l=\"a day\">{Cost(ADay(Bytes(row)))}</td>");
        }

        _html.Write("</tr>\n");
    }

    private void WriteEvents(CountRow row) =>
        _html.Write($"<td class=\"n\" data-l=\"events\"><data value=\"{row.Events}\">{Amounts.Count(row.Events)}</data> <small>{Amounts.Share(row.Events, _report.All.Events)}</small></td>");

    private void WriteRest(CountRow[] rows, int shown, CountRow others, string what, bool hasPrograms)
    {
        CountRow rest = new([], 0);
        for (int i = shown; i < rows.Length; i++) rest.Add(rows[i]);
        rest.Add(others);
        if (rest.Events == 0) return;
        _html.Write($"<tr class=\"rest\"><th scope=\"row\"><em>{what}</em></th>");
        WriteCells(rest, hasPrograms);
    }

    private void WritePlace(byte[] place)
    {
        if (place.AsSpan().SequenceEqual("host"u8)) _html.Write("<em>the node itself</em>");
        else if (place.AsSpan().SequenceEqual("unknown"u8)) _html.Write("<em>not known</em>");
        else _html.Write($"<code>{place}</code>");
    }

    private double Percent(CountRow row) => _report.All.Events == 0 ? 0 : 100.0 * row.Events / _report.All.Events;

    private static string Known(string what, CountTable table) =>
        table.HasForgotten ? $"{what}. There were too many to count all: those that are rare may have more events than it says." : $"{what}.";
}
