using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Events.Plugin;

/// <summary>What listens where the plugin's lines go, and can be made to misbehave.</summary>
internal sealed class TcpSink : IDisposable
{
    private readonly List<JsonNode> _lines = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;
    private volatile bool _stopped, _killed, _slow;

    public TcpSink()
    {
        using Socket any = Listen(0);
        Port = ((IPEndPoint)any.LocalEndPoint!).Port;
        any.Dispose();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public int Port { get; }

    /// <summary>Is there and reads nothing.</summary>
    public bool IsStopped { set => _stopped = value; }

    /// <summary>Reads 16 KiB every 50 ms.</summary>
    public bool IsSlow { set => _slow = value; }

    /// <summary>Is gone, with all that it had not read.</summary>
    public bool IsKilled { set => _killed = value; }

    /// <summary>Everything that it has read, in order.</summary>
    public IReadOnlyList<JsonNode> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _thread.Join();
        _end.Dispose();
    }

    private static Socket Listen(int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.ReceiveBufferSize = 64 * 1024;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private void Run()
    {
        while (!_end.IsCancellationRequested)
        {
            if (_killed)
            {
                Thread.Sleep(10);
                continue;
            }

            using Socket listener = Listen(Port);
            while (!_killed && !_end.IsCancellationRequested)
            {
                if (!listener.Poll(10_000, SelectMode.SelectRead)) continue;
                using Socket peer = listener.Accept();
                Read(peer);
            }
        }
    }

    private void Read(Socket peer)
    {
        byte[] buffer = new byte[16 * 1024];
        using MemoryStream part = new();
        while (!_killed && !_end.IsCancellationRequested)
        {
            if (_stopped || _slow) Thread.Sleep(50);
            if (_stopped || !peer.Poll(10_000, SelectMode.SelectRead)) continue;
            int length;
            try
            {
                length = peer.Receive(buffer);
            }
            catch (SocketException)
            {
                // A peer that is killed resets its connection.
                return;
            }

            if (length == 0) return;
            part.Write(buffer, 0, length);
            string text = Encoding.UTF8.GetString(part.GetBuffer(), 0, (int)part.Length);
            if (text.LastIndexOf('\n') is not (>= 0 and int end)) continue;
            byte[] rest = Encoding.UTF8.GetBytes(text[(end + 1)..]);
            part.SetLength(0);
            part.Write(rest);
            lock (_lines)
                foreach (string line in text[..end].Split('\n')) _lines.Add(JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!);
        }
    }
}
