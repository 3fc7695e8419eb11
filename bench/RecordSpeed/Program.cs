using System.Diagnostics;
using LinuxAudit.Records;

// RecordSpeed [LOG…]: speed and allocation of parser, assembly, interpretation and summary. Build with -c Release.
// Without a log: the corpus. Then what arguments cost, 1 to 100 times as many.
string[] logs = args.Length > 0 ? args : [Path.Combine(FindRoot(AppContext.BaseDirectory), "test", "corpus", "records", "small.log")];
IdentityTable identities = IdentityTable.Parse(File.ReadAllBytes("/etc/passwd"), File.ReadAllBytes("/etc/group"));
foreach (string path in logs)
{
    byte[] log = File.ReadAllBytes(path);
    // At least 100 MB each, so that a small log is not over before the clock moves.
    int repeats = Math.Max(1, 100_000_000 / log.Length);
    Console.WriteLine($"{Path.GetFileName(path)}: {log.Length / 1e6:0.0} MB, read {repeats} times");
    Measure("parse", log, repeats, Parse);
    Measure("parse, every field", log, repeats, ParseFields);
    EventAssembler assembler = new();
    Measure("parse, assemble", log, repeats, l => Assemble(l, assembler, _ => { }));
    Interpreter interpreter = new(identities);
    byte[] buffer = new byte[1 << 20];
    Measure("parse, assemble, interpret every field", log, repeats, l => Assemble(l, assembler, e => Interpret(e, interpreter, buffer)));
    EventSummarizer summarizer = new(interpreter);
    EventSummary summary = new();
    Measure("parse, assemble, summarize", log, repeats, l => Assemble(l, assembler, e => summarizer.Summarize(e, summary)));
}
Console.WriteLine("arguments of one program");
double first = 0;
foreach (int count in new[] { 150, 1_500, 15_000 })
{
    byte[] line = [.. "type=EXECVE msg=audit(1.000:1): argc=1"u8, .. Enumerable.Range(0, count).SelectMany(i => System.Text.Encoding.ASCII.GetBytes($" a{i}=\"argument\""))];
    double best = double.MaxValue;
    for (int n = 0; n < 50; n++)
    {
        long start = Stopwatch.GetTimestamp();
        AuditRecord.TryParse(line, out AuditRecord record);
        ArgumentReader reader = new(record);
        while (reader.TryRead(out _)) { }
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / line.Length);
    }
    if (first == 0) first = best;
    Console.WriteLine($"  {count,6} arguments {best,8:0.00} ns a byte, {best / first:0.00} of the first");
}

static void Measure(string name, byte[] log, int repeats, Func<byte[], int> run)
{
    run(log);
    run(log);
    long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
    long count = 0;
    for (int i = 0; i < repeats; i++) count += run(log);
    TimeSpan time = Stopwatch.GetElapsedTime(start);
    allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
    Console.WriteLine($"  {name,-40} {(double)log.Length * repeats / 1e6 / time.TotalSeconds,8:0} MB/s {time.TotalNanoseconds / count,8:0} ns each {(double)allocated / count,6:0.00} B allocated each ({count} in all)");
}

static int Parse(byte[] log)
{
    int records = 0;
    ReadOnlySpan<byte> rest = log;
    while (TryReadLine(ref rest, out ReadOnlySpan<byte> line))
        if (AuditRecord.TryParse(line, out _)) records++;
    return records;
}

static int ParseFields(byte[] log)
{
    int records = 0;
    ReadOnlySpan<byte> rest = log;
    while (TryReadLine(ref rest, out ReadOnlySpan<byte> line))
    {
        if (!AuditRecord.TryParse(line, out AuditRecord record)) continue;
        FieldReader fields = record.Fields;
        while (fields.TryRead(out _)) { }
        records++;
    }
    return records;
}

static int Assemble(byte[] log, EventAssembler assembler, Action<AuditEvent> use)
{
    int events = 0;
    ReadOnlySpan<byte> rest = log;
    while (TryReadLine(ref rest, out ReadOnlySpan<byte> line))
    {
        assembler.Add(line);
        events += Take(assembler, use);
    }
    // The next run begins with the same events: none of this one's may stay open.
    assembler.Flush();
    return events + Take(assembler, use);
}

static int Take(EventAssembler assembler, Action<AuditEvent> use)
{
    int events = 0;
    while (assembler.TryTake(out AuditEvent? e))
    {
        use(e);
        e.Dispose();
        events++;
    }
    return events;
}

static void Interpret(AuditEvent e, Interpreter interpreter, byte[] buffer)
{
    for (int i = 0; i < e.Count; i++)
    {
        AuditRecord record = e[i];
        RecordContext context = RecordContext.Of(record);
        FieldReader fields = record.Fields;
        while (fields.TryRead(out Field field)) interpreter.Interpret(context, field, buffer, out _);
    }
}

static bool TryReadLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
{
    int end = rest.IndexOf((byte)'\n');
    line = end < 0 ? default : rest[..end];
    if (end < 0) return false;
    rest = rest[(end + 1)..];
    return true;
}

static string FindRoot(string directory) => File.Exists(Path.Combine(directory, "AksAuditd.slnx")) ? directory : FindRoot(Path.GetDirectoryName(directory)!);
