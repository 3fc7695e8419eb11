using System.Text;
using AksAuditd.Events.Json;
using AksAuditd.Events.Records;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events.Records;

public sealed class RecordsEncoderTests
{
    private const string Id = "msg=audit(1700000000.123:7):";
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Fact]
    public void Encode_RecordsOfAnEvent_AreLinesInTheirOrder() => Assert.Equal(
        $"type=SYSCALL {Id} syscall=59 pid=11 exe=\"/usr/bin/ls\" key=\"k\"\ntype=EXECVE {Id} argc=1 a0=\"ls\"\ntype=PROCTITLE {Id} proctitle=\"ls\"\n",
        Encode(new(8000, 65536), $"type=SYSCALL {Id} syscall=59 pid=11 exe=\"/usr/bin/ls\" key=\"k\"", $"type=EXECVE {Id} argc=1 a0=\"ls\"", $"type=PROCTITLE {Id} proctitle=\"ls\""));

    /// <summary>The expected lines are what audisp-syslog 3.0.9 and rsyslog 8.2302 make of these (ContainerInsightsTests compares them with the real ones).</summary>
    [Theory]
    [InlineData("pid=1 key=\"k\"\u001dARCH=x86_64 UID=\"root\"", "pid=1 key=\"k\" ARCH=x86_64 UID=\"root\"")]
    [InlineData("pid=1 msg='a=\"x\u001dy\"'\u001dUID=\"root\"", "pid=1 msg='a=\"x y\"'#035UID=\"root\"")]
    [InlineData("pid=1 msg='a\tb\u0001c\u007fd\u0000e'", "pid=1 msg='a#011b#001c\u007fd#000e'")]
    [InlineData("pid=1 msg='100% %s \u00e9\u00ff'", "pid=1 msg='100% %s \u00e9\u00ff'")]
    public void Encode_ControlCharacters_AreWrittenAsRsyslogDoes(string body, string expected) =>
        Assert.Equal($"type=USER_CMD {Id} {expected}\n", Encode(new(8000, 65536), $"type=USER_CMD {Id} {body}"));

    [Theory]
    [InlineData(1300, "SYSCALL")]
    [InlineData(1998, "UNKNOWN[1998]")]
    public void Encode_MessageOfTheKernelsSocket_SaysItsTypeAsAuditdDoes(int type, string expected)
    {
        EventAssembler assembler = new();
        Assert.True(assembler.Add(type, "audit(1700000000.123:7): pid=1 msg='a\nb'"u8));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? made));
        Assert.Equal($"type={expected} {Id} pid=1 msg='a#012b'\n", Encode(new(8000, 65536), made));
    }

    [Fact]
    public void Encode_RecordTooLong_LosesItsMiddleAndSaysHowMuch()
    {
        RecordsEncoder encoder = new(200, 65536);
        string line = Encode(encoder, $"type=PATH {Id} item=0 name=\"{new string('x', 1000)}\" nametype=NORMAL");
        Assert.StartsWith($"type=PATH {Id} item=0 name=\"xxx", line, StringComparison.Ordinal);
        Assert.Contains("xxx[aks-auditd:909-bytes-cut]xxx", line, StringComparison.Ordinal);
        Assert.EndsWith("xxx\" nametype=NORMAL\n", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 180, 201);
        Assert.Equal(1, encoder.Shortened);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Encode_CutInsideACharacter_LeavesItOut(int shift)
    {
        string line = $"type=USER_CMD {Id} msg='{new string('a', shift)}{string.Concat(Enumerable.Repeat("€", 400))}'";
        AuditEvent made = EventMaker.Event(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(line)));
        string cut = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(new RecordsEncoder(300, 65536).Encode(made, new(), default));
        Assert.Contains("€[aks-auditd:", cut, StringComparison.Ordinal);
        Assert.Contains("cut]€", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_NoUtf8AtTheCut_KeepsBothEnds() =>
        Assert.InRange(Encode(new(300, 65536), $"type=USER_CMD {Id} msg='{new string('\u0080', 4000)}'").Length, 280, 301);

    [Fact]
    public void Encode_ExactlyTheMaximum_IsWhole()
    {
        RecordsEncoder encoder = new(200, 65536);
        string record = $"type=PATH {Id} name=";
        record += new string('x', 200 - record.Length);
        Assert.Equal(record + "\n", Encode(encoder, record));
        Assert.Equal(0, encoder.Shortened);
        Encode(encoder, record + "x");
        Assert.Equal(1, encoder.Shortened);
    }

    [Fact]
    public void Encode_EventTooLong_SaysHowManyRecordsAreLeftOut()
    {
        RecordsEncoder encoder = new(500, 1024);
        string[] records = [.. Enumerable.Range(0, 10).Select(i => $"type=PATH {Id} item={i} name=\"{new string('x', 200)}\"")];
        string[] lines = Encode(encoder, records).Split('\n');
        Assert.Equal([records[0], records[1], records[2], $"type=AKS_AUDITD {Id} op=left-out records=7", ""], lines);
        Assert.Equal(1, encoder.Shortened);
    }

    [Fact]
    public void EncodeNotice_Loss_IsALineLikeARecord() => Assert.Equal(
        "type=AKS_AUDITD msg=audit(1700000000.123:0): op=lost-events count=5 since=1699999999.005 reason='lost on the way out: 5 queue full'\n",
        Text(new RecordsEncoder(8000, 65536).EncodeNotice(new(NoticeKind.Lost, Time)
        {
            Count = 5,
            Since = DateTimeOffset.FromUnixTimeMilliseconds(1_699_999_999_005),
            Message = "lost on the way out: 5 queue full"u8,
        })));

    [Fact]
    public void EncodeNotice_Suppression_NamesKeyAndPod() => Assert.Equal(
        "type=AKS_AUDITD msg=audit(1700000000.123:0): op=suppressed-events count=9 key=\"exec\" namespace=\"payments\" pod=\"api-1\" container=\"app\" reason='over budget'\n",
        Text(new RecordsEncoder(8000, 65536).EncodeNotice(new(NoticeKind.Suppressed, Time)
        {
            Count = 9,
            Key = "exec"u8,
            Container = EventMaker.InPod("payments", "api-1").Container,
            Message = "over budget"u8,
        })));

    [Fact]
    public void EncodeNotice_Unreadable_CannotForgeAField() => Assert.Equal(
        "type=AKS_AUDITD msg=audit(1700000000.123:0): op=could-not-read count=1 record=22206F703D78FF0A reason='no audit record'\n",
        Text(new RecordsEncoder(8000, 65536).EncodeNotice(new(NoticeKind.Unreadable, Time) { Count = 1, Raw = [(byte)'"', .. " op=x"u8, 0xff, (byte)'\n'], Message = "no audit record"u8 })));

    [Fact]
    public void EncodeNotice_Line_IsARecordForOurOwnReader()
    {
        Assert.True(AuditRecord.TryParse(new RecordsEncoder(8000, 65536).EncodeNotice(new(NoticeKind.Lost, Time) { Count = 5 }), out AuditRecord record));
        Assert.Equal((RecordType.Unknown, 0u), (record.Type, record.Id.Serial));
        Assert.True(record.TryGetField("count"u8, out Field count) && count.TryGetUInt64(out ulong number) && number == 5);
    }

    private static string Encode(RecordsEncoder encoder, params string[] records) => Encode(encoder, EventMaker.Event(records));

    private static string Encode(RecordsEncoder encoder, AuditEvent made) => Text(encoder.Encode(made, new(), default));

    // A byte each, so that any bytes can be compared.
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
