using System.Text;
using AksAuditd.Node;
using AksAuditd.Report;
using static AksAuditd.Tests.Report.ReportMaker;

namespace AksAuditd.Tests.Report;

public sealed class ReportReaderTests
{
    private const string InPod = """
        {"@timestamp":"2026-11-22T06:00:00.000Z","host":{"name":"node-1"},"event":{"sequence":1,"action":"executed","outcome":"success"},"tags":["exec"],"process":{"pid":345,"executable":"/usr/bin/ls","args":["ls","-la","/tmp/a b\n"],"parent":{"pid":12,"executable":"/usr/bin/bash"}},"user":{"id":0,"name":"root","audit":{"id":1000,"name":"alice"}},"kubernetes":{"namespace":"payments","pod":{"name":"checkout","uid":"u"},"container":{"name":"app"}},"container":{"id":"4f1b9a0d6c2e"}}
        """;

    private const string OnHost = """
        {"@timestamp":"2026-11-22T06:00:10.500Z","host":{"name":"node-1"},"event":{"sequence":2,"action":"connected-to","outcome":"failure"},"process":{"pid":9,"executable":"/usr/bin/curl"},"user":{"id":33},"destination":{"ip":"fd00::1","port":443},"container":{"id":"host"}}
        """;

    private const string Lost = """
        {"@timestamp":"2026-11-22T06:00:11.000Z","event":{"kind":"pipeline_error","provider":"aks-auditd","action":"lost-events"},"message":"lost on the way out: 7 queue full","notice":{"count":7,"since":"2026-11-22T06:00:01.000Z"}}
        """;

    private const string Suppressed = """
        {"@timestamp":"2026-11-22T06:00:12.000Z","event":{"kind":"state","provider":"aks-auditd","action":"suppressed-events"},"message":"over budget","tags":["exec"],"kubernetes":{"namespace":"payments","pod":{"name":"checkout","uid":"u"}},"notice":{"count":40}}
        """;

    [Fact]
    public void Read_Records_CountsEverything()
    {
        AuditReport report = Read([.. Exec(0, 1, 11, 10, "/bin/a"), .. Exec(1, 2, 12, 10, "/bin/b"), .. Exec(2, 3, 13, 10, "/bin/a", key: ""), .. Connect(4, 5, 11, "/bin/a", success: false)]);

        Assert.Equal((4, 3, 1), (report.All.Events, report.All.Programs, report.All.Failed));
        Assert.Equal(4.0, report.Seconds);
        Assert.Equal([("procmon", 2L), ("", 1L), ("net", 1L)], Rows(report.Keys));
        Assert.Equal([("/bin/a", 3L), ("/bin/b", 1L)], Rows(report.Executables));
        Assert.Equal([("d10.1.2.3 443", 1L)], Rows(report.Peers));
        Assert.Equal([("unknown", 4L)], Rows(report.Places));
        Assert.Equal((1L, 0L), (report.Losses.Missing, report.Losses.UnreadableLines));
    }

    [Fact]
    public void Read_Records_HasTheirBytes()
    {
        string[] lines = Exec(0, 1, 11, 10, "/bin/a");
        AuditReport report = Read(lines);
        Assert.Equal(lines.Sum(l => l.Length), report.All.RecordBytes);
        Assert.InRange(report.All.JsonBytes, 200, 400);
    }

    [Fact]
    public void Read_Json_HasPodsUsersAndAddresses()
    {
        AuditReport report = Read(InPod, OnHost);

        Assert.Equal([("node-1", 2L)], Rows(report.Nodes));
        Assert.Equal([("host", 1L), ("payments/checkout/app", 1L)], Rows(report.Places));
        Assert.Equal([("dfd00::1 443", 1L)], Rows(report.Peers));
        Assert.Equal((0L, InPod.Length + OnHost.Length), (report.All.RecordBytes, report.All.JsonBytes));
        Assert.Equal(10.5, report.Seconds);
    }

    [Fact]
    public void Read_JsonWithSyslogHeader_IsTheSame()
    {
        AuditReport report = Read($"<181>1 2026-11-22T06:00:00Z node-1 aks-auditd 12 - - {InPod}");
        Assert.Equal([("payments/checkout/app", 1L)], Rows(report.Places));
    }

    [Theory]
    [InlineData("Nov 22 06:00:00 node-7 aks-auditd[12]: ", "node-7")]
    [InlineData("<181>1 2026-11-22T06:00:00Z node-7 aks-auditd 12 event - ", "node-7")]
    [InlineData("2026-11-22T06:00:00.000001+00:00 node-7 other: ", "")]
    public void Read_JsonThatLeavesOutNodeAndOutcome_SyslogSaysTheNode(string header, string node)
    {
        const string lean = """{"@timestamp":"2026-11-22T06:00:00.000Z","event":{"sequence":1,"action":"executed"},"process":{"pid":5,"executable":"/bin/x","args":["x"]}}""";
        AuditReport report = Read($"{header}{lean}");
        Assert.Equal([(node, 1L)], Rows(report.Nodes));
        ReportEvent read = new();
        Assert.True(JsonEventReader.TryRead(Encoding.UTF8.GetBytes(lean), read));
        Assert.True(read.IsProgramStart);
    }

    [Fact]
    public void Read_Notices_AreNoEvents()
    {
        AuditReport report = Read(InPod, Lost, Suppressed, Lost);

        Assert.Equal(1, report.All.Events);
        Assert.Equal((14L, 40L), (report.Losses.Lost, report.Losses.Suppressed));
        Assert.Equal([("lost on the way out: 7 queue full", 14L)], report.Losses.Reasons.Sorted().Select(r => (Encoding.UTF8.GetString(r.Key), r.Value)));
        Assert.Equal([("exec in payments/checkout", 40L)], report.Losses.SuppressedBy.Sorted().Select(r => (Encoding.UTF8.GetString(r.Key), r.Value)));
    }

    [Fact]
    public void Read_RotatedInAnyOrder_IsReadInOrder()
    {
        AuditReport report = Read(new ReportReaderOptions(), Exec(10, 3, 12, 10, "/bin/b"), Exec(0, 2, 10, 1, "/bin/a"));
        Assert.Equal(0, report.Losses.Missing);
        // The parent is in the older file, and was read first.
        ProcessNode program = report.Tree.Root.Sorted()[0].Node.Sorted()[0].Node.Sorted()[0].Node;
        Assert.Equal(("/bin/a", "/bin/b"), (Shown.Text(program.Name), Shown.Text(program.Sorted()[0].Node.Name)));
    }

    [Fact]
    public void Read_TimeGiven_LeavesTheRestOut()
    {
        ReportReaderOptions options = new() { Since = DateTimeOffset.FromUnixTimeSeconds(1_700_000_010), Until = DateTimeOffset.FromUnixTimeSeconds(1_700_000_020) };
        AuditReport report = Read(options, [.. Exec(0, 1, 1, 1, "/bin/a"), .. Exec(10, 7, 1, 1, "/bin/b"), .. Exec(19, 8, 1, 1, "/bin/c"), .. Exec(20, 90, 1, 1, "/bin/d")]);
        Assert.Equal([("/bin/b", 1L), ("/bin/c", 1L)], Rows(report.Executables));
        Assert.Equal((0L, 0L), (report.Losses.Missing, report.Losses.UnreadableLines));
    }

    [Fact]
    public void Read_CounterSetToZero_SaysWhatTheKernelLost()
    {
        AuditReport report = Read("type=CONFIG_CHANGE msg=audit(1700000000.000:1): op=set lost=0 old=12 auid=0 ses=1 res=1");
        Assert.Equal(12, report.Losses.KernelLost);
    }

    [Fact]
    public void Read_Enriched_HasItsNames()
    {
        string[] lines = Exec(0, 1, 11, 10, "/bin/a", uid: 33);
        lines[0] += "\u001DARCH=x86_64 SYSCALL=execve AUID=\"alice\" UID=\"www-data\" GID=\"root\"";
        ProcessNode user = Read(lines).Tree.Root.Sorted()[0].Node.Sorted()[0].Node;
        Assert.Equal(("alice", "www-data"), (Shown.Text(user.Name), Shown.Text(user.Sorted()[0].Node.User)));
    }

    [Fact]
    public void Read_SomeLinesAreNone_CountsThem()
    {
        AuditReport report = Read([.. Exec(0, 1, 11, 10, "/bin/a"), "nonsense", "{\"a\":1}", "{"]);
        Assert.Equal((1L, 3L), (report.All.Events, report.Losses.UnreadableLines));
    }

    [Theory]
    [InlineData("nonsense", "is no audit log: none of its lines is a record or an event")]
    [InlineData("{\"event\":{\"sequence\":1}}", "is no audit log: none of its lines is a record or an event")]
    [InlineData("{\"@timestamp\":\"2026-11-22T06:00:00.000Z\",\"event\":[]}", "is no audit log: none of its lines is a record or an event")]
    [InlineData(Lost, "no event in it")]
    public void Read_NoEvent_IsAnError(string line, string error) => Assert.EndsWith(error, Assert.Throws<NodeException>(() => Read(line)).Message);

    [Fact]
    public void Read_Empty_IsAnError() => Assert.EndsWith("no event in it", Assert.Throws<NodeException>(() => Read(new ReportReaderOptions(), [])).Message);

    [Fact]
    public void Read_RecordsAndJson_IsAnError() =>
        Assert.EndsWith("give one kind", Assert.Throws<NodeException>(() => Read(new ReportReaderOptions(), Exec(0, 1, 11, 10, "/bin/a"), [InPod])).Message);
}
