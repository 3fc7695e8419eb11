using System.Buffers;
using System.Diagnostics;
using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

// EventSpeed LOG [OUTPUT] [REPEATS]: records of a log to lines of JSON, with a pod in each. Prints CPU time, MB/s, bytes and allocations an event.
// EventSpeed --print LOG: the lines on stdout.
// EventSpeed --bytes LOG [whole]: bytes of the events in which a program was started, as audisp-syslog lines and as ours, to syslog; whole: with selfContained.
// EventSpeed --arguments: what the arguments of a program cost, 1, 10 and 100 times as many.
if (args[0] == "--arguments") return ArgumentCost.Print();
bool print = args[0] == "--print", bytes = args[0] == "--bytes";
bool whole = bytes && args.Length > 2;
string path = args[print || bytes ? 1 : 0];
int repeats = !print && !bytes && args.Length > 2 ? int.Parse(args[2]) : 1;
using Stream output = print ? Console.OpenStandardOutput() : args.Length > 1 && !bytes ? File.Create(args[1]) : Stream.Null;
IdentityTable identities = IdentityTable.Parse(File.ReadAllBytes("/etc/passwd"), File.ReadAllBytes("/etc/group"));
Container container = new("4f1b9a0d6c2e8b7a5f3d1c0e9b8a7f6e5d4c3b2a1908f7e6d5c4b3a291807f6e") { PodUid = "0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55" };
container.Rename("payments", "checkout-7c5ddbdf54-x2x7q", "app");
ProcessContext context = new(ProcessPlace.Container, container, "/usr/bin/bash"u8.ToArray());
EventEncoder encoder = new(new Interpreter(identities), new EncoderOptions { NodeName = "aks-nodepool1-12345678-vmss000000", SaysNode = !bytes || whole, LeavesOutKnown = !whole });
EventAssembler assembler = new();
EventFacts facts = new();
ArrayBufferWriter<byte> buffer = new(1 << 17);
ByteCount execs = new("aks-nodepool1-12345678-vmss000000");
long events = 0, inputBytes = 0, outputBytes = 0, allocated = 0;
byte[] chunk = new byte[1 << 17];
for (int n = 0; n < repeats; n++)
{
    using FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
    int length = 0;
    if (n == repeats - 1) allocated = GC.GetAllocatedBytesForCurrentThread();
    while (true)
    {
        int read = input.Read(chunk, length, chunk.Length - length);
        if (read == 0) break;
        inputBytes += read;
        length += read;
        ReadOnlySpan<byte> rest = chunk.AsSpan(0, length);
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            assembler.Add(rest[..end]);
            Take();
        }
        rest.CopyTo(chunk);
        length = rest.Length;
    }
    assembler.Flush();
    Take();
    Flush();
}
allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
if (bytes) execs.Print();
if (print || bytes) return 0;
using Process process = Process.GetCurrentProcess();
double seconds = process.TotalProcessorTime.TotalSeconds;
Console.WriteLine($"{inputBytes / 1e6:0.0} MB in, {outputBytes / 1e6:0.0} MB out, {events} events, CPU {seconds:0.000} s, {inputBytes / 1e6 / seconds:0} MB/s, peak {process.PeakWorkingSet64 / 1e6:0.0} MB, allocated in the last run {allocated} B");
return 0;

void Take()
{
    while (assembler.TryTake(out AuditEvent? e))
    {
        facts.Read(e);
        ReadOnlySpan<byte> line = encoder.Encode(e, facts, context);
        if (bytes) execs.Add(e, line);
        buffer.Write(line);
        buffer.Write("\n"u8);
        e.Dispose();
        events++;
    }
    if (buffer.WrittenCount > 1 << 16) Flush();
}

void Flush()
{
    outputBytes += buffer.WrittenCount;
    output.Write(buffer.WrittenSpan);
    buffer.ResetWrittenCount();
}
