using System.Text;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

public sealed class EncoderFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Tokens =
    [
        "\"", "'", "\x1D", " ", "=", "{", "}", "\n", "\0", "\xFF\xFE", "\\", "\\x41", "(null)", "a0[0]=", "a1_len=99999999999", "a9999999=\"x\"", " pid=1 pid=2", " item=0", "-1", "4294967295", "99999999999999999999", "22\"", "5C", "00",
        " type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"forged\"", "msg='", " obj=x:y", " cap_fp=1ff", "7FFFFFFF", " more=1 type=2 untrusted=3", "\xE2\x80\xAE", "nametype=PARENT",
    ];

    /// <summary>How many events: AKS_FUZZ_COUNT, or 60,000.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_COUNT"), out int n) ? n : 60_000;

    [Fact]
    public void Encode_MutatedRecords_AreValidLines()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_SEED"), out int s) ? s : Environment.TickCount;
        output.WriteLine($"AKS_FUZZ_SEED={seed}, {Count} events");
        byte[][] corpus = [.. Encoded.Corpus("small.log").Where(l => l.Length < 1500 && l.AsSpan().IndexOf("msg=audit("u8) >= 0)];
        Random random = new(seed);
        Encoded[] encoders = [.. new[] { 1024, 3000, 8000, 100_000 }.Select((b, i) => new Encoded(new EncoderOptions { MaxBytes = b, Raw = i % 2 == 0, NodeName = "node-1" }))];
        int[] sizes = [1024, 3000, 8000, 100_000];
        int events = 0;
        while (events < Count)
        {
            int which = random.Next(encoders.Length);
            List<byte[]> lines = Event(random, corpus);
            try
            {
                encoders[which].Each(lines, (_, line) =>
                {
                    events++;
                    // The schema is slow: what it does not look at is still JSON.
                    string? problem = random.Next(8) == 0 ? Encoded.Problem(line, sizes[which]) : Encoded.JsonProblem(line, sizes[which]);
                    if (problem is not null) Assert.Fail($"seed {seed}: {problem}\n{Encoding.UTF8.GetString(line.Span)}");
                });
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}\n{string.Join('\n', lines.Select(l => Encoding.Latin1.GetString(l)))}");
            }
        }
    }

    /// <summary>Up to eight records of any events, mutated, all of one event.</summary>
    internal static List<byte[]> Event(Random random, byte[][] corpus)
    {
        List<byte[]> lines = [];
        int at = random.Next(corpus.Length);
        string id = $"msg=audit(1795311928.035:{random.Next(1, int.MaxValue)}):";
        for (int n = random.Next(1, 9); n > 0; n--)
        {
            // Mostly what stands together, as it is or changed.
            byte[] line = random.Next(4) > 0 ? corpus[at++ % corpus.Length] : corpus[random.Next(corpus.Length)];
            string text = Encoding.Latin1.GetString(line);
            int start = text.IndexOf("msg=audit(", StringComparison.Ordinal), end = text.IndexOf("):", start, StringComparison.Ordinal) + 2;
            byte[] body = Encoded.Bytes(text[end..]);
            for (int m = random.Next(4); m > 0; m--) body = Mutate(random, body);
            lines.Add([.. Encoded.Bytes(text[..start] + id + " "), .. body]);
        }
        return lines;
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        int at = random.Next(body.Length + 1), length = random.Next(Math.Min(40, body.Length - at + 1));
        return random.Next(6) switch
        {
            0 => [.. body[..at], .. body[(at + length)..]],
            1 or 2 => [.. body[..at], .. Encoded.Bytes(Tokens[random.Next(Tokens.Length)]), .. body[at..]],
            3 => [.. body[..at], (byte)random.Next(256), .. body[Math.Min(body.Length, at + 1)..]],
            4 => [.. body[..(at + length)], .. body[at..]],
            _ => random.Next(20) == 0 ? [.. Enumerable.Repeat(body, random.Next(60)).SelectMany(b => b)] : body,
        };
    }
}
