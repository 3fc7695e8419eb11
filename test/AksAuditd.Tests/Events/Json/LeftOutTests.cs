using System.Text;
using System.Text.Json;
using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Json;

/// <summary>What is said once, or not at all (docs/events.md).</summary>
public sealed class LeftOutTests
{
    private const string Execve = "type=EXECVE msg=audit(1.000:1): argc=1 a0=\"x\"";

    private static string Syscall(int number, string success) =>
        $"type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall={number}{success} exit=0 a0=1 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 comm=\"x\" exe=\"/bin/x\" key=(null)";

    private static Encoded Lean(ProcessContext? context = null) => new(new EncoderOptions { NodeName = "node-1", LeavesOutKnown = true, SaysNode = false })
    {
        Context = context ?? new ProcessContext(ProcessPlace.Container, Encoded.Checkout, null),
    };

    [Theory]
    [InlineData(59, " success=yes", null)]
    [InlineData(322, " success=yes", null)]
    [InlineData(59, " success=no", "failure")]
    [InlineData(59, "", "unknown")]
    [InlineData(2, " success=yes", "success")]
    [InlineData(2, " success=no", "failure")]
    [InlineData(2, "", null)]
    public void Encode_Outcome_IsLeftOutOnlyOfAProgramThatWasStarted(int syscall, string success, string? expected)
    {
        JsonElement written = Lean().Single(syscall == 2 ? [Syscall(syscall, success)] : [Syscall(syscall, success), Execve]).GetProperty("event");
        Assert.Equal(expected, written.TryGetProperty("outcome", out JsonElement outcome) ? outcome.GetString() : null);
    }

    [Fact]
    public void Encode_ContainerWithNames_SaysThemAndNoMore()
    {
        string line = Encoding.UTF8.GetString(Assert.Single(Lean().All([Encoded.Bytes(Syscall(59, " success=yes")), Encoded.Bytes(Execve)])));
        Assert.Contains("\"kubernetes\":{\"namespace\":\"payments\",\"pod\":{\"name\":\"checkout-7c5ddbdf54-x2x7q\"},\"container\":{\"name\":\"app\"}}", line);
        Assert.DoesNotContain("0b54bd2c", line);
        Assert.DoesNotContain("4f1b9a0d6c2e", line);
        Assert.DoesNotContain("node-1", line);
    }

    [Fact]
    public void EncodeNotice_ContainerSeen_SaysWhatItsEventsLeaveOut()
    {
        string line = Lean().Notice(new Notice(NoticeKind.ContainerSeen, DateTimeOffset.FromUnixTimeMilliseconds(1000)) { Container = Encoded.Checkout });
        Assert.Null(Encoded.Problem(Encoding.UTF8.GetBytes(line)));
        Assert.Equal("""
            {"@timestamp":"1970-01-01T00:00:01.000Z","event":{"kind":"state","provider":"aks-auditd","action":"container-seen"},"kubernetes":{"namespace":"payments","pod":{"name":"checkout-7c5ddbdf54-x2x7q","uid":"0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55"},"container":{"name":"app"}},"container":{"id":"4f1b9a0d6c2e"}}
            """, line);
    }

    [Fact]
    public void Encode_NamesMissing_IdAndUidAreSaid()
    {
        Container unnamed = new("4f1b9a0d6c2e8b7a") { PodUid = "0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55" };
        JsonElement written = Lean(new ProcessContext(ProcessPlace.Container, unnamed, null)).Single(Syscall(2, " success=yes"));
        Assert.Equal("4f1b9a0d6c2e", written.GetProperty("container").GetProperty("id").GetString());
        Assert.Equal("0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55", written.GetProperty("kubernetes").GetProperty("pod").GetProperty("uid").GetString());
    }

    [Fact]
    public void Encode_OfTheNode_SaysHost() =>
        Assert.Equal("host", Lean(new ProcessContext(ProcessPlace.Host, null, null)).Single(Syscall(2, " success=yes")).GetProperty("container").GetProperty("id").GetString());

    [Theory]
    [InlineData("syslog:/dev/log", null, false, false)]
    [InlineData("syslog:tcp://127.0.0.1:514", null, false, false)]
    [InlineData("syslog:/dev/log", "other", false, true)]
    [InlineData("syslog:/dev/log", null, true, true)]
    [InlineData("stdout", null, false, true)]
    [InlineData("file:/tmp/x", null, false, true)]
    public void SaysNode_IsFalseOnlyWhereTheSinkSaysIt(string to, string? nodeName, bool isSelfContained, bool expected) =>
        Assert.Equal(expected, new EventsSettings { To = to, NodeName = nodeName ?? Environment.MachineName, IsSelfContained = isSelfContained }.SaysNode);
}
