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

    // How far the first group of the next call has been sent: the kernel has taken some of its lines.
    private int _sentOfGroup;

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
        if (state == SendState.Down) _sentOfGroup = 0;
        while (state == SendState.Sent && taken < Batch && lines.TryRead(out ReadOnlySpan<byte> line, out long time))
        {
            if (!LineGroup.Fits(line, MaximumLine)) state = SendState.Refused;
            else state = LineGroup.IsGroup(line) ? SendGroup(line, time) : SendLine(line, time);
            if (state == SendState.Sent) taken++;
        }

        return state;
    }

    // Goes on where a full queue stopped it. When the receiver has gone, the whole event goes to the next one.
    private SendState SendGroup(ReadOnlySpan<byte> group, long time)
    {
        ReadOnlySpan<byte> rest = group[_sentOfGroup..];
        while (LineGroup.TryTake(ref rest, out ReadOnlySpan<byte> line))
        {
            SendState state = SendLine(line, time);
            if (state != SendState.Sent)
            {
                if (state != SendState.Busy) _sentOfGroup = 0;
                return state;
            }

            _sentOfGroup = group.Length - rest.Length;
        }

        _sentOfGroup = 0;
        return SendState.Sent;
    }

    private SendState SendLine(ReadOnlySpan<byte> line, long time)
    {
        int size = _format.Write(_message, line, time);
        _socket.Send(_message.AsSpan(0, size), out Errno error);
        switch (error)
        {
            case Errno.None: return SendState.Sent;
            case Errno.EMSGSIZE: return SendState.Refused;
            case Errno.EAGAIN or Errno.ENOBUFS: return SendState.Busy;
            default:
                _socket.Break("send", error);
                return SendState.Down;
        }
    }

    public void Wait(int milliseconds) => _socket.Wait(milliseconds);

    public void Forget() => _sentOfGroup = 0;

    public void Reopen() => _socket.Restart();

    public void Dispose() => _socket.Dispose();
}
