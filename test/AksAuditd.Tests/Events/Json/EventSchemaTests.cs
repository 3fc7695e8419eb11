using System.Text;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

public sealed class EventSchemaTests
{
    [Theory]
    [InlineData(8000, false)]
    [InlineData(1024, true)]
    [InlineData(1024 * 1024, true)]
    public void Encode_Corpus_ValidatesAgainstTheSchema(int maxBytes, bool raw)
    {
        int events = 0;
        Encoded encoded = new(new EncoderOptions { NodeName = "node-1", MaxBytes = maxBytes, Raw = raw });
        encoded.Each(Encoded.Corpus("small.log"), (_, line) =>
        {
            events++;
            string? problem = Encoded.Problem(line, maxBytes);
            if (problem is not null) Assert.Fail($"{problem}\n{Encoding.UTF8.GetString(line.Span)}");
        });
        Assert.InRange(events, 700, 900);
    }

    [Theory]
    [InlineData("""{"@timestamp":"2026-11-22T01:45:28.035Z"}""")]
    [InlineData("""{"@timestamp":"2026-11-22T01:45:28.035Z","event":{},"forged":1}""")]
    [InlineData("""{"@timestamp":"2026-11-22T01:45:28.035Z","event":{},"process":{"pid":"1"}}""")]
    [InlineData("""{"@timestamp":"2026-11-22T01:45:28.035Z","event":{},"event":{}}""")]
    public void Problem_LineThatIsNone_IsFound(string line) => Assert.NotNull(Encoded.Problem(Encoding.UTF8.GetBytes(line)));
}
