using System.Net;
using AksAuditd.Events.Delivery.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Syslog over a datagram socket of this machine: <c>/dev/log</c>. The receiver's queue is short; when it is full the kernel says so, and nothing is lost.
/// </summary>
internal sealed class DatagramSink : ISink
{
    // As many as one call sends before it looks whether there is something else to do.
    private const int Batch = 64;
    private readonly SinkSocket _socket;
    private readonly SyslogFormat _format;
    private readonly byte[] _message;

    public DatagramSink(string name, EndPoint peer, SyslogOptions options, TimeProvider clock)
    {
        _format = new(options with { Framing = SyslogFraming.None });
        Name = name;
        MaximumLine = options.MaximumMessage - _format.HeaderSize;
        _message = new byte[options.MaximumMessage];
        _socket = new(peer, SinkCalls.TypeDatagram, clock);
    }

    public string Name { get; }

    public int MaximumLine { get; }

    public string? Error => _socket.Error;

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        SendState state = _socket.Connect();
        while (state == SendState.Sent && taken < Batch && lines.TryRead(out ReadOnlySpan<byte> line, out long time))
        {
            if (line.Length > MaximumLine) return SendState.Refused;
            int size = _format.Write(_message, line, time);
            _socket.Send(_message.AsSpan(0, size), out Errno error);
            switch (error)
            {
                case Errno.None:
                    taken++;
                    break;
                case Errno.EMSGSIZE:
                    return SendState.Refused;
                case Errno.EAGAIN or Errno.ENOBUFS:
                    state = SendState.Busy;
                    break;
                default:
                    _socket.Break("send", error);
                    state = SendState.Down;
                    break;
            }
        }

        return state;
    }

    public void Wait(int milliseconds) => _socket.Wait(milliseconds);

    public void Forget()
    {
        // Nothing is kept from one call to the next.
    }

    public void Reopen() => _socket.Restart();

    public void Dispose() => _socket.Dispose();
}
