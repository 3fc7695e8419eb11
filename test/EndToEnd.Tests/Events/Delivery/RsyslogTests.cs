using System.Net;
using System.Net.Sockets;
using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndToEnd.Tests.Events.Delivery;

/// <summary>What the real rsyslog makes of our lines.</summary>
public sealed class RsyslogTests
{
    private const string Awkward = """{"argv":["two  blanks","#011","\u001d","é","%s",": ","<13>","</x>"],"n":1}""";

    [Theory(Skip = Rsyslog.Needed, SkipUnless = nameof(Rsyslog.IsInstalled), SkipType = typeof(Rsyslog))]
    [InlineData("syslog:LOG")]
    [InlineData("syslog:tcp://127.0.0.1:PORT")]
    [InlineData("syslog:tcp://127.0.0.1:PORT?framing=octets")]
    [InlineData("syslog:tcp://127.0.0.1:PORT?format=rfc3164")]
    [InlineData("syslog:tcp://127.0.0.1:PORT?format=rfc3164&framing=octets")]
    public void Lines_UpToTheMaximum_ArriveAsTheyAreAndAreForwarded(string address)
    {
        int port = FreePort();
        using Socket next = Listen(0);
        using Rsyslog rsyslog = new(port, ((IPEndPoint)next.LocalEndPoint!).Port);
        using ISink sink = Open(address.Replace("LOG", rsyslog.LogSocket, StringComparison.Ordinal).Replace("PORT", $"{port}", StringComparison.Ordinal));
        using LineDelivery delivery = Start(sink, new());
        string longest = $"{{\"x\":\"{new string('x', sink.MaximumLine - 8)}\"}}";
        Assert.InRange(longest.Length, 7800, 8000);
        string[] lines = [Awkward, longest, .. Enumerable.Range(0, 2000).Select(i => $"{{\"n\":{i}}}"), longest];
        foreach (string line in lines) Assert.True(delivery.Enqueue(Encoding.UTF8.GetBytes(line)));
        Assert.False(delivery.Enqueue(Encoding.UTF8.GetBytes(longest + " ")));
        Eventually.True(() => rsyslog.Received().Length >= lines.Length, otherwise: () => $"{rsyslog.Received().Length} received, {delivery.Counters}");
        Assert.Equal(lines.Select(line => $"local6.info|aks-auditd|{line}"), rsyslog.Received());

        string forwarded = Receive(next, lines.Length);
        string[] messages = forwarded.Split('\n')[..^1];
        Assert.Equal(lines.Length, messages.Length);
        for (int i = 0; i < lines.Length; i++) Assert.EndsWith($" {lines[i]}", messages[i], StringComparison.Ordinal);
        Assert.All(messages, message => Assert.StartsWith("<182>", message, StringComparison.Ordinal));
    }

    [Theory(Skip = Rsyslog.Needed, SkipUnless = nameof(Rsyslog.IsInstalled), SkipType = typeof(Rsyslog))]
    [InlineData("syslog:LOG")]
    [InlineData("syslog:tcp://127.0.0.1:PORT")]
    public void Lines_RsyslogStandsStillForAWhile_AllArriveInOrder(string address)
    {
        int port = FreePort();
        using TempDirectory directory = new();
        using Rsyslog rsyslog = new(port);
        using ISink sink = Open(address.Replace("LOG", rsyslog.LogSocket, StringComparison.Ordinal).Replace("PORT", $"{port}", StringComparison.Ordinal));
        using LineDelivery delivery = Start(sink, new() { QueueBytes = 256 * 1024, SpoolDirectory = directory["spool"], SpoolAfter = TimeSpan.FromMilliseconds(200) });
        string padding = new('x', 500);
        int number = 0;
        for (; number < 100; number++) delivery.Enqueue(Line(number, padding));
        Eventually.True(() => rsyslog.Received().Length == 100);
        rsyslog.Signal("STOP");
        for (; number < 30_000; number++)
        {
            for (int i = 0; i < 2000 && delivery.Counters.QueuedBytes > 200 * 1024; i++) Thread.Sleep(1);
            Assert.True(delivery.Enqueue(Line(number, padding)));
        }

        Assert.True(delivery.Counters.Spooled > 10_000, delivery.Counters.ToString());
        rsyslog.Signal("CONT");
        Eventually.True(() => rsyslog.Received().Length >= number, otherwise: () => $"{rsyslog.Received().Length} received, {delivery.Counters}");
        Assert.Equal(Enumerable.Range(0, number), rsyslog.Received().Select(Number));
        Assert.Equal((number, 0, 0), (delivery.Counters.Delivered, delivery.Counters.Lost.Total, delivery.Counters.Spooled));
    }

    [Theory(Skip = Rsyslog.Needed, SkipUnless = nameof(Rsyslog.IsInstalled), SkipType = typeof(Rsyslog))]
    [InlineData("syslog:LOG")]
    [InlineData("syslog:tcp://127.0.0.1:PORT")]
    public void Lines_RsyslogIsKilledAndStartedAgain_OnlyWhatItHadTakenIsMissing(string address)
    {
        int port = FreePort();
        using TempDirectory directory = new();
        using Rsyslog rsyslog = new(port);
        using ISink sink = Open(address.Replace("LOG", rsyslog.LogSocket, StringComparison.Ordinal).Replace("PORT", $"{port}", StringComparison.Ordinal));
        using LineDelivery delivery = Start(sink, new() { SpoolDirectory = directory["spool"] });
        long deliveredBefore = 0, deliveredAfter = 0;
        for (int number = 0; number < 3000; number++)
        {
            if (number == 1000)
            {
                deliveredBefore = rsyslog.Received().Length;
                rsyslog.Kill();
                Thread.Sleep(100);
                deliveredAfter = delivery.Counters.Delivered;
            }

            if (number == 2000) rsyslog.Restart();
            Assert.True(delivery.Enqueue(Line(number, "")));
            if (number % 10 == 0) Thread.Sleep(1);
        }

        Eventually.True(() => rsyslog.Received().Select(Number).LastOrDefault() == 2999, otherwise: () => $"{rsyslog.Received().Length} received, {delivery.Counters}");
        int[] received = [.. rsyslog.Received().Select(Number)];
        Assert.Equal(received.Distinct().Order(), received);

        // Missing: what rsyslog's sockets had taken when it was killed, and that is before all of the second thousand and more.
        int missing = 3000 - received.Length;
        Assert.InRange(missing, 0, deliveredAfter - deliveredBefore);
        Assert.Equal(Enumerable.Range(1100, 1900), received[^1900..]);
        // rsyslog has the last line before the sink knows that it has.
        Eventually.True(() => delivery.Counters is { Accepted: 3000, Delivered: 3000, Lost.Total: 0, SinkErrors: >= 1 }, otherwise: () => $"{delivery.Counters}");
    }

    private static LineDelivery Start(ISink sink, DeliveryOptions options) => new(sink, options, TimeProvider.System, NullLogger.Instance);

    private static ISink Open(string text)
    {
        Assert.True(SinkAddress.TryParse(text, out SinkAddress? address, out string? error), error);
        return address.Open(TimeProvider.System);
    }

    private static byte[] Line(int number, string padding) => Encoding.UTF8.GetBytes($"{{\"n\":{number},\"x\":\"{padding}\"}}");

    private static int Number(string received)
    {
        int start = received.IndexOf("{\"n\":", StringComparison.Ordinal) + 5;
        return int.Parse(received.AsSpan(start, received.IndexOf(',', start) - start));
    }

    private static Socket Listen(int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private static int FreePort()
    {
        using Socket socket = Listen(0);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Receive(Socket listener, int lines)
    {
        using Socket client = listener.Accept();
        client.ReceiveTimeout = 10_000;
        MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int seen = 0;
        while (seen < lines)
        {
            int read = client.Receive(buffer);
            Assert.True(read > 0);
            all.Write(buffer, 0, read);
            seen += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
