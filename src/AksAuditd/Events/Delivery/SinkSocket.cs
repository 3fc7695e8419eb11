using System.Net;
using AksAuditd.Events.Delivery.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// A non-blocking socket that connects to one place, again and again. Blocks nowhere but in <see cref="Wait"/>.
/// </summary>
internal sealed class SinkSocket(EndPoint peer, int type, TimeProvider clock) : IDisposable
{
    private const Errno InProgress = (Errno)115, Already = (Errno)114;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Small: what the kernel has taken and the peer has not is lost with the connection.
    private const int SendBufferSize = 256 * 1024;
    private readonly byte[] _address = peer.Serialize().Buffer.Span[..peer.Serialize().Size].ToArray();
    private readonly Reconnect _reconnect = new(clock);
    private int _socket = -1;
    private long _connecting, _asked;
    private bool _connected;

    /// <summary>Why there is no connection; null while there is one.</summary>
    public string? Error { get; private set; }

    /// <summary>A TCP peer that has not answered for so long, though it was asked again and again, has gone. 15 s by default.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Sees to a connection as far as that goes without waiting.</summary>
    /// <returns><see cref="SendState.Sent"/>: there is one; <see cref="SendState.Busy"/>: it is being made.</returns>
    public SendState Connect()
    {
        if (_connected) return SendState.Sent;
        if (_socket < 0 && !Begin()) return SendState.Down;
        if (_connected) return SendState.Sent;
        short happened = SinkCalls.Poll(_socket, SinkCalls.PollOut, 0);
        if (happened == 0)
        {
            if (clock.GetElapsedTime(_connecting) < ConnectTimeout) return SendState.Busy;
            Break("connect", Errno.ETIMEDOUT);
            return SendState.Down;
        }

        uint size = sizeof(int);
        if (SinkCalls.GetOption(_socket, SinkCalls.LevelSocket, SinkCalls.SocketError, out int error, ref size) != 0) error = (int)SinkCalls.LastError;
        if (error != 0)
        {
            Break("connect", (Errno)error);
            return SendState.Down;
        }

        Connected();
        return SendState.Sent;
    }

    /// <summary>Whether the peer has closed or reset the connection, or does not answer any more; then it is given up. A peer that only reads nothing has not gone.</summary>
    public bool HasPeerGone()
    {
        if (IsUnanswered())
        {
            Break("no answer", Errno.ETIMEDOUT);
            return true;
        }

        // What the peer says is not for us; only that it has no more to say matters.
        Span<byte> ignored = stackalloc byte[256];
        while (true)
        {
            nint read = SinkCalls.Receive(_socket, ignored, (nuint)ignored.Length, SinkCalls.DontWait);
            if (read > 0) continue;
            if (read < 0 && SinkCalls.LastError is Errno.EAGAIN or Errno.EINTR) return false;
            Break(read == 0 ? "closed by the peer" : "receive", read == 0 ? Errno.None : SinkCalls.LastError);
            return true;
        }
    }

    /// <summary>send(2). Bytes the kernel took; 0 with <paramref name="error"/>.</summary>
    public int Send(ReadOnlySpan<byte> bytes, out Errno error)
    {
        nint sent;
        do sent = SinkCalls.Send(_socket, bytes, (nuint)bytes.Length, SinkCalls.DontWait | SinkCalls.NoSignal);
        while (sent < 0 && SinkCalls.LastError == Errno.EINTR);
        error = sent < 0 ? SinkCalls.LastError : Errno.None;
        return sent < 0 ? 0 : (int)sent;
    }

    /// <summary>Waits until it can be sent to, or connected, or so long.</summary>
    public void Wait(int milliseconds)
    {
        if (_socket >= 0) SinkCalls.Poll(_socket, SinkCalls.PollOut, milliseconds);
        else Thread.Sleep(milliseconds);
    }

    /// <summary>Gives the connection up because of an error; the next attempt has to wait.</summary>
    public void Break(string call, Errno errno)
    {
        _reconnect.Failed(_connected);
        Error = errno == Errno.None ? call : $"{call}: {errno.Describe()}";
        Close();
    }

    /// <summary>Closes it; the next <see cref="Connect"/> begins at once.</summary>
    public void Restart()
    {
        Close();
        _reconnect.Reset();
    }

    public void Dispose() => Close();

    private bool Begin()
    {
        if (!_reconnect.IsDue) return false;
        int family = BitConverter.ToUInt16(_address);
        _socket = SinkCalls.Socket(family, type | SinkCalls.NonBlocking | SinkCalls.CloseOnExec, 0);
        if (_socket < 0)
        {
            Break("socket", SinkCalls.LastError);
            return false;
        }

        Prepare(family);
        _connecting = clock.GetTimestamp();
        if (SinkCalls.Connect(_socket, _address, (uint)_address.Length) == 0)
        {
            Connected();
            return true;
        }

        // EAGAIN of a Unix socket: its queue of connections is full. Not begun, so it is tried again.
        Errno errno = SinkCalls.LastError;
        if (errno is InProgress or Already or Errno.EINTR) return true;
        Break("connect", errno);
        return false;
    }

    private void Prepare(int family)
    {
        if (type == SinkCalls.TypeStream) Set(SinkCalls.LevelSocket, SinkCalls.SendBuffer, SendBufferSize);
        if (family == SinkCalls.FamilyUnix) return;
        Set(SinkCalls.LevelTcp, SinkCalls.NoDelay, 1);
        Set(SinkCalls.LevelSocket, SinkCalls.KeepAlive, 1);
        Set(SinkCalls.LevelTcp, SinkCalls.KeepIdle, 10);
        Set(SinkCalls.LevelTcp, SinkCalls.KeepInterval, 5);
        Set(SinkCalls.LevelTcp, SinkCalls.KeepCount, 3);
    }

    // Not TCP_USER_TIMEOUT: with it the kernel also gives up a peer that answers and has no room, and what it has taken of us is lost.
    private bool IsUnanswered()
    {
        if (BitConverter.ToUInt16(_address) == SinkCalls.FamilyUnix || clock.GetElapsedTime(_asked) < DeadAfter / 4) return false;
        _asked = clock.GetTimestamp();
        // struct tcp_info: how often it was asked without an answer, by segments sent again and by probes of its window; how long ago it last answered.
        const int retransmits = 2, probes = 3, lastAnswer = 56, wanted = 60;
        Span<byte> info = stackalloc byte[wanted];
        uint size = wanted;
        return SinkCalls.GetOption(_socket, SinkCalls.LevelTcp, SinkCalls.TcpInfo, info, ref size) == 0 && size == wanted
            && info[retransmits] + info[probes] >= 2 && BitConverter.ToUInt32(info[lastAnswer..]) >= DeadAfter.TotalMilliseconds;
    }

    private void Set(int level, int option, int value) => SinkCalls.SetOption(_socket, level, option, value, sizeof(int));

    private void Connected()
    {
        _connected = true;
        Error = null;
        _reconnect.Opened();
    }

    private void Close()
    {
        if (_socket >= 0) SinkCalls.Close(_socket);
        _socket = -1;
        _connected = false;
    }
}
