using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class AuditRecordTests
{
    [Theory]
    [InlineData("type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2", "SYSCALL", 1300, "", "arch=c000003e syscall=2", "")]
    [InlineData("type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e\n", "SYSCALL", 1300, "", "arch=c000003e", "")]
    [InlineData("node=aks-1 type=CWD msg=audit(1364481363.243:24287): cwd=\"/\"", "CWD", 1307, "aks-1", "cwd=\"/\"", "")]
    [InlineData("type=EOE msg=audit(1364481363.243:24287): ", "EOE", 1320, "", "", "")]
    [InlineData("type=EOE msg=audit(1364481363.243:24287):", "EOE", 1320, "", "", "")]
    [InlineData("type=UNKNOWN[1420] msg=audit(1364481363.243:24287): pid=1", "UNKNOWN[1420]", 1420, "", "pid=1", "")]
    [InlineData("type=NOT_YET_KNOWN msg=audit(1364481363.243:24287): pid=1", "NOT_YET_KNOWN", 0, "", "pid=1", "")]
    [InlineData("type=PATH msg=audit(1364481363.243:24287): ouid=0\u001DOUID=\"root\"", "PATH", 1302, "", "ouid=0", "OUID=\"root\"")]
    public void TryParse_Line_HasParts(string line, string typeName, int type, string node, string body, string enrichment)
    {
        Assert.True(AuditRecord.TryParse(Lines.Bytes(line), out AuditRecord record));
        Assert.Equal((typeName, type), (Lines.Text(record.TypeName), (int)record.Type));
        Assert.Equal(new EventId(1364481363, 243, 24287), record.Id);
        Assert.Equal((node, body, enrichment), (Lines.Text(record.Node), Lines.Text(record.Body), Lines.Text(record.Enrichment)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("type=SYSCALL")]
    [InlineData("type= msg=audit(1.000:1): a=1")]
    [InlineData("type=lower msg=audit(1.000:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(1.00:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(1.0000:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(-1.000:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(1.000:-1): a=1")]
    [InlineData("type=SYSCALL msg=audit(1.000:4294967296): a=1")]
    [InlineData("type=SYSCALL msg=audit(253402300800.000:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(99999999999999999999.000:1): a=1")]
    [InlineData("type=SYSCALL msg=audit(1.000:1) a=1")]
    [InlineData("type=SYSCALL msg=audit(1.000:1")]
    [InlineData(" type=SYSCALL msg=audit(1.000:1): a=1")]
    [InlineData("node= type=SYSCALL msg=audit(1.000:1): a=1")]
    [InlineData("Nov 22 00:00:00 host audispd: type=SYSCALL msg=audit(1.000:1): a=1")]
    public void TryParse_Nonsense_IsRefused(string line) => Assert.False(AuditRecord.TryParse(Lines.Bytes(line), out _));

    [Theory]
    [InlineData(1300, "audit(1364481363.243:24287): arch=c000003e", "SYSCALL", "arch=c000003e")]
    [InlineData(1300, "audit(1364481363.243:24287): arch=c000003e\0\0", "SYSCALL", "arch=c000003e")]
    [InlineData(1999, "audit(1364481363.243:24287): x=1", "", "x=1")]
    public void TryParse_KernelMessage_HasParts(int type, string payload, string typeName, string body)
    {
        Assert.True(AuditRecord.TryParse(type, Lines.Bytes(payload), out AuditRecord record));
        Assert.Equal(((RecordType)type, typeName, body), (record.Type, Lines.Text(record.TypeName), Lines.Text(record.Body)));
    }

    [Theory]
    [InlineData(0, "audit(1.000:1): a=1")]
    [InlineData(65536, "audit(1.000:1): a=1")]
    [InlineData(1000, "\u0001\0\0\0")]
    [InlineData(1300, "type=SYSCALL msg=audit(1.000:1): a=1")]
    public void TryParse_NoKernelMessage_IsRefused(int type, string payload) => Assert.False(AuditRecord.TryParse(type, Lines.Bytes(payload), out _));

    [Fact]
    public void UserFields_OfUserMessage_AreThoseInside()
    {
        const string line = "type=USER_LOGIN msg=audit(1.000:1): pid=9 uid=0 auid=1000 ses=3 msg='op=login id=1000 exe=\"/usr/sbin/sshd\" hostname=? res=success'";
        Assert.True(AuditRecord.TryParse(Lines.Bytes(line), out AuditRecord record));
        Assert.Equal(["op=login", "id=1000", "exe=\"/usr/sbin/sshd\"", "hostname=?", "res=success"], Lines.Fields(record.UserFields));
        Assert.True(record.TryGetField("ses"u8, out Field session));
        Assert.Equal("3", Lines.Text(session.Value));
    }

    [Fact]
    public void TryParse_EveryLineOfTheCorpus_IsARecord()
    {
        byte[][] lines = Lines.Corpus("small.log");
        EventAssembler assembler = new();
        Assert.All(lines, line => Assert.True(assembler.Add(line)));
        Assert.True(lines.Length > 1000);
        Assert.InRange(assembler.Counters.ContinuationLines, 1, 10);
    }
}
