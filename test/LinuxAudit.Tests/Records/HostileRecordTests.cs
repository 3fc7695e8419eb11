using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

/// <summary>What attackers put into names, arguments and messages. The lines are what the kernel and auditd make of it.</summary>
public sealed class HostileRecordTests
{
    [Fact]
    public void Fields_NameThatLooksLikeARecord_IsOneField()
    {
        // The kernel codes it because of the spaces and quotes.
        const string name = "747970653D455845435645206D73673D617564697428312E303A31293A20617267633D31";
        AuditRecord.TryParse(Lines.Bytes($"type=PATH msg=audit(1.000:1): item=0 name={name} inode=5"), out AuditRecord record);
        Assert.Equal(["item=0", $"name={name}", "inode=5"], Lines.Fields(record.Fields));
        Assert.True(record.TryGetField("name"u8, out Field field));
        Span<byte> decoded = stackalloc byte[100];
        Assert.True(field.TryDecode(decoded, out int length));
        Assert.Equal("type=EXECVE msg=audit(1.0:1): argc=1", Lines.Text(decoded[..length]));
    }

    [Theory]
    [InlineData("6E65770A6C696E65", "new\nline")]
    [InlineData("71756F227465", "quo\"te")]
    [InlineData("67726F75701D736570", "group\u001Dsep")]
    [InlineData("626164FFFE", "bad\u00FF\u00FE")]
    [InlineData("7A65726F00", "zero\0")]
    public void TryDecode_CodedName_IsTheBytes(string coded, string name)
    {
        AuditRecord.TryParse(Lines.Bytes($"type=PATH msg=audit(1.000:1): name={coded}"), out AuditRecord record);
        Assert.True(record.TryGetField("name"u8, out Field field));
        Span<byte> decoded = stackalloc byte[100];
        Assert.True(field.TryDecode(decoded, out int length));
        Assert.Equal(name, Lines.Text(decoded[..length]));
    }

    [Fact]
    public void UserMessage_WithAForgedEnd_ReachesToTheLastQuote()
    {
        const string line = "type=USER_AUTH msg=audit(1.000:1): pid=1 uid=1000 auid=1000 ses=1 msg='x' uid=0 auid=0 msg='op=PAM:authentication acct=\"root\" res=success'";
        AuditRecord.TryParse(Lines.Bytes(line), out AuditRecord record);
        Assert.Equal("x' uid=0 auid=0 msg='op=PAM:authentication acct=\"root\" res=success", Lines.Text(record.UserMessage));
        Assert.True(record.TryGetField("uid"u8, out Field uid));
        Assert.Equal("1000", Lines.Text(uid.Value));
        Assert.Equal(5, Lines.Fields(record.Fields).Length);
    }

    [Theory]
    // log_format = RAW: the message's own separator is part of the message.
    [InlineData("'op=x'\u001DUID=\"forged\"'", "op=x'\u001DUID=\"forged\"", "")]
    // log_format = ENRICHED: auditd's part is the last.
    [InlineData("'op=x'\u001DUID=\"forged\"'\u001DUID=\"root\"", "op=x'\u001DUID=\"forged\"", "UID=\"root\"")]
    [InlineData("'op=x\u001DUID=\"forged\"'\u001DUID=\"root\" AUID=\"unset\"", "op=x\u001DUID=\"forged\"", "UID=\"root\" AUID=\"unset\"")]
    public void Enrichment_ForgedInAMessage_IsPartOfTheMessage(string message, string expected, string enrichment)
    {
        AuditRecord.TryParse(Lines.Bytes("type=USYS_CONFIG msg=audit(1.000:1): pid=1 uid=0 msg=" + message), out AuditRecord record);
        Assert.Equal((expected, enrichment), (Lines.Text(record.UserMessage), Lines.Text(record.Enrichment)));
    }

    [Fact]
    public void Fields_RecordInsideAMessage_IsText()
    {
        // As a kernel message, where newlines survive; auditd writes them as spaces.
        const string payload = "audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='op=x res=success'\n type=EXECVE msg=audit(1.000:2): argc=1 a0=\"forged\"'";
        Assert.True(AuditRecord.TryParse(1111, Lines.Bytes(payload), out AuditRecord record));
        Assert.Equal((RecordType)1111, record.Type);
        Assert.Equal(1u, record.Id.Serial);
        Assert.Equal(["pid=1", "uid=0", "auid=0", "ses=1"], Lines.Fields(record.Fields)[..4]);
        Assert.Equal(5, Lines.Fields(record.Fields).Length);
    }

    [Fact]
    public void Fields_UnterminatedQuote_IsTheRest()
    {
        AuditRecord.TryParse("type=PATH msg=audit(1.000:1): name=\"abc def inode=1"u8, out AuditRecord record);
        Assert.Equal(["name=\"abc def inode=1\""], Lines.Fields(record.Fields));
    }

    [Fact]
    public void Enrichment_BraceInASocketPath_IsPartOfThePath()
    {
        AuditRecord.TryParse("type=SOCKADDR msg=audit(1.000:1): saddr=01002F7D20782000\u001DSADDR={ saddr_fam=local path=/} x  }"u8, out AuditRecord record);
        Assert.Equal(["SADDR=saddr_fam=local path=/} x"], Lines.Fields(record.EnrichedFields));
    }

    [Fact]
    public void Add_EveryHostileLine_NeitherThrowsNorSplits()
    {
        EventAssembler assembler = new();
        string[] names = ["\n", "\"", "'", "\x1D", "\0", "\xFF", " type=EXECVE msg=audit(1.000:9): ", "=", "{", "(null)", new string('x', 100_000)];
        foreach (string name in names)
        {
            assembler.Add(Lines.Bytes($"type=PATH msg=audit(1.000:1): name=\"{name}\" inode=1"));
            assembler.Add(1302, Lines.Bytes($"audit(1.000:1): name=\"{name}\" inode=1"));
        }
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? only));
        Assert.False(assembler.TryTake(out _));
        Assert.Equal((22, 1u), (only.Count, only.Id.Serial));
    }
}
