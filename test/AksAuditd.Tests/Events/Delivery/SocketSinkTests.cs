using System.Net;
using System.Net.Sockets;
using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class SocketSinkTests : IDisposable
{
    private static readonly SyslogOptions Plain = new() { Host = "h" };
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Send_ListenerComesLater_IsFound()
    {
        int port = FreePort();
        using StreamSink sink = Tcp(port);
        Assert.Equal(SendState.Down, Settle(sink, "x"));
        Assert.StartsWith("connect: ECONNREFUSED", sink.Error, StringComparison.Ordinal);
        using Socket listener = Listen(port);
        sink.SendAll("hello");
        using Socket client = listener.Accept();
        Assert.EndsWith(" - hello\n", Receive(client, 1), StringComparison.Ordinal);
        Assert.Null(sink.Error);
    }

    [Fact]
    public void Send_PeerHasClosed_ConnectsAgainBeforeTheNextLine()
    {
        using Socket listener = Listen(0);
        using StreamSink sink = Tcp(Port(listener));
        sink.SendAll("one");
        using (Socket first = listener.Accept()) Receive(first, 1);
        Thread.Sleep(50);
        sink.SendAll("two");
        using Socket second = listener.Accept();
        Assert.EndsWith(" - two\n", Receive(second, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Send_PeerDoesNotRead_IsBusyAndNothingIsLostWhenItDoes()
    {
        using Socket listener = Listen(0);
        using StreamSink sink = Tcp(Port(listener));
        string line = new('x', 4000);
        int taken = 0;
        for (int busy = 0; busy < 50;)
        {
            SendState state = sink.Send(new(Frames.Of($"{taken} {line}")), out int n);
            taken += n;
            busy = state == SendState.Busy ? busy + 1 : 0;
            if (state == SendState.Busy) Thread.Sleep(1);
        }

        Assert.InRange(taken, 50, 5000);
        using Socket client = listener.Accept();
        Task<string> received = Task.Run(() => Receive(client, taken + 1));
        sink.SendAll($"{taken} {line}");
        string[] lines = received.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(taken + 1, lines.Length);
        for (int i = 0; i <= taken; i++) Assert.EndsWith($" - {i} {line}", lines[i], StringComparison.Ordinal);
    }

    [Fact]
    public void Send_ConnectionBreaksInsideALine_SendsItWholeOverTheNext()
    {
        using Socket listener = Listen(0);
        using StreamSink sink = Tcp(Port(listener));
        string line = new('x', 7900);
        SendState state = SendState.Sent;
        for (int i = 0; state != SendState.Busy || i < 200; i++) state = sink.Send(new(Frames.Of(line)), out _);
        using (Socket first = listener.Accept()) first.Close(0);
        sink.SendAll(line);
        using Socket second = listener.Accept();
        string text = Receive(second, 1);
        Assert.StartsWith("<182>1 ", text, StringComparison.Ordinal);
        Assert.EndsWith($" - {line}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Send_UnixStream_Arrives()
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_directory["s"]));
        listener.Listen();
        using StreamSink sink = new("s", new UnixDomainSocketEndPoint(_directory["s"]), Plain with { Framing = SyslogFraming.Octets }, TimeProvider.System);
        sink.SendAll("hello");
        using Socket client = listener.Accept();
        byte[] buffer = new byte[200];
        string text = Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer));
        Assert.Equal($"{text.Length - 3} ", text[..3]);
    }

    [Theory]
    [InlineData(3000, 600)]
    [InlineData(20_000, 30)]
    public void Deliver_QueueGoesToTheSpoolWhileLinesAreHalfSent_EachArrivesOnce(int count, int length)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_directory["s"]));
        listener.Listen();
        StreamSink sink = new("s", new UnixDomainSocketEndPoint(_directory["s"]), Plain with { MaximumMessage = 1024 * 1024 }, TimeProvider.System);
        DeliveryOptions options = new()
        {
            QueueBytes = 8 * 1024 * 1024,
            SpoolDirectory = _directory["spool"],
            SpoolBytes = 64 * 1024 * 1024,
            SpoolAfter = TimeSpan.FromMilliseconds(100),
        };
        using LineDelivery delivery = new(sink, options, TimeProvider.System, NullLogger.Instance);
        string rest = new('x', length);
        for (int i = 0; i < count; i++) Assert.True(delivery.Enqueue(Encoding.ASCII.GetBytes($"{i} {rest}")));
        Assert.True(SpinWait.SpinUntil(() => delivery.Counters is { Queued: 0, Spooled: > 1000 }, TimeSpan.FromSeconds(20)));

        using Socket client = listener.Accept();
        string[] lines = Receive(client, count).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i} {rest}"), lines.Select(l => l[(l.IndexOf(" - ", StringComparison.Ordinal) + 3)..].TrimStart('-', ' ')));
        Assert.True(delivery.Drain(TimeSpan.FromSeconds(10)));
        Assert.Equal(count, delivery.Counters.Delivered);
    }

    [Fact]
    public void Send_Datagrams_BusyWhenTheQueueIsFullAndFindsANewReceiver()
    {
        using DatagramSink sink = new("log", new UnixDomainSocketEndPoint(_directory["log"]), Plain with { Header = SyslogHeader.Local }, TimeProvider.System);
        Assert.Equal(SendState.Down, Settle(sink, "x"));
        int taken = 0;
        using (Socket first = Receiver())
        {
            SendState state = SendState.Sent;
            while (state != SendState.Busy)
            {
                state = sink.Send(new(Frames.Of($"number {taken}")), out int n);
                taken += n;
            }

            Assert.InRange(taken, 1, 10_000);
            for (int i = 0; i < taken; i++) Assert.EndsWith($": number {i}", Datagram(first), StringComparison.Ordinal);
        }

        File.Delete(_directory["log"]);
        using Socket second = Receiver();
        // A program that another test starts has the first socket too until its exec: what is sent in that moment goes there.
        for (int i = 0; i < 20 && !second.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead); i++) sink.SendAll("again");
        Assert.EndsWith(": again", Datagram(second), StringComparison.Ordinal);
    }

    [Fact]
    public void Send_DatagramTheKernelDoesNotTake_IsRefused()
    {
        using Socket receiver = Receiver();
        using DatagramSink sink = new("log", new UnixDomainSocketEndPoint(_directory["log"]), Plain with { MaximumMessage = 1024 * 1024 }, TimeProvider.System);
        Assert.Equal(SendState.Refused, Settle(sink, new string('x', 600_000)));
        sink.SendAll("short");
        Assert.EndsWith(" - short", Datagram(receiver), StringComparison.Ordinal);
    }

    [Fact]
    public void Send_LongerThanTheMaximum_IsRefused()
    {
        using Socket listener = Listen(0);
        using StreamSink sink = Tcp(Port(listener));
        sink.SendAll(new string('x', sink.MaximumLine));
        Assert.Equal(SendState.Refused, Settle(sink, new string('x', sink.MaximumLine + 1)));
        using Socket client = listener.Accept();
        Assert.Equal(8001, Receive(client, 1).Length);
    }

    private Socket Receiver()
    {
        Socket receiver = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        receiver.Bind(new UnixDomainSocketEndPoint(_directory["log"]));
        return receiver;
    }

    private static string Datagram(Socket receiver)
    {
        byte[] buffer = new byte[20_000];
        receiver.ReceiveTimeout = 5000;
        return Encoding.ASCII.GetString(buffer, 0, receiver.Receive(buffer));
    }

    private static StreamSink Tcp(int port) => new("tcp", new IPEndPoint(IPAddress.Loopback, port), Plain, TimeProvider.System);

    private static Socket Listen(int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int FreePort()
    {
        using Socket socket = Listen(0);
        return Port(socket);
    }

    /// <summary>Offers a line until the sink has made up its mind.</summary>
    private static SendState Settle(ISink sink, string line)
    {
        SendState state;
        do state = sink.Send(new(Frames.Of(line)), out _);
        while (state == SendState.Busy);
        return state;
    }

    private static string Receive(Socket client, int lines)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        client.ReceiveTimeout = 5000;
        int seen = 0;
        while (seen < lines)
        {
            int read = client.Receive(buffer);
            Assert.True(read > 0, "the connection has ended");
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            seen += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return text.ToString();
    }
}
