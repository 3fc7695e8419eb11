using System.Net;
using AksAuditd.Events.Delivery.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Syslog over TCP or a stream socket of this machine. A line counts as taken when the kernel has all of it: what it still has when a connection breaks is
/// gone, and nobody can say how much that is. A line that was half sent is sent again, whole, over the next connection.
/// </summary>
internal sealed class StreamSink : ISink
{
    private readonly SinkSocket _socket;
    private readonly OutputBuffer _output;

    public StreamSink(string name, EndPoint peer, SyslogOptions options, TimeProvider clock)
    {
        SyslogFormat format = new(options);
        Name = name;
        MaximumLine = options.MaximumMessage - format.HeaderSize;
        _output = new(format, MaximumLine);
        _socket = new(peer, SinkCalls.TypeStream, clock);
    }

    public string Name { get; }

    public int MaximumLine { get; }

    public string? Error => _socket.Error;

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        SendState state = _socket.Connect();
        if (state != SendState.Sent) return state;
        if (_socket.HasPeerGone()) return Lose();
        if (_output.IsEmpty && !_output.Fill(lines)) return SendState.Refused;

        int sent = _socket.Send(_output.Unwritten, out Errno error);
        taken = _output.Advance(sent);
        if (error is Errno.EAGAIN or Errno.ENOBUFS) return SendState.Busy;
        if (error == Errno.None) return SendState.Sent;
        _socket.Break("send", error);
        return Lose();
    }

    public void Wait(int milliseconds) => _socket.Wait(milliseconds);

    public void Forget()
    {
        if (_output.IsInsideLine) _socket.Restart();
        _output.Clear();
    }

    public void Reopen()
    {
        // A line is never broken for this: the half that is out would stay half.
        if (_output.IsInsideLine) return;
        _socket.Restart();
        _output.Clear();
    }

    public void Dispose() => _socket.Dispose();

    private SendState Lose()
    {
        _output.Clear();
        return SendState.Down;
    }
}
