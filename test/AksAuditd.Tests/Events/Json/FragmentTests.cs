using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

/// <summary>What is kept of events before must never show: an encoder that has seen everything writes what one writes that has seen nothing.</summary>
public sealed class FragmentTests
{
    [Fact]
    public void Encode_EncoderThatHasSeenAll_WritesWhatANewOneWrites()
    {
        byte[][] lines = Encoded.Corpus("small.log");
        Encoded warm = new();
        warm.All(lines);
        EventFacts warmFacts = new();
        int events = 0;
        warm.Each(lines, (e, line) =>
        {
            warmFacts.Read(e);
            EventFacts facts = new();
            facts.Read(e);
            string cold = Encoding.UTF8.GetString(new EventEncoder(warm.Interpreter, new EncoderOptions { NodeName = "node-1" }).Encode(e, facts, warm.Context));
            Assert.Equal(cold, Encoding.UTF8.GetString(line.Span));
            Assert.Equal(cold, Encoding.UTF8.GetString(warm.Encoder.Encode(e, warmFacts, warm.Context)));
            events++;
        });
        Assert.InRange(events, 700, 900);
    }

    [Theory]
    [InlineData("name=\"/etc/../tmp/x\"", "/tmp/x")]
    [InlineData("name=2F746D702F6120", "/tmp/a ")]
    [InlineData("name=\"x\"", "/a/x", "/b/x")]
    [InlineData("name=(null)", null)]
    public void Encode_SamePathInAnotherDirectory_MeansWhatItMeansThere(string name, string? inA, string? inB = null)
    {
        Encoded encoded = new();
        foreach ((string directory, string? expected) in new[] { ("/a", inA), ("/b", inB ?? inA), ("/a", inA) })
        {
            System.Text.Json.JsonElement written = encoded.Single(
                "type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=2 success=yes exit=3 a0=1 a1=0 a2=0 a3=0 items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 comm=\"x\" exe=\"/bin/x\" key=(null)",
                $"type=CWD msg=audit(1.000:1): cwd=\"{directory}\"",
                $"type=PATH msg=audit(1.000:1): item=0 {name} inode=7 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
            Assert.Equal(directory, written.GetProperty("process").GetProperty("working_directory").GetString());
            Assert.Equal(expected, written.GetProperty("file").TryGetProperty("path", out System.Text.Json.JsonElement path) ? path.GetString() : null);
        }
    }
}
