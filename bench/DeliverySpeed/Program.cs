using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AksAuditd.Events.Delivery;
using Microsoft.Extensions.Logging.Abstractions;

// What delivery costs: dotnet run -c Release --project bench/DeliverySpeed [LINES]
// One producer, the thread that delivers, and a reader that throws away what it reads, on the same processors.
int count = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
byte[] line = new byte[600];
line.AsSpan().Fill((byte)'x');
// The same bytes as an event of six records (events.yaml: format: records).
byte[] records = [.. line];
for (int end = 99; end < records.Length; end += 100) records[end] = (byte)'\n';
byte[] sent = line;
string directory = Directory.CreateTempSubdirectory("delivery-speed-").FullName;
Console.WriteLine($"{count} lines of {line.Length} bytes, {Environment.ProcessorCount} processors");
Console.WriteLine("| sink | ns an Enqueue | MB/s through | CPU µs a line | bytes allocated a line | waits for room |");
Console.WriteLine("|---|---|---|---|---|---|");

Measure("warming up", new Nothing(), null);
Measure("nothing", new Nothing(), null);
using (Socket listener = Listen(new UnixDomainSocketEndPoint($"{directory}/s"), AddressFamily.Unix, ProtocolType.Unspecified))
    Measure("unix stream", Sink($"syslog:unix://{directory}/s"), null);
using (Socket listener = Listen(new IPEndPoint(IPAddress.Loopback, 0), AddressFamily.InterNetwork, ProtocolType.Tcp))
    Measure("tcp", Sink($"syslog:tcp://{listener.LocalEndPoint}"), null);
using (Socket listener = Listen(new IPEndPoint(IPAddress.Loopback, 0), AddressFamily.InterNetwork, ProtocolType.Tcp))
{
    sent = records;
    Measure("tcp, RFC 3164, events of six records", Sink($"syslog:tcp://{listener.LocalEndPoint}?format=rfc3164"), null);
    sent = line;
}

Measure("file", Sink($"file:{directory}/events?size=64MiB&count=2"), null);
Measure("nothing, down for the first 2 s: by way of the spool", new Late(new Nothing()), $"{directory}/spool");
Directory.Delete(directory, recursive: true);

void Measure(string name, ISink sink, string? spool)
{
    DeliveryOptions options = new() { SpoolDirectory = spool, SpoolBytes = 4L << 30 };
    using LineDelivery delivery = new(sink, options, TimeProvider.System, NullLogger.Instance);
    for (int i = 0; i < 20_000; i++) Patiently(delivery);
    while (sink is not Late && delivery.Counters.Queued > 0) Thread.Sleep(1);

    long allocated = GC.GetTotalAllocatedBytes(precise: true), waits = 0, inEnqueue = 0;
    TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
    Stopwatch watch = Stopwatch.StartNew();
    for (int i = 0; i < count; i += 100)
    {
        // Room for a hundred, so that none of them is refused and what is timed is Enqueue alone.
        while (delivery.Counters.QueuedBytes > options.QueueBytes - 100_000)
        {
            waits++;
            Thread.Sleep(0);
        }

        long start = Stopwatch.GetTimestamp();
        for (int j = 0; j < 100; j++) delivery.Enqueue(sent, i);
        inEnqueue += Stopwatch.GetTimestamp() - start;
    }

    while (delivery.Counters is not { Queued: 0, Spooled: 0 }) Thread.Sleep(1);
    watch.Stop();
    allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
    cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
    double seconds = watch.Elapsed.TotalSeconds;
    Console.WriteLine($"| {name} | {inEnqueue * 1e9 / Stopwatch.Frequency / count:F0} | {count * (double)line.Length / seconds / 1e6:F0} | {cpu.TotalMicroseconds / count:F2} | {(double)allocated / count:F3} | {waits} |");
    if (delivery.Counters.Lost.Total != 0) throw new InvalidOperationException($"lost: {delivery.Counters}");
}

void Patiently(LineDelivery delivery)
{
    while (delivery.Counters.QueuedBytes > 4_000_000) Thread.Sleep(0);
    delivery.Enqueue(sent, 0);
}

static ISink Sink(string text) => SinkAddress.TryParse(text, out SinkAddress? address, out string? error) ? address.Open(TimeProvider.System) : throw new ArgumentException(error);

static Socket Listen(EndPoint at, AddressFamily family, ProtocolType protocol)
{
    Socket listener = new(family, SocketType.Stream, protocol);
    listener.Bind(at);
    listener.Listen();
    Thread reader = new(() =>
    {
        using Socket client = listener.Accept();
        byte[] buffer = new byte[256 * 1024];
        while (client.Receive(buffer) > 0) continue;
    })
    {
        IsBackground = true,
    };
    reader.Start();
    return listener;
}

/// <summary>Takes everything.</summary>
internal sealed class Nothing : ISink
{
    public string Name => "nothing";

    public int MaximumLine => 8000;

    public string? Error => null;

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        while (lines.TryRead(out _, out _)) taken++;
        return SendState.Sent;
    }

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    public void Forget()
    {
    }

    public void Reopen()
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>Down for the first seconds, so that the spool has to take it all.</summary>
internal sealed class Late(ISink sink) : ISink
{
    private readonly long _from = Environment.TickCount64 + 2000;

    public string Name => "late";

    public int MaximumLine => sink.MaximumLine;

    public string? Error => "late";

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        return Environment.TickCount64 < _from ? SendState.Down : sink.Send(lines, out taken);
    }

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    public void Forget()
    {
    }

    public void Reopen()
    {
    }

    public void Dispose() => sink.Dispose();
}
