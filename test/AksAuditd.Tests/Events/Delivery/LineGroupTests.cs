using System.Net;
using System.Net.Sockets;
using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>An event of several lines on its way through the sinks.</summary>
public sealed class LineGroupTests : IDisposable
{
    private static readonly SyslogOptions Plain = new() { Host = "h", Header = SyslogHeader.Rfc3164 };
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("", false, 1)]
    [InlineData("one", false, 1)]
    [InlineData("one\n", true, 1)]
    [InlineData("one\ntwo\n", true, 2)]
    public void Count_Line_IsItsNewlines(string line, bool isGroup, int count) =>
        Assert.Equal((isGroup, count), (LineGroup.IsGroup(Encoding.UTF8.GetBytes(line)), LineGroup.Count(Encoding.UTF8.GetBytes(line))));

    [Theory]
    [InlineData("12345", true)]
    [InlineData("123456", false)]
    [InlineData("12345\n12345\n", true)]
    [InlineData("12345\n123456\n", false)]
    public void Fits_Group_IsJudgedByItsLongestLine(string line, bool expected) => Assert.Equal(expected, LineGroup.Fits(Encoding.UTF8.GetBytes(line), 5));

    [Fact]
    public void Send_GroupToAFile_IsItsLines()
    {
        using FileSink sink = new(_directory["out"], FileRotation.Default, TimeProvider.System, 100);
        sink.SendAll("one\ntwo\n", "{}", "three\n");
        Assert.Equal("one\ntwo\n{}\nthree\n", File.ReadAllText(_directory["out"]));
    }

    [Fact]
    public void Send_GroupAsSyslog_IsAMessageForEachLine()
    {
        using Socket listener = Listen();
        using StreamSink sink = new("s", listener.LocalEndPoint!, Plain, TimeProvider.System);
        sink.SendAll("one\ntwo\n", "{}");
        string start = $"<182>Nov 22 03:44:05 h aks-auditd[{Environment.ProcessId}]: ";
        Assert.Equal($"{start}one\n{start}two\n{start}{{}}\n", Receive(listener, 3));
    }

    [Fact]
    public void Send_GroupLargerThanTheBuffer_ArrivesWholeAndOthersToo()
    {
        using Socket listener = Listen();
        using StreamSink sink = new("s", listener.LocalEndPoint!, Plain, TimeProvider.System);
        string large = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"record {i}\n"));
        Task<string> received = Task.Run(() => Receive(listener, 20_002));
        sink.SendAll("before\n", large, "after");
        string[] lines = received.Result.Split('\n')[..^1];
        Assert.Equal(["before", .. Enumerable.Range(0, 20_000).Select(i => $"record {i}"), "after"], lines.Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public void Send_OneLineOfAGroupTooLong_RefusesTheEvent()
    {
        using Socket listener = Listen();
        using StreamSink sink = new("s", listener.LocalEndPoint!, Plain, TimeProvider.System);
        SendState state;
        do state = sink.Send(new(Frames.Of($"short\n{new string('x', sink.MaximumLine + 1)}\n")), out _);
        while (state == SendState.Busy);
        Assert.Equal(SendState.Refused, state);
    }

    [Fact]
    public void Send_DatagramsOfAGroup_GoOnWhereAFullQueueStopped()
    {
        using Socket receiver = Receiver();
        using DatagramSink sink = Datagrams();
        string group = string.Concat(Enumerable.Range(0, 2000).Select(i => $"record {i}\n"));
        Assert.Equal(SendState.Busy, sink.Send(new(Frames.Of(group)), out int taken));
        Assert.Equal(0, taken);
        Task<string[]> received = Task.Run(() => Enumerable.Range(0, 2001).Select(_ => Datagram(receiver)).ToArray());
        sink.SendAll(group, "next");
        Assert.Equal([.. Enumerable.Range(0, 2000).Select(i => $"record {i}"), "next"], received.Result);
    }

    [Fact]
    public void Send_ReceiverGoesInsideAGroup_TheNextGetsAllOfIt()
    {
        using DatagramSink sink = Datagrams();
        string group = string.Concat(Enumerable.Range(0, 2000).Select(i => $"record {i}\n"));
        using (Receiver()) Assert.Equal(SendState.Busy, sink.Send(new(Frames.Of(group)), out _));
        File.Delete(_directory["log"]);
        using Socket second = Receiver();
        Task<string[]> received = Task.Run(() => Enumerable.Range(0, 2000).Select(_ => Datagram(second)).ToArray());
        sink.SendAll(group);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"record {i}"), received.Result);
    }

    private DatagramSink Datagrams() => new("log", new UnixDomainSocketEndPoint(_directory["log"]), Plain with { Header = SyslogHeader.Local }, TimeProvider.System);

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
        string text = Encoding.ASCII.GetString(buffer, 0, receiver.Receive(buffer));
        return text[(text.IndexOf("]: ", StringComparison.Ordinal) + 3)..];
    }

    private static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static string Receive(Socket listener, int lines)
    {
        using Socket client = listener.Accept();
        client.ReceiveTimeout = 5000;
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        for (int seen = 0; seen < lines;)
        {
            int read = client.Receive(buffer);
            Assert.True(read > 0, "the connection has ended");
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            seen += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return text.ToString();
    }
}
