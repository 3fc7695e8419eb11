using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>What listens on a TCP port of this machine, as Container Insights does, and does not always behave.</summary>
internal sealed class MisbehavingPeer : IDisposable
{
    private readonly StringBuilder _received = new();
    private Socket? _listener, _client;

    public MisbehavingPeer()
    {
        Start();
        Port = ((IPEndPoint)_listener!.LocalEndPoint!).Port;
    }

    public int Port { get; private set; }

    /// <summary>What it has read since the last <see cref="Start"/>, to the last whole line.</summary>
    public string[] Lines => _received.ToString() is { } text && text.LastIndexOf('\n') is >= 0 and int end ? text[..end].Split('\n') : [];

    /// <summary>Whether it has read the beginning of a line and not its end.</summary>
    public bool HasHalfALine => _received.Length > 0 && _received[^1] != '\n';

    /// <summary>Listens; nothing is read.</summary>
    public void Start()
    {
        _received.Clear();
        _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
    }

    /// <summary>Takes the connection that waits.</summary>
    public void Accept()
    {
        Assert.True(_listener!.Poll(TimeSpan.FromSeconds(15), SelectMode.SelectRead), "nobody connects");
        _client = _listener.Accept();
    }

    /// <summary>Reads until it has so many lines, or so many bytes, or nothing has come for five seconds.</summary>
    public void Read(int lines, int bytes = int.MaxValue)
    {
        byte[] buffer = new byte[64 * 1024];
        int seen = 0;
        while (seen < lines && bytes > 0 && _client!.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead))
        {
            int read = _client.Receive(buffer, 0, Math.Min(buffer.Length, bytes), SocketFlags.None);
            if (read == 0) return;
            bytes -= read;
            seen += buffer.AsSpan(0, read).Count((byte)'\n');
            _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }

    /// <summary>Resets the connection, with all that it has not read.</summary>
    public void Reset()
    {
        _client?.Close(0);
        _client = null;
    }

    /// <summary>Is gone: connections are refused.</summary>
    public void Stop()
    {
        _listener?.Close();
        _listener = null;
        Reset();
    }

    public void Dispose() => Stop();
}
