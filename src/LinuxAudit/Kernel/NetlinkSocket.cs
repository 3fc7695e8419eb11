using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>
/// A NETLINK_AUDIT socket: sends to the kernel, receives from the kernel alone, with a deadline. Not thread-safe, but bound to no thread:
/// every call does its work on the thread that makes it.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private readonly FileDescriptor _descriptor;

    private NetlinkSocket(FileDescriptor descriptor, uint port)
    {
        _descriptor = descriptor;
        Port = port;
    }

    /// <summary>This socket's address.</summary>
    public uint Port { get; }

    /// <summary>Messages that were refused because their sender was not the kernel.</summary>
    public long Refused { get; private set; }

    /// <summary>Opens a socket that is in the multicast <paramref name="groups"/> (a bit mask). A receive buffer of 0 bytes leaves the system's default.</summary>
    public static NetlinkSocket Open(uint groups, int receiveBuffer, ushort? onlyType = null)
    {
        FileDescriptor descriptor = SocketCalls.Socket(
            SocketCalls.AddressFamilyNetlink,
            SocketCalls.TypeRaw | SocketCalls.NonBlocking | SocketCalls.CloseOnExec,
            SocketCalls.ProtocolAudit);
        if (descriptor.IsInvalid) throw Failure("socket(NETLINK_AUDIT)", KernelCall.Open);
        try
        {
            // Acknowledgements without a copy of the request: a refused rule need not travel twice. Older kernels do without.
            _ = SocketCalls.SetOption(descriptor, SocketCalls.LevelNetlink, SocketCalls.NetlinkCapAck, 1);
            if (receiveBuffer > 0) SetReceiveBuffer(descriptor, receiveBuffer);
            // Before it is bound: no other message must get in.
            if (onlyType is { } type && MessageFilter.LetThrough(descriptor, type) != 0) throw LinuxException.FromLastError("setsockopt(SO_ATTACH_FILTER)");
            NetlinkAddress own = new() { Family = SocketCalls.AddressFamilyNetlink, Groups = groups };
            if (SocketCalls.Bind(descriptor, in own) != 0) throw Failure("bind(NETLINK_AUDIT)", groups == 0 ? KernelCall.Open : KernelCall.Listen);
            if (SocketCalls.GetSocketName(descriptor, out own) != 0) throw LinuxException.FromLastError("getsockname");
            return new NetlinkSocket(descriptor, own.Port);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Sends to the kernel, which has dealt with the message when this returns. None, or an errno with which nothing was sent.</summary>
    public Errno Send(ReadOnlySpan<byte> message)
    {
        NetlinkAddress kernel = new() { Family = SocketCalls.AddressFamilyNetlink };
        while (SocketCalls.Send(_descriptor, message, in kernel) < 0)
        {
            switch (LinuxException.LastError)
            {
                case Errno.EINTR: continue;
                case Errno error and (Errno.EPERM or Errno.EAGAIN or Errno.ENOMEM or Errno.EMSGSIZE or Errno.ENOBUFS or Errno.ECONNREFUSED): return error;
                default: throw LinuxException.FromLastError("sendto(NETLINK_AUDIT)");
            }
        }
        return Errno.None;
    }

    /// <summary>
    /// The next message from the kernel. None; ETIMEDOUT after <paramref name="deadline"/>; ENOBUFS when the kernel dropped messages for want of
    /// room (the next call goes on behind the gap); EMSGSIZE when the message was longer than the buffer: <paramref name="length"/> is its real length.
    /// </summary>
    public Errno Receive(Span<byte> buffer, Deadline deadline, out int length)
    {
        while (true)
        {
            nint received = SocketCalls.Receive(_descriptor, buffer, SocketCalls.RealLength, out NetlinkAddress from);
            if (received >= 0)
            {
                length = (int)received;
                if (from.Port == 0) return length > buffer.Length ? Errno.EMSGSIZE : Errno.None;
                Refused++;
                // A flood of forged messages must not keep a caller here beyond its time.
                if (!deadline.HasPassed) continue;
                return Errno.ETIMEDOUT;
            }
            length = 0;
            switch (LinuxException.LastError)
            {
                case Errno.EINTR: continue;
                case Errno.ENOBUFS: return Errno.ENOBUFS;
                case Errno.EAGAIN: break;
                default: throw LinuxException.FromLastError("recvfrom(NETLINK_AUDIT)");
            }
            switch (DescriptorCalls.WaitReadable(_descriptor, deadline.MillisecondsLeft))
            {
                case Errno.None: break;
                case Errno.EINTR or Errno.ETIMEDOUT when !deadline.HasPassed: break;
                case Errno.EINTR or Errno.ETIMEDOUT: return Errno.ETIMEDOUT;
                default: throw LinuxException.FromLastError("poll");
            }
        }
    }

    public void Dispose() => _descriptor.Dispose();

    private static void SetReceiveBuffer(FileDescriptor descriptor, int bytes)
    {
        // The first goes beyond net.core.rmem_max but needs CAP_NET_ADMIN; the second takes what it gets.
        if (SocketCalls.SetOption(descriptor, SocketCalls.LevelSocket, SocketCalls.ReceiveBufferForce, bytes) == 0) return;
        if (SocketCalls.SetOption(descriptor, SocketCalls.LevelSocket, SocketCalls.ReceiveBuffer, bytes) != 0)
            throw LinuxException.FromLastError("setsockopt(SO_RCVBUF)");
    }

    private static LinuxException Failure(string call, KernelCall during)
    {
        Errno errno = LinuxException.LastError;
        return new LinuxException(call, errno, KernelErrors.Explain(during, errno));
    }
}
