using System.Text;
using AksAuditd.Report;
using TestSupport;
using static AksAuditd.Tests.Report.ReportMaker;

namespace AksAuditd.Tests.Report;

public sealed class ReportFuzzTests(ITestOutputHelper output)
{
    private const int Logs = 20, Lines = 500;

    private static readonly string[] Pieces =
        ["\"", "{", "}", "[", "\\", "</script>", "audit(253402300799.999:4294967295)", "audit(0.000:0)", "pid=4294967295", "pid=99999999999", "key=0161", "\u0001", "\u001d", "\u00ff", "type=", "node=x "];

    [Fact]
    public void Read_DamagedLog_CountsAndNeverThrows()
    {
        Random random = new(Seed());
        string[] log = Encoding.Latin1.GetString(File.ReadAllBytes(Repository.File("test", "corpus", "records", "small.log"))).Split('\n');
        for (int round = 0; round < Logs; round++)
        {
            int from = random.Next(log.Length - 200);
            string[] lines = [.. log.AsSpan(from, 200)];
            for (int i = 0; i < 60; i++) Damage(ref lines[random.Next(lines.Length)], random);
            AuditReport report = Read(lines);
            Assert.Equal(report.All.Events, report.Places.Sorted().Sum(r => r.Events) + report.Places.Others.Events);
            Assert.Equal(report.All.Events, report.Keys.Sorted().Sum(r => r.Events) + report.Keys.Others.Events);
            Assert.Equal(report.All.Events, report.Tree.Root.AllEvents);
            Assert.EndsWith("</html>\n", Page(report));
        }
    }

    [Fact]
    public void Read_DamagedJson_NeverThrowsAnythingElse()
    {
        const string line = """
            {"@timestamp":"2026-11-22T06:00:00.000Z","host":{"name":"n"},"event":{"sequence":1,"action":"executed","outcome":"success"},"tags":["exec"],"process":{"pid":345,"executable":"/usr/bin/ls","args":["ls",null],"parent":{"pid":12}},"user":{"id":0,"audit":{"id":1}},"destination":{"ip":"::1","port":443},"notice":{"count":7}}
            """;
        Random random = new(Seed());
        for (int round = 0; round < Lines; round++)
        {
            string damaged = line;
            Damage(ref damaged, random);
            ReportEvent read = new();
            if (JsonEventReader.TryRead(Encoding.Latin1.GetBytes(damaged), read)) Page(ReportOf(read));
        }
    }

    private int Seed()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_SEED"), out int s) ? s : Environment.TickCount;
        output.WriteLine($"AKS_FUZZ_SEED={seed}");
        return seed;
    }

    private static AuditReport ReportOf(ReportEvent read)
    {
        AuditReport report = new();
        report.Add(read);
        return report;
    }

    private static void Damage(ref string line, Random random)
    {
        int at = random.Next(line.Length + 1);
        line = random.Next(3) switch
        {
            0 => line[..at],
            1 => line.Insert(at, Pieces[random.Next(Pieces.Length)]),
            _ => line.Length == 0 ? line : line.Remove(Math.Min(at, line.Length - 1), 1),
        };
    }
}
