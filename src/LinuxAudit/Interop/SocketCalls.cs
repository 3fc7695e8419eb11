using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>Calls on a netlink socket. Lengths are taken from spans, so no caller can name one that is wrong.</summary>
internal static partial class SocketCalls
{
    public const int AddressFamilyNetlink = 16;
    public const int TypeRaw = 3;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int ProtocolAudit = 9;

    public const int LevelSocket = 1;
    public const int ReceiveBuffer = 8;
    public const int ReceiveBufferForce = 33;
    public const int LevelNetlink = 270;
    public const int NetlinkCapAck = 10;

    /// <summary>MSG_TRUNC: recv returns the real length of the message even when it was longer than the buffer.</summary>
    public const int RealLength = 0x20;

    /// <summary>socket(2), netlink(7). An invalid handle and errno when it fails.</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial FileDescriptor Socket(int family, int type, int protocol);

    /// <summary>bind(2). 0, or -1 with errno.</summary>
    public static int Bind(FileDescriptor socket, in NetlinkAddress address) => Bind(socket, in address, NetlinkAddress.Size);

    /// <summary>getsockname(2). 0, or -1 with errno.</summary>
    public static int GetSocketName(FileDescriptor socket, out NetlinkAddress address)
    {
        uint size = NetlinkAddress.Size;
        return GetSocketName(socket, out address, ref size);
    }

    /// <summary>setsockopt(2) for an option that is an int. 0, or -1 with errno.</summary>
    public static int SetOption(FileDescriptor socket, int level, int option, int value) => SetOption(socket, level, option, in value, sizeof(int));

    /// <summary>sendto(2). Bytes sent, or -1 with errno.</summary>
    public static nint Send(FileDescriptor socket, ReadOnlySpan<byte> message, in NetlinkAddress to) =>
        Send(socket, message, (nuint)message.Length, 0, in to, NetlinkAddress.Size);

    /// <summary>recvfrom(2). With <see cref="RealLength"/> the length of the message, which may exceed the buffer's; or -1 with errno.</summary>
    public static nint Receive(FileDescriptor socket, Span<byte> buffer, int flags, out NetlinkAddress from)
    {
        uint size = NetlinkAddress.Size;
        return Receive(socket, buffer, (nuint)buffer.Length, flags, out from, ref size);
    }

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(FileDescriptor socket, in NetlinkAddress address, uint size);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetSocketName(FileDescriptor socket, out NetlinkAddress address, ref uint size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(FileDescriptor socket, int level, int option, in int value, uint size);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint Send(FileDescriptor socket, ReadOnlySpan<byte> message, nuint length, int flags, in NetlinkAddress to, uint size);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint Receive(FileDescriptor socket, Span<byte> buffer, nuint length, int flags, out NetlinkAddress from, ref uint size);
}

/// <summary><c>struct sockaddr_nl</c>, netlink(7). Port 0 is the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkAddress
{
    public const uint Size = 12;

    public ushort Family;
    public ushort Padding;
    public uint Port;
    public uint Groups;
}
