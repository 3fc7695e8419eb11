namespace AksAuditd.Report.Html;

internal sealed partial class ReportPage
{
    // As many as people tell apart by colour; the others are one.
    private const int Colours = 6;
    private const double SliceWidth = 10, Gap = 1.6, Height = 100;

    private readonly CountRow[] _keys;

    // A key's colour, from 1; 0 for all that have none of their own.
    private int ColourOf(int index)
    {
        for (int i = 0; i < Math.Min(Colours, _keys.Length); i++)
            if (_keys[i].Index == index) return i + 1;
        return 0;
    }

    private void WriteTimeline()
    {
        Timeline time = _report.Timeline;
        int[] colours = new int[_report.Keys.Others.Index + 1];
        for (int i = 0; i < colours.Length; i++) colours[i] = ColourOf(i);
        long most = 0, mostAt = time.First;
        for (long slice = time.First; slice <= time.Last; slice++)
        {
            long events = Sum(time[slice]);
            if (events > most) (most, mostAt) = (events, slice);
        }

        string each = Amounts.Duration(time.Seconds);
        WriteSection("when", "When", $"Most came in {each} from {At(mostAt)} on: {Amounts.Count(most, "event")}.");
        long slices = time.Last - time.First + 1;
        _html.Write($"""
            <figure class="time"><figcaption><span>{Amounts.Count(most)}</span> events in {each}, by rule</figcaption>
            <svg role="img" aria-label="Events over time by rule; the same as a table below" viewBox="0 0 {slices * SliceWidth} {Height}" preserveAspectRatio="none">
            <path class="grid" d="M0 .5H{slices * SliceWidth}M0 {Height / 2}H{slices * SliceWidth}" vector-effect="non-scaling-stroke"/>

            """);
        for (long slice = time.First; slice <= time.Last; slice++) WriteSlice(slice, most, colours);
        _html.Write("</svg>\n<p class=\"ticks\" aria-hidden=\"true\">");
        for (int i = 0; i <= 4; i++) _html.Write($"<span>{At(time.First + (long)Math.Round(slices * i / 4.0))}</span>");
        _html.Write("</p></figure>\n");
        WriteLegend();
        WriteTimeTable(each);
        _html.Write("</section>\n");
    }

    private void WriteSlice(long slice, long most, int[] colours)
    {
        ReadOnlySpan<long> counts = _report.Timeline[slice];
        if (counts.IsEmpty) return;
        double x = (slice - _report.Timeline.First) * SliceWidth, y = Height;
        long all = Sum(counts);
        Span<long> byColour = stackalloc long[Colours + 1];
        for (int key = 0; key < counts.Length; key++) byColour[colours[key]] += counts[key];
        _html.Write($"<g><title>{At(slice)}: {Amounts.Count(all, "event")}");
        for (int colour = 1; colour <= Colours; colour++)
            if (byColour[colour] > 0) _html.Write($"\n{KeyText(_keys[colour - 1].Name)} {Amounts.Count(byColour[colour])}");
        if (byColour[0] > 0) _html.Write($"\nothers {Amounts.Count(byColour[0])}");
        _html.Write($"""</title><rect class="hit" x="{x}" y="0" width="{SliceWidth}" height="{Height}"/>""");
        for (int i = 1; i <= Colours + 1; i++)
        {
            int colour = i % (Colours + 1);
            if (byColour[colour] == 0) continue;
            // What is there can be seen, however little it is.
            double height = Math.Max(0.7, byColour[colour] * (Height - 2) / most);
            y -= height;
            _html.Write($"""<rect class="c{colour}" x="{x + Gap / 2}" y="{y}" width="{SliceWidth - Gap}" height="{height}"/>""");
        }

        _html.Write("</g>\n");
    }

    private void WriteLegend()
    {
        _html.Write("<ul class=\"legend\" aria-label=\"Colours\">");
        for (int i = 0; i < Math.Min(Colours, _keys.Length); i++) _html.Write($"<li><i class=\"c{i + 1}\"></i>{KeyText(_keys[i].Name)}</li>");
        if (_keys.Length > Colours) _html.Write($"<li><i class=\"c0\"></i>{Amounts.Count(_keys.Length - Colours, "other")}</li>");
        _html.Write("</ul>\n");
    }

    private void WriteTimeTable(string each)
    {
        Timeline time = _report.Timeline;
        _html.Write($"<details class=\"screen\"><summary>As a table</summary><table class=\"times\"><thead><tr><th scope=\"col\">From</th><th scope=\"col\" class=\"n\">Events in {each}</th></tr></thead><tbody>");
        for (long slice = time.First; slice <= time.Last; slice++)
        {
            long events = Sum(time[slice]);
            if (events > 0) _html.Write($"<tr><th scope=\"row\">{At(slice)}</th><td class=\"n\"><data value=\"{events}\">{Amounts.Count(events)}</data></td></tr>");
        }

        _html.Write("</tbody></table></details>\n");
    }

    /// <summary>When a slice begins, as exactly as the whole timeline needs.</summary>
    private string At(long slice)
    {
        Timeline time = _report.Timeline;
        bool isOneDay = Amounts.Format(_report.From, "yyyy-MM-dd") == Amounts.Format(_report.To, "yyyy-MM-dd");
        string form = isOneDay ? time.Seconds < 60 ? "HH:mm:ss" : "HH:mm" : time.Seconds >= 86_400 ? "yyyy-MM-dd" : "MM-dd HH:mm";
        return Amounts.Format(slice * time.Seconds * 1000, form);
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts) sum += count;
        return sum;
    }

    private static string KeyText(byte[] key) => key.Length == 0 ? "no key" : Shown.Text(key, 60);
}
