using System.Globalization;
using System.Text;
using System.Text.Json;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

public sealed class HostileEventTests
{
    private const string Id = "msg=audit(1795311928.035:4171):";

    public static TheoryData<string> Names =>
    [
        "a\nb", "\" } , { \"x\" : \"", "\u001D UID=\"root\"", " type=EXECVE msg=audit(1.000:1): argc=1 a0=\"x\"", "\u00FF\u00FE\u0080", "a\0b", "\\", "\\x41", "\\xzz\\",
        "\\\"", "\u00E2\u0080\u00AE", "\u00ED\u00A0\u0080", "\u00C3", "\u0001\u001F\u007F", "\u00C2\u0085", "[…12 bytes…]", "\u00F0\u009F\u0098\u0080 ü",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_NameOfAnyBytes_ComesBackExactlyAndForgesNothing(string name)
    {
        byte[] bytes = name.Any(c => c > 0xFF) ? Encoding.UTF8.GetBytes(name) : Encoded.Bytes(name);
        string hex = Convert.ToHexString(bytes);
        Encoded encoded = new();
        byte[] line = Assert.Single(encoded.All([
            Encoded.Bytes($"type=SYSCALL {Id} arch=c000003e syscall=59 success=yes exit=0 items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 tty=(none) ses=1 comm={hex} exe={hex} key={hex}"),
            Encoded.Bytes($"type=EXECVE {Id} argc=2 a0={hex} a1_len={hex.Length} a1[0]={hex}"),
            Encoded.Bytes($"type=CWD {Id} cwd={hex}"),
            Encoded.Bytes($"type=PATH {Id} item=0 name=2F{hex} inode=1 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL"),
            Encoded.Bytes($"type=OBJ_PID {Id} opid=1 ocomm={hex}")]));
        Assert.Null(Encoded.Problem(line));
        JsonElement json = JsonDocument.Parse(line).RootElement, process = json.GetProperty("process");
        Assert.Equal(bytes, Encoded.Decode(process.GetProperty("executable").GetString()));
        Assert.Equal(bytes, Encoded.Decode(process.GetProperty("working_directory").GetString()));
        Assert.All(process.GetProperty("args").EnumerateArray(), a => Assert.Equal(bytes, Encoded.Decode(a.GetString())));
        Assert.Equal(2, process.GetProperty("args").GetArrayLength());
        Assert.Equal([(byte)'/', .. bytes], Encoded.Decode((json.GetProperty("file").TryGetProperty("name", out JsonElement given) ? given : json.GetProperty("file").GetProperty("path")).GetString()));
        Assert.Equal(bytes, Encoded.Decode(json.GetProperty("auditd").GetProperty("records")[0].GetProperty("ocomm").GetString()));
        Assert.DoesNotContain("forged", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("op=x res=success'  type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"forged\"")]
    [InlineData("\",\"kubernetes\":{\"namespace\":\"forged\"},\"x\":\"")]
    [InlineData("type=USER_AUTH untrusted=1 more=2 records=3 type=again")]
    [InlineData("a=\"1 b=2")]
    [InlineData("\u001Duid=\"root\" pid=1 exe=\"/usr/bin/forged\"'\u001DUID=\"root\"")]
    public void Encode_ForgedUserMessage_StaysUntrusted(string message)
    {
        byte[] line = Assert.Single(new Encoded().All([Encoded.Bytes($"type=USER {Id} pid=9 uid=1000 auid=1000 ses=2 msg='{message}'")]));
        Assert.Null(Encoded.Problem(line));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["@timestamp", "host", "event", "process", "user", "kubernetes", "container", "auditd"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("""{"pid":9,"parent":{"executable":"/usr/bin/bash"}}""", json.GetProperty("process").GetRawText());
        Assert.Equal("payments", json.GetProperty("kubernetes").GetProperty("namespace").GetString());
        JsonElement record = Assert.Single(json.GetProperty("auditd").GetProperty("records").EnumerateArray());
        Assert.Equal(["type", "untrusted"], record.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Encode_MessageOfThousandsOfFields_KeepsAllOfThem()
    {
        string message = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"f{i}={i}"));
        JsonElement untrusted = new Encoded(new EncoderOptions { MaxBytes = 100_000 }).Single($"type=USER {Id} pid=9 uid=0 auid=1 ses=2 msg='{message}'")
            .GetProperty("auditd").GetProperty("records")[0].GetProperty("untrusted");
        Assert.Equal(("63", 65), (untrusted.GetProperty("f63").GetString(), untrusted.EnumerateObject().Count()));
        Assert.Equal(string.Join(' ', Enumerable.Range(64, 936).Select(i => $"f{i}={i}")), untrusted.GetProperty("more")[0].GetString());
    }

    [Fact]
    public void EncodeNotice_UnreadableLine_HasItsBytes()
    {
        byte[] raw = Encoded.Bytes("no record \0\n\u00FF\"");
        string line = new Encoded().Notice(new Notice(NoticeKind.Unreadable, DateTimeOffset.UnixEpoch) { Raw = raw, Count = 1 });
        Assert.Null(Encoded.Problem(Encoding.UTF8.GetBytes(line)));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal("1970-01-01T00:00:00.000Z", json.GetProperty("@timestamp").GetString());
        Assert.Equal(raw, Encoded.Decode(json.GetProperty("notice").GetProperty("record").GetString()));
    }

    [Fact]
    public void EncodeNotice_Suppressed_SaysHowManyOfWhat() => Assert.Equal(
        """{"@timestamp":"2026-11-22T01:45:28.035Z","host":{"name":"node-1"},"event":{"kind":"state","provider":"aks-auditd","action":"suppressed-events"},"message":"over 100 a second","tags":["exec"],"kubernetes":{"namespace":"payments","pod":{"name":"checkout-7c5ddbdf54-x2x7q","uid":"0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55"},"container":{"name":"app"}},"container":{"id":"4f1b9a0d6c2e"},"notice":{"count":512,"since":"2026-11-22T01:45:18.035Z"}}""",
        new Encoded().Notice(new Notice(NoticeKind.Suppressed, Time) { Count = 512, Since = Time.AddSeconds(-10), Key = "exec"u8, Container = Encoded.Checkout, Message = "over 100 a second"u8 }));

    [Theory]
    [InlineData(1024)]
    [InlineData(8000)]
    public void EncodeNotice_AnyLength_FitsTheLine(int maxBytes)
    {
        byte[] bytes = new byte[9000];
        foreach (byte b in new byte[] { (byte)'a', 0, 0xFF, (byte)'"' })
        {
            bytes.AsSpan().Fill(b);
            string line = new Encoded(new EncoderOptions { MaxBytes = maxBytes, NodeName = new string('n', 253) })
                .Notice(new Notice(NoticeKind.Lost, Time) { Raw = bytes, Key = bytes, Message = bytes, Container = Encoded.Checkout, Count = long.MaxValue, Since = Time });
            Assert.Null(Encoded.Problem(Encoding.UTF8.GetBytes(line), maxBytes));
        }
    }

    private static readonly DateTimeOffset Time = DateTimeOffset.Parse("2026-11-22T01:45:28.035Z", CultureInfo.InvariantCulture);
}
