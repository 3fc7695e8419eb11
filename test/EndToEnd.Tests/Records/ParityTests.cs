using AksAuditd.Events.Json;
using AksAuditd.Tests.Events.Json;
using EndToEnd.Tests.Support;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>This library and ausearch, on logs the real auditd wrote of nearly all kinds of events this machine can make.</summary>
public sealed class ParityTests(RealLog log, ITestOutputHelper output) : IClassFixture<RealLog>
{
    private static readonly Interpreter Interpreter = new(RealLog.Identities);

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Interpret_EnrichedLog_EqualsAusearch() => CompareValues(log.Enriched, RealLog.EnrichedRounds * 2000);

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Interpret_RawLog_EqualsAusearch() => CompareValues(log.Raw, 10_000);

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Summarize_EnrichedLog_EqualsAusearchCsv() => CompareColumns(log.Enriched, RealLog.EnrichedRounds * 850);

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Summarize_RawLog_EqualsAusearchCsv() => CompareColumns(log.Raw, 4_000);

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Add_RealLog_LosesNothing()
    {
        EventAssembler assembler = new();
        HashSet<int> types = [];
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(log.Enriched);
        long records = 0;
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            if (bytes[range].IsEmpty) assembler.Flush();
            else Assert.True(assembler.Add(bytes[range]));
            while (assembler.TryTake(out AuditEvent? e))
            {
                using (e)
                {
                    records += e.Count;
                    // workload.c forges a login at second 1 by the path of a socket.
                    Assert.NotEqual(1, e.Id.Seconds);
                    for (int i = 0; i < e.Count; i++) types.Add((int)e.TypeOf(i));
                }
            }
        }
        AssemblerCounters counters = assembler.Counters;
        output.WriteLine($"{counters}, {types.Count} types");
        Assert.Equal((0, 0, 0), (counters.Malformed, counters.DroppedRecords, counters.EvictedEvents));
        Assert.Equal(counters.Received, counters.ContinuationLines + counters.EndRecords + records);
        Assert.InRange(counters.ContinuationLines, 20, 2000);
        Assert.Contains("\ntype=USER_LOGIN msg=audit(1.000:1): pid=1 uid=0 ", InterpretedText.Latin1(bytes), StringComparison.Ordinal);
        Assert.InRange(types.Count, 50, 300);
    }

    [Theory(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    [InlineData(8000)]
    [InlineData(1024 * 1024)]
    public void Encode_RealLog_ValidatesAgainstTheSchema(int maxBytes)
    {
        int events = 0;
        Encoded encoded = new(new EncoderOptions { NodeName = "node-1", MaxBytes = maxBytes, Raw = maxBytes > 8000 });
        // A round of the enriched log has all that there is in it, too.
        byte[][] enriched = [.. Encoded.Lines(File.ReadAllBytes(log.Enriched)).Take(20_000)];
        foreach (byte[][] lines in (byte[][][])[[.. Encoded.Lines(File.ReadAllBytes(log.Raw))], enriched])
        {
            encoded.Each(lines, (_, line) =>
            {
                events++;
                if (Encoded.Problem(line, maxBytes) is { } problem) Assert.Fail($"{problem}\n{InterpretedText.Latin1(line.Span)}");
            });
        }

        output.WriteLine($"{events} events");
        Assert.InRange(events, 9_000, int.MaxValue);
    }

    private void CompareValues(string path, int atLeast)
    {
        (List<Difference> differences, int records, int values) = AusearchParity.Compare(path, Interpreter);
        output.WriteLine($"{records} records, {values} values, {differences.Count} differ");
        foreach (string reason in KnownDifferences.Reasons(differences, columns: false)) output.WriteLine(reason);
        Assert.Empty(KnownDifferences.UnlistedValues(differences).Take(20));
        Assert.InRange(records, atLeast, int.MaxValue);
        // Nearly all are equal: the list above must not swallow the comparison.
        Assert.InRange(differences.Count, 1, values / 50);
    }

    private void CompareColumns(string path, int atLeast)
    {
        (List<Difference> differences, int events, int columns) = CsvParity.Compare(path, Interpreter);
        output.WriteLine($"{events} events, {columns} columns, {differences.Count} differ");
        foreach (string reason in KnownDifferences.Reasons(differences, columns: true)) output.WriteLine(reason);
        Assert.Empty(KnownDifferences.UnlistedColumns(differences).Take(20));
        Assert.InRange(events, atLeast, int.MaxValue);
        Assert.InRange(differences.Count, 1, columns / 50);
    }
}
