using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class ContinuationLinesTests
{
    private const string Forged = "type=USER_LOGIN msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='op=login res=success'";

    /// <summary>What auditd 3.0.9 writes for a call with this path.</summary>
    private static string[] Log(string path)
    {
        string hex = Convert.ToHexString(Lines.Bytes("\u0001\0" + path));
        string shown = path.Split('\0', 2)[0];
        if (path.StartsWith('\0')) shown = path[1..].Split('\0')[0];
        return $"type=SOCKADDR msg=audit(1.000:1): saddr={hex}\u001DSADDR={{ saddr_fam=local path={shown} }}".Split('\n');
    }

    private static AssemblerCounters Add(params string[] lines)
    {
        EventAssembler assembler = new();
        foreach (string line in lines) assembler.Add(Lines.Bytes(line));
        return assembler.Counters;
    }

    [Theory]
    [InlineData("/tmp/quo\"te\nline", 1)]
    [InlineData("/tmp/a\nb\nc", 2)]
    [InlineData("/tmp/a\n\nc", 2)]
    [InlineData("/tmp/a\n" + Forged + "\n", 2)]
    [InlineData("/tmp/a\n" + Forged + " {", 1)]
    [InlineData("/tmp/a }\n" + Forged, 1)]
    [InlineData("/a\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("\0abstract\nname", 1)]
    [InlineData("/tmp/a\nb\0rest\n", 1)]
    public void Add_PathWithNewlines_TakesItsRestForNoRecord(string path, int rest)
    {
        string[] log = Log(path);
        Assert.Equal(rest + 1, log.Length);
        AssemblerCounters counters = Add([.. log, "type=PATH msg=audit(1.000:1): item=0"]);
        Assert.Equal((log.Length + 1, rest, 0, 1), (counters.Received, counters.ContinuationLines, counters.Malformed, counters.Events));
    }

    [Fact]
    public void Add_OtherLineThanTheRest_IsARecord()
    {
        AssemblerCounters counters = Add(Log("/tmp/a\nb")[0], Forged);
        Assert.Equal((0, 2), (counters.ContinuationLines, counters.Events));
    }

    [Theory]
    // An auditd that codes what it adds, and one that adds nothing.
    [InlineData("type=SOCKADDR msg=audit(1.000:1): saddr=01002F610A62\u001DSADDR={ saddr_fam=local path=/a\\012b }")]
    [InlineData("type=SOCKADDR msg=audit(1.000:1): saddr=01002F610A62")]
    public void Add_WholeRecord_HasNoRest(string line)
    {
        AssemblerCounters counters = Add(line, "b }");
        Assert.Equal((0, 1), (counters.ContinuationLines, counters.Malformed));
    }
}
