using System.Text;
using AksAuditd.Events.Records;
using AksAuditd.Tests.Events.Json;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events.Records;

public sealed class RecordsEncoderFuzzTests(ITestOutputHelper output)
{
    /// <summary>How many events: AKS_FUZZ_COUNT, or 60,000.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_COUNT"), out int n) ? n : 60_000;

    [Fact]
    public void Encode_MutatedRecords_AreLinesWithinTheirBounds()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_SEED"), out int s) ? s : Environment.TickCount;
        output.WriteLine($"AKS_FUZZ_SEED={seed}, {Count} events");
        byte[][] corpus = [.. Encoded.Corpus("small.log").Where(l => l.Length < 1500 && l.AsSpan().IndexOf("msg=audit("u8) >= 0)];
        Random random = new(seed);
        (int Line, int Event)[] bounds = [(100, 1024), (8000, 65_536), (1024, 8192), (300, 1_048_576)];
        for (int events = 0; events < Count;)
        {
            (int line, int most) = bounds[random.Next(bounds.Length)];
            RecordsEncoder encoder = new(line, most);
            List<byte[]> records = EncoderFuzzTests.Event(random, corpus);
            EventAssembler assembler = new();
            foreach (byte[] record in records) assembler.Add(record);
            assembler.Flush();
            while (assembler.TryTake(out AuditEvent? made))
            {
                using (made)
                {
                    events++;
                    ReadOnlySpan<byte> text = encoder.Encode(made, new(), default);
                    if (Problem(text, made, line, most, encoder.Shortened) is { } problem) Assert.Fail($"seed {seed}: {problem}\n{Encoding.Latin1.GetString(text)}");
                }
            }
        }
    }

    private static string? Problem(ReadOnlySpan<byte> text, AuditEvent made, int line, int most, long shortened)
    {
        if (text.IsEmpty || text[^1] != '\n') return "it does not end with a newline";
        if (text.Length > most) return $"{text.Length} bytes, more than {most}";
        string[] lines = Encoding.Latin1.GetString(text).Split('\n')[..^1];
        if (lines.FirstOrDefault(l => l.Length > line || l.Any(c => c < ' ')) is { } bad) return $"a line of {bad.Length} bytes, or with a control character";
        if (shortened > 0) return null;
        if (lines.Length != made.Count) return $"{lines.Length} lines for {made.Count} records";
        for (int i = 0; i < made.Count; i++)
        {
            if (lines[i] != Reference(Encoding.Latin1.GetString(made[i].Raw))) return $"record {i} is another";
        }

        return null;
    }

    // Slow and obvious.
    private static string Reference(string record)
    {
        int separator = record.IndexOf('\u001d');
        StringBuilder text = new();
        for (int i = 0; i < record.Length; i++)
            text.Append(i == separator ? " " : record[i] < ' ' ? $"#{Convert.ToString(record[i], 8).PadLeft(3, '0')}" : record[i].ToString());
        return text.ToString();
    }
}
