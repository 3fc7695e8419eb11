using System.Xml.Linq;
using AksAuditd.Report;
using static AksAuditd.Tests.Report.ReportMaker;

namespace AksAuditd.Tests.Report;

public sealed class ReportPageTests
{
    [Fact]
    public void Write_Price_SaysWhatADayCosts()
    {
        // 10 s apart: a day is 8,640 times as much.
        AuditReport report = Read([.. Exec(0, 1, 11, 10, "/bin/a"), .. Exec(10, 2, 11, 10, "/bin/a")]);
        double gigabytes = report.All.RecordBytes * 8640 / 1e9;
        string page = Page(report, Options with { Price = 1000, Currency = "€" });
        Assert.Contains($"which cost <strong>{gigabytes * 1000:0.00} €</strong>", Decoded(page));
        Assert.Contains("""<data value="2" id="events">2</data> events in 10 s""", page);
        Assert.Contains("Nothing is missing", page);
    }

    [Fact]
    public void Write_NoPrice_SaysNothingOfCosts() => Assert.DoesNotContain("cost", Body(Page(Read([.. Exec(0, 1, 11, 10, "/bin/a"), .. Exec(10, 2, 11, 10, "/bin/a")]))).Replace("what it costs", "", StringComparison.Ordinal));

    [Fact]
    public void Write_OneMoment_SaysNothingOfADay() => Assert.DoesNotContain("A day", Body(Page(Read(Exec(0, 1, 11, 10, "/bin/a")))));

    [Fact]
    public void Write_Gap_SaysItFirst() => Assert.Contains("Up to 5 events are missing", Page(Read([.. Exec(0, 1, 11, 10, "/bin/a"), .. Exec(10, 7, 11, 10, "/bin/a")])));

    [Fact]
    public void Write_NoKeyAndNoExecutable_AreThere()
    {
        string page = Page(Read([.. Exec(0, 1, 11, 10, "/bin/a", key: ""), "type=USER_LOGIN msg=audit(1700000001.000:2): pid=5 uid=0 auid=0 ses=1 msg='op=login exe=\"/evil\" res=success'"]));
        Assert.Contains("<em>no key</em>", page);
        Assert.Contains("<em>all others, and events without an executable</em>", page);
        Assert.DoesNotContain("/evil", page);
    }

    [Fact]
    public void Write_ManyPrograms_ShowsThoseWithTheMostEvents()
    {
        List<string> lines = [];
        uint serial = 1;
        for (uint i = 0; i < 200; i++) lines.AddRange(Exec(0, serial++, 1000 + i, 500, $"/bin/rare-{i}", auid: 7));
        for (uint i = 0; i < 5; i++) lines.AddRange(Exec(1, serial++, 2000 + i, 500, "/bin/often", auid: 7));
        lines.AddRange(Exec(2, serial, 3000, 1, "/bin/alone", auid: 8));
        string page = Page(Read([.. lines]));
        string who = page[page.IndexOf("id=\"who\"", StringComparison.Ordinal)..page.IndexOf("id=\"programs\"", StringComparison.Ordinal)];
        Assert.Contains("/bin/often</code> <b class=\"as\">as root</b> <span class=\"count\">5 events", who);
        Assert.Contains("<em>189 more programs</em> <span class=\"count\">189 events", who);
        Assert.Contains("/bin/alone", who);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("'onmouseover='x")]
    [InlineData("</style><svg/onload=x>")]
    [InlineData("&lt;&amp;")]
    [InlineData("a\nb\u0007\u001b[31m")]
    [InlineData("\u00e2\u0080\u00aeexe")]
    [InlineData("\u00ff\u00fe")]
    public void Write_HostileNames_AreText(string name)
    {
        // Written as the kernel does: in hexadecimal.
        string coded = Convert.ToHexString(System.Text.Encoding.Latin1.GetBytes(name));
        string[] lines = Exec(0, 1, 11, 10, "EXE", key: "KEY", arguments: $"a0={coded}");
        lines[0] = lines[0].Replace("\"EXE\"", coded, StringComparison.Ordinal).Replace("\"KEY\"", coded, StringComparison.Ordinal);
        string page = Page(Read(lines), Options with { Price = 1, Currency = name, NodeName = name, Version = name });

        string[] elements = ["a", "b", "body", "code", "data", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure", "g", "h1", "h2", "h3", "head", "header", "html", "i", "li", "main", "meta", "nav",
            "p", "path", "rect", "section", "small", "span", "strong", "style", "summary", "sup", "svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul"];
        string[] attributes = ["aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content", "d", "data-l", "height", "href", "http-equiv", "id", "lang", "name", "open", "preserveAspectRatio",
            "role", "scope", "style", "value", "vector-effect", "viewBox", "width", "x", "y"];
        XDocument parsed = Parsed(page);
        Assert.Empty(parsed.Descendants().Select(e => e.Name.LocalName).Except(elements));
        Assert.Empty(parsed.Descendants().Attributes().Select(a => a.Name.LocalName).Except(attributes));
        Assert.Contains(Shown.Text(System.Text.Encoding.Latin1.GetBytes(name)), parsed.Root!.Value);
        Assert.DoesNotContain(page, c => c < ' ' && c != '\n' || c == '\u202e');
    }

    [Fact]
    public void Text_NotUtf8_IsWrittenInHexadecimal() => Assert.Equal("a\\xff\\xc3b␊é\uFFFD", Shown.Text([(byte)'a', 0xff, 0xc3, (byte)'b', (byte)'\n', .. "é\u202e"u8]));

    [Fact]
    public void Text_TooLong_LosesItsMiddle()
    {
        string text = Shown.Text(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("😀", 100))), 30);
        Assert.InRange(text.Length, 28, 31);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Write_AnyPage_FetchesNothing()
    {
        string page = Page(Read([.. Exec(0, 1, 11, 10, "/bin/a"), .. Connect(1, 2, 11, "/bin/a")]));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.Contains("default-src 'none'", page);
    }

    private static string Decoded(string page) => System.Net.WebUtility.HtmlDecode(page);

    private static string Body(string page) => page[page.IndexOf("<body>", StringComparison.Ordinal)..];

    // The page is XML but for the first line and what needs no end.
    private static XDocument Parsed(string page)
    {
        string xml = System.Text.RegularExpressions.Regex.Replace(page.Replace("<!doctype html>", "", StringComparison.Ordinal), "<meta ([^>]*)>", "<meta $1/>");
        return XDocument.Parse(xml.Replace(" open>", " open=\"\">", StringComparison.Ordinal));
    }
}
