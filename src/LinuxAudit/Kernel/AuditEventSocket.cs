using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>
/// Audit records straight from the kernel: as the one audit daemon (each record goes to it, and waits when it is slow) or as a listener of the
/// multicast group (a copy beside the daemon, which the kernel drops when the listener is slow).
/// </summary>
/// <remarks>Not thread-safe, bound to no thread; receiving allocates nothing and is one system call a record while there are any.</remarks>
public sealed class AuditEventSocket : IDisposable
{
    /// <summary>A buffer of this many bytes (8,970 and the 16 of a netlink header, rounded up) takes every record.</summary>
    public const int MaxMessage = 9216;

    private readonly NetlinkSocket _socket;
    private readonly bool _daemon;
    // Records that came before the kernel's answer that made this the daemon (kernels before 6.7 or so): few and once.
    private readonly Queue<byte[]> _early = [];

    private AuditEventSocket(NetlinkSocket socket, bool daemon)
    {
        _socket = socket;
        _daemon = daemon;
    }

    /// <summary>Times that the kernel dropped records because this socket's buffer was full.</summary>
    public long Overruns { get; private set; }

    /// <summary>Messages dropped because their sender was not the kernel.</summary>
    public long RefusedMessages => _socket.Refused;

    /// <summary>
    /// Joins the multicast group AUDIT_NLGRP_READLOG. Needs CAP_AUDIT_READ, and hears records in the initial network namespace only.
    /// </summary>
    /// <param name="receiveBuffer">
    /// Bytes of the socket's buffer, the kernel doubles it; 0 leaves the system's default (<c>net.core.rmem_default</c>). More than
    /// <c>net.core.rmem_max</c> needs CAP_NET_ADMIN and is cut to it otherwise.
    /// </param>
    /// <param name="onlyType">The one record type to hear, such as 1305 (CONFIG_CHANGE); the kernel keeps all others to itself. Null (default): all.</param>
    /// <exception cref="LinuxException">It may not, or there is no audit.</exception>
    public static AuditEventSocket Listen(int receiveBuffer = 0, ushort? onlyType = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receiveBuffer);
        return new AuditEventSocket(NetlinkSocket.Open(groups: 1, receiveBuffer, onlyType), daemon: false);
    }

    /// <summary>
    /// Makes this process the audit daemon: every record comes here until <see cref="Dispose"/>. Needs CAP_AUDIT_CONTROL. It does not switch auditing on.
    /// </summary>
    /// <param name="socket">The socket, null when it failed.</param>
    /// <param name="receiveBuffer">As in <see cref="Listen"/>.</param>
    /// <param name="timeout">Longest that the kernel's answer may take; null is <see cref="AuditClient.DefaultTimeout"/>.</param>
    /// <returns>None; EEXIST when another daemon lives (the status has its pid); EPERM; ETIMEDOUT.</returns>
    public static Errno TryBecomeDaemon(out AuditEventSocket? socket, int receiveBuffer = 0, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receiveBuffer);
        AuditEventSocket opened = new(NetlinkSocket.Open(groups: 0, receiveBuffer), daemon: true);
        Errno error;
        try
        {
            error = opened.SetPid((uint)Environment.ProcessId, timeout ?? AuditClient.DefaultTimeout);
        }
        catch
        {
            opened._socket.Dispose();
            throw;
        }
        socket = error == Errno.None ? opened : null;
        if (socket is null) opened._socket.Dispose();
        return error;
    }

    /// <summary>Waits for the next record.</summary>
    /// <param name="buffer">Where it goes; <see cref="MaxMessage"/> bytes hold any.</param>
    /// <param name="timeout">Longest wait; zero only looks, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="message">The record; default when there is none.</param>
    /// <exception cref="LinuxException">The socket does not work.</exception>
    public ReceiveStatus Receive(Span<byte> buffer, TimeSpan timeout, out AuditMessage message)
    {
        Deadline deadline = Deadline.After(timeout);
        message = default;
        while (true)
        {
            Errno error = ReceiveRaw(buffer, deadline, out int length);
            switch (error)
            {
                case Errno.ETIMEDOUT: return ReceiveStatus.TimedOut;
                case Errno.EMSGSIZE: return ReceiveStatus.Truncated;
                case Errno.ENOBUFS:
                    Overruns++;
                    return ReceiveStatus.Overrun;
            }
            // Late answers of this socket's own requests are no records.
            if (!NetlinkHeader.TryRead(buffer[..length], out NetlinkHeader header) || header.Type < 1000) continue;
            // Not the header's length: to the daemon the kernel sends one that lacks the header (kernel/audit.c, audit_log_end).
            message = new AuditMessage(header.Type, buffer[NetlinkHeader.Size..length].TrimEnd((byte)0));
            return ReceiveStatus.Message;
        }
    }

    /// <summary>Closes the socket; the daemon also tells the kernel that it is none any more.</summary>
    public void Dispose()
    {
        try
        {
            // Without it the kernel notices at the next record. An error changes nothing: the socket goes anyway.
            if (_daemon) _ = SetPid(0, TimeSpan.FromSeconds(1));
        }
        finally
        {
            _socket.Dispose();
        }
    }

    private Errno ReceiveRaw(Span<byte> buffer, Deadline deadline, out int length)
    {
        if (_early.Count == 0) return _socket.Receive(buffer, deadline, out length);
        byte[] early = _early.Dequeue();
        length = early.Length;
        if (length > buffer.Length) return Errno.EMSGSIZE;
        early.CopyTo(buffer);
        return Errno.None;
    }

    private Errno SetPid(uint pid, TimeSpan timeout)
    {
        const int length = NetlinkHeader.Size + AuditStatus.Size;
        Span<byte> request = stackalloc byte[length];
        uint sequence = pid == 0 ? 2u : 1u;
        new NetlinkHeader(length, (ushort)ControlMessage.Set, NetlinkHeader.FlagRequest | NetlinkHeader.FlagAck, sequence, _socket.Port).Write(request);
        new AuditStatus { Mask = AuditStatusMask.Pid, Pid = pid }.Write(request[NetlinkHeader.Size..]);
        Errno error = _socket.Send(request);
        Deadline deadline = Deadline.After(timeout);
        byte[] buffer = new byte[MaxMessage];
        while (error == Errno.None)
        {
            error = _socket.Receive(buffer, deadline, out int received);
            if (error != Errno.None) break;
            ReadOnlySpan<byte> message = buffer.AsSpan(0, received);
            if (!NetlinkHeader.TryRead(message, out NetlinkHeader header)) continue;
            if (header.Type == NetlinkHeader.TypeError && header.Sequence == sequence)
            {
                return !header.TryPayload(message, out ReadOnlySpan<byte> payload) || !NetlinkHeader.TryReadAnswer(payload, out int answer) ? Errno.EPROTO
                    : (Errno)(-answer);
            }
            if (pid != 0 && header.Type >= 1000) _early.Enqueue(message.ToArray());
            if (deadline.HasPassed) error = Errno.ETIMEDOUT;
        }
        return error;
    }
}
