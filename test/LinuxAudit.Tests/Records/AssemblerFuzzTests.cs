using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class AssemblerFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Types = ["SYSCALL", "PATH", "PATH", "CWD", "EXECVE", "PROCTITLE", "EOE", "EOE", "USER_AUTH", "DAEMON_START", "CONFIG_CHANGE", "LOGIN", "NEWER"];

    [Fact]
    public void Add_RandomStreams_EqualsReference()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_FUZZ_SEED"), out int s) ? s : Environment.TickCount;
        output.WriteLine($"AKS_FUZZ_SEED={seed}");
        for (int n = 0; n < 2000; n++)
        {
            string? difference = Run(new Random(seed + n));
            if (difference is not null) Assert.Fail($"seed {seed}, stream {n}: {difference}");
        }
    }

    private static string? Run(Random random)
    {
        AssemblerOptions options = new()
        {
            MaxOpenEvents = random.Next(1, 12),
            MaxOpenBytes = 16 * 1024,
            MaxEventBytes = 9000 + random.Next(7000),
            Timeout = TimeSpan.FromMilliseconds(random.Next(1, 3000)),
            ProcessTitleEnds = random.Next(2) == 0,
        };
        EventAssembler assembler = new(options);
        ReferenceAssembler reference = new(options);
        int serial = 1000;
        long time = 1_700_000_000_000;
        List<AuditEvent> held = [];
        for (int i = 0; i < 200; i++)
        {
            if (random.Next(3) == 0) serial += random.Next(3);
            if (random.Next(4) == 0) time += random.Next(800);
            int back = random.Next(6);
            string line = random.Next(40) == 0 ? "no record"
                : FormattableString.Invariant(
                    $"{(random.Next(20) == 0 ? "node=b " : "")}type={Types[random.Next(Types.Length)]} msg=audit({(time - back) / 1000}.{(time - back) % 1000:000}:{serial - back}): {new string('x', random.Next(10) == 0 ? random.Next(8000) : random.Next(100))}");
            assembler.Add(Lines.Bytes(line));
            reference.Add(line);
            while (assembler.TryTake(out AuditEvent? e)) held.Add(e);
            if (Compare(held, reference.Ready) is string difference) return $"after line {i}: {difference}";
            // Some are given back at once, some late: buffers are used again while others are still read.
            if (random.Next(2) == 0) continue;
            foreach (AuditEvent e in held) e.Dispose();
            held.Clear();
            reference.Ready.Clear();
        }
        assembler.Flush();
        reference.Flush();
        while (assembler.TryTake(out AuditEvent? e)) held.Add(e);
        AssemblerCounters expected = new()
        {
            Received = reference.Received,
            Malformed = reference.Malformed,
            EndRecords = reference.EndRecords,
            DroppedRecords = reference.Dropped,
            Events = reference.Events,
            EvictedEvents = reference.Evicted,
            TimedOutEvents = reference.TimedOut,
            LateEvents = reference.Late,
            MissingEvents = reference.Missing,
        };
        return Compare(held, reference.Ready) ?? (assembler.Counters == expected ? null : $"{assembler.Counters} is not {expected}");
    }

    private static string? Compare(List<AuditEvent> events, List<ReferenceEvent> reference)
    {
        if (events.Count != reference.Count) return $"{events.Count} events, not {reference.Count}";
        for (int i = 0; i < events.Count; i++)
        {
            AuditEvent e = events[i];
            ReferenceEvent r = reference[i];
            if (e.Id != r.Id || e.End != r.End || e.IsLate != r.IsLate || e.DroppedRecords != r.Dropped || e.Count != r.Lines.Count)
                return $"{e.Id} {e.End} {e.IsLate} {e.DroppedRecords} {e.Count} is not {r.Id} {r.End} {r.IsLate} {r.Dropped} {r.Lines.Count}";
            if (Lines.Text(e.Node) != r.Node) return "node";
            for (int n = 0; n < e.Count; n++)
                if (Lines.Text(e[n].Raw) != r.Lines[n]) return $"record {n} of {e.Id}";
        }
        return null;
    }
}
