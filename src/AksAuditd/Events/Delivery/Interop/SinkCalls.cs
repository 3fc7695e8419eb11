using System.Runtime.InteropServices;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery.Interop;

/// <summary>Calls on sockets and descriptors that lines are written to. All return -1 and set errno on failure.</summary>
internal static partial class SinkCalls
{
    public const int FamilyUnix = 1, FamilyInternet = 2, FamilyInternet6 = 10;
    public const int TypeStream = 1, TypeDatagram = 2, NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const int LevelSocket = 1, SendBuffer = 7, KeepAlive = 9, SocketError = 4;
    public const int LevelTcp = 6, NoDelay = 1, KeepIdle = 4, KeepInterval = 5, KeepCount = 6, TcpInfo = 11;
    public const int Peek = 0x02, DontWait = 0x40, NoSignal = 0x4000;
    public const short PollIn = 1, PollOut = 4, PollError = 8, PollHangUp = 16;

    /// <summary>socket(2): a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    /// <summary>connect(2).</summary>
    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, ReadOnlySpan<byte> address, uint size);

    /// <summary>send(2): bytes sent.</summary>
    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, ReadOnlySpan<byte> bytes, nuint size, int flags);

    /// <summary>recv(2): bytes received, 0 when the peer has closed.</summary>
    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, Span<byte> bytes, nuint size, int flags);

    /// <summary>setsockopt(2) for an int.</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int option, in int value, uint size);

    /// <summary>getsockopt(2) for an int.</summary>
    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int socket, int level, int option, out int value, ref uint size);

    /// <summary>getsockopt(2) for a structure; <paramref name="size"/> is how much of it the kernel has.</summary>
    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int socket, int level, int option, Span<byte> value, ref uint size);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>pread(2): bytes read, 0 at the end.</summary>
    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int file, Span<byte> buffer, nint size, long offset);

    /// <summary>poll(2) on one descriptor.</summary>
    /// <returns>What happened, 0 after <paramref name="milliseconds"/> or a signal.</returns>
    public static short Poll(int descriptor, short events, int milliseconds)
    {
        PollDescriptor poll = new() { Descriptor = descriptor, Events = events };
        return Poll(ref poll, 1, milliseconds) > 0 ? poll.Happened : (short)0;
    }

    /// <summary>The error of the last call of this thread.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
