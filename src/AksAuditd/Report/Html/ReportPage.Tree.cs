namespace AksAuditd.Report.Html;

internal sealed partial class ReportPage
{
    private const int MostTreePlaces = 40, MostChildren = 12, MostOfAPlace = 60, AlwaysOfAUser = 3;

    // What has fewer events is not shown: then of each place as many as there is room for, those with the most.
    private long _least;

    private void WriteTree()
    {
        WriteSection("who", "Who ran what", "Under each place, who had logged in; under each of them, programs by the program that started them.");
        (ProcessNode Node, long Events)[] places = _report.Tree.Root.Sorted();
        for (int i = 0; i < Math.Min(MostTreePlaces, places.Length); i++)
        {
            ProcessNode place = places[i].Node;
            if (i == 0) _html.Write("<details class=\"place\" open><summary>");
            else _html.Write("<details class=\"place\"><summary>");
            WritePlace(place.Name);
            _html.Write($" <span class=\"count\">{Amounts.Count(places[i].Events, "event")}, {Amounts.Count(place.AllPrograms, "program")} started</span></summary>\n");
            _least = LeastOf(place);
            foreach ((ProcessNode user, long events) in place.Sorted()) WriteUser(user, events);
            _html.Write("</details>\n");
        }

        long rest = _report.Tree.Root.Folded;
        for (int i = MostTreePlaces; i < places.Length; i++) rest += places[i].Events;
        if (rest > 0) _html.Write($"<p>{Amounts.Count(rest, "event")} elsewhere.</p>\n");
        _html.Write("</section>\n");
    }

    private static long LeastOf(ProcessNode place)
    {
        List<long> events = [];
        foreach ((ProcessNode user, _) in place.Sorted()) Collect(user, events);
        if (events.Count <= MostOfAPlace) return 0;
        events.Sort();
        return events[^MostOfAPlace];
    }

    private static void Collect(ProcessNode above, List<long> events)
    {
        foreach ((ProcessNode child, long count) in above.Sorted())
        {
            events.Add(count);
            Collect(child, events);
        }
    }

    private void WriteUser(ProcessNode user, long events)
    {
        _html.Write("<div class=\"user\"><h3>");
        if (user.User.Length > 0) _html.Write($"{user.Name} <small>logged in</small>");
        else if (user.Name.Length > 0) _html.Write($"{user.Name} <small>nobody logged in</small>");
        else _html.Write("<em>no user</em>");
        _html.Write($" <span class=\"count\">{Amounts.Count(events, "event")}</span></h3>\n");
        WriteChildren(user, user.Name);
        _html.Write("</div>\n");
    }

    private void WriteChildren(ProcessNode above, byte[] user)
    {
        (ProcessNode Node, long Events)[] children = above.Sorted();
        if (children.Length == 0 && above.Folded == 0) return;
        _html.Write("<ul>");
        long rest = above.Folded;
        int left = 0;
        for (int i = 0; i < children.Length; i++)
        {
            bool isShown = i < MostChildren && (children[i].Events >= _least || (above.Depth == 2 && i < AlwaysOfAUser));
            if (isShown) WriteNode(children[i].Node, children[i].Events, user);
            else (rest, left) = (rest + children[i].Events, left + 1);
        }

        if (rest > 0) _html.Write($"<li class=\"rest\"><em>{(left > 0 ? $"{Amounts.Count(left, "more program")}" : "more programs")}</em> <span class=\"count\">{Amounts.Count(rest, "event")}</span></li>");
        _html.Write("</ul>\n");
    }

    private void WriteNode(ProcessNode node, long events, byte[] user)
    {
        _html.Write("<li>");
        if (node.Name.Length == 0) _html.Write("<em>no executable</em>");
        else _html.Write($"<code class=\"exe\">{node.Name}</code>");
        if (node.User.Length > 0 && !node.User.AsSpan().SequenceEqual(user)) _html.Write($" <b class=\"as\">as {node.User}</b>");
        _html.Write($" <span class=\"count\">{Amounts.Count(events, "event")}");
        if (node.Programs > 0) _html.Write($", started {(node.Programs == 1 ? "once" : $"{Amounts.Count(node.Programs)} times")}");
        if (node.Failed > 0) _html.Write($", <span class=\"failed\">{Amounts.Count(node.Failed)} failed</span>");
        _html.Write("</span>");
        if (node.CommandLine is { } command) _html.Write($"<span class=\"line\">{(node.Programs > 1 ? "e.g. " : "")}<code>{Shown.Text(command, 300)}</code></span>");
        WriteChildren(node, node.User);
        _html.Write("</li>\n");
    }
}
