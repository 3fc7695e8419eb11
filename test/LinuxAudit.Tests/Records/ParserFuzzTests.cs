using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Tokens =
    [
        "\"", "'", "\x1D", " ", "=", "{", "}", "\n", "\0", "\xFF\xFE", " type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"x\"", " msg='", "msg='", "'\x1DUID=\"root\"",
        "(null)", "a0[0]=", "a1_len=99999999999", "UNKNOWN[1420]", "type=", "node=n ", "audit(", ")", "):", ".000:", "4294967296", "-1", "0x", " key=(null)", "USER_AUTH", "  ",
    ];

    /// <summary>How many lines: AKS_FUZZ_COUNT, or 5 million.</summary>
    private static int LineCount => int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_COUNT"), out int n) ? n : 5_000_000;

    [Fact]
    public void TryParse_MutatedLines_EqualsReference()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_SEED"), out int s) ? s : Environment.TickCount;
        output.WriteLine($"AKS_FUZZ_SEED={seed}, {LineCount} lines");
        byte[][] corpus = [.. Lines.Corpus("small.log").Where(l => l.Length < 1500)];
        const int batch = 10_000;
        int accepted = 0;
        Parallel.For(0, (LineCount + batch - 1) / batch, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, b =>
        {
            Random random = new(seed + b);
            Interpreter interpreter = new();
            int good = 0;
            for (int i = 0; i < batch; i++)
            {
                byte[] line = Mutate(random, corpus);
                string? difference = Compare(line, out bool valid);
                if (difference is not null) Assert.Fail($"seed {seed}, batch {b}, line {i}: {difference}\n{Lines.Text(line)}");
                if (!valid) continue;
                good++;
                if (i % 16 == 0) Interpret(line, interpreter, random);
            }
            Interlocked.Add(ref accepted, good);
        });
        output.WriteLine($"{accepted} were records");
        Assert.InRange(accepted, LineCount / 4, LineCount + batch);
    }

    private static byte[] Mutate(Random random, byte[][] corpus)
    {
        byte[] line = corpus[random.Next(corpus.Length)];
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            int at = random.Next(line.Length + 1), length = random.Next(Math.Min(40, line.Length - at + 1));
            line = random.Next(6) switch
            {
                0 => [.. line[..at], .. line[(at + length)..]],
                1 => [.. line[..at], .. Lines.Bytes(Tokens[random.Next(Tokens.Length)]), .. line[at..]],
                2 => [.. line[..at], (byte)random.Next(256), .. line[Math.Min(line.Length, at + 1)..]],
                3 => [.. line[..(at + length)], .. line[at..]],
                4 when random.Next(4) == 0 => line[..at],
                5 => Splice(line, at, corpus[random.Next(corpus.Length)], random),
                _ => line,
            };
        }
        return line;
    }

    private static byte[] Splice(byte[] line, int at, byte[] other, Random random)
    {
        int from = random.Next(other.Length);
        return [.. line[..at], .. other[from..Math.Min(other.Length, from + 60)], .. line[at..]];
    }

    /// <summary>Null when both parsers say the same.</summary>
    private static string? Compare(byte[] bytes, out bool valid)
    {
        valid = AuditRecord.TryParse(bytes, out AuditRecord record);
        ReferenceParser? reference = ReferenceParser.Parse(Lines.Text(bytes));
        if (valid != reference is not null) return $"accepted: {valid}, reference: {reference is not null}";
        if (reference is null) return null;
        if ((int)record.Type != reference.Type || record.Id != reference.Id) return $"type or id: {record.Type} {record.Id}";
        if (!Same(record.Node, reference.Node) || !Same(record.TypeName, reference.TypeName)) return "node or type name";
        if (!Same(record.Body, reference.Body) || !Same(record.Enrichment, reference.Enrichment)) return "body or enrichment";
        if (!Same(record.UserMessage, reference.UserMessage)) return "user message";
        return Compare(record.Fields, reference.Fields) ?? Compare(record.EnrichedFields, reference.EnrichedFields) ?? Compare(record.UserFields, reference.UserFields);
    }

    private static string? Compare(FieldReader fields, List<ReferenceField> reference)
    {
        foreach (ReferenceField expected in reference)
        {
            if (!fields.TryRead(out Field field)) return $"no field {expected}";
            if (!Same(field.Name, expected.Name) || !Same(field.Value, expected.Value) || field.Form != expected.Form)
                return $"{Lines.Text(field.Name)}={Lines.Text(field.Value)} {field.Form} is not {expected}";
        }
        return fields.TryRead(out _) ? "more fields" : null;
    }

    private static bool Same(ReadOnlySpan<byte> bytes, string text)
    {
        if (bytes.Length != text.Length) return false;
        for (int i = 0; i < bytes.Length; i++)
            if (bytes[i] != text[i]) return false;
        return true;
    }

    /// <summary>Whatever the value: nothing is thrown, and nothing written behind the end.</summary>
    private static void Interpret(byte[] line, Interpreter interpreter, Random random)
    {
        AuditRecord.TryParse(line, out AuditRecord record);
        RecordContext context = RecordContext.Of(record);
        byte[] buffer = new byte[Interpreter.MaxLength(new Field(default, line, ValueForm.Bare)) + 1];
        FieldReader fields = record.Fields;
        while (fields.TryRead(out Field field))
        {
            Interpretation whole = interpreter.Interpret(context, field, buffer, out int written);
            Assert.NotEqual(Interpretation.DestinationTooSmall, whole);
            Assert.True(written <= Interpreter.MaxLength(field));
            if (whole != Interpretation.Written || written == 0) continue;
            int room = random.Next(written);
            buffer[room] = 0xEE;
            Assert.Equal(Interpretation.DestinationTooSmall, interpreter.Interpret(context, field, buffer.AsSpan(0, room), out int none));
            Assert.Equal((0, 0xEE), (none, buffer[room]));
        }
    }
}
