using System.Runtime.InteropServices;

namespace AksAuditd.Node.Interop;

/// <summary>File system calls relative to a directory descriptor. All return -1 and set errno on failure.</summary>
internal static partial class FileCalls
{
    public const int AtFdCwd = -100;
    public const int OpenReadOnly = 0, OpenWriteOnly = 1, OpenReadWrite = 2, OpenCreate = 0x40, OpenExclusive = 0x80, OpenNonBlock = 0x800, OpenCloseOnExec = 0x80000;

    // O_DIRECTORY and O_NOFOLLOW are the only two flags used here whose values differ between x86 and arm.
    public static readonly int OpenDirectory = IsArm ? 0x4000 : 0x10000;
    public static readonly int OpenNoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>openat2(2): RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS.</summary>
    public const ulong ResolveNoSymlinks = 0x02 | 0x04;

    /// <summary>The number of openat2(2), the same on every architecture.</summary>
    public const long SysOpenat2 = 437;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>struct open_how of linux/openat2.h: 24 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>The head of struct statx of linux/stat.h; 256 bytes in all.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct Statx
    {
        public uint Mask, BlockSize;
        public ulong Attributes;
        public uint Links, Uid, Gid;
        public ushort Mode, Spare;
        public ulong Inode, Size;
    }

    /// <summary>openat2(2) through syscall(2): a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long Openat2(long number, long directory, string path, in OpenHow how, long size);

    /// <summary>openat(2): a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, ReadOnlySpan<byte> name, int flags, uint mode);

    /// <summary>statx(2), flag AT_SYMLINK_NOFOLLOW 0x100, mask STATX_BASIC_STATS 0x7ff.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int StatAt(int directory, ReadOnlySpan<byte> name, int flags, uint mask, out Statx stat);

    /// <summary>getdents64(2): bytes read, 0 at the end.</summary>
    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDirectoryEntries(int directory, Span<byte> buffer, nint size);

    /// <summary>readlinkat(2): bytes read, no final NUL.</summary>
    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(int directory, ReadOnlySpan<byte> name, Span<byte> buffer, nint size);

    /// <summary>renameat(2).</summary>
    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to);

    /// <summary>unlinkat(2), flags 0: not for directories; AT_REMOVEDIR 0x200: for empty ones.</summary>
    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int directory, ReadOnlySpan<byte> name, int flags);

    /// <summary>linkat(2), flags 0.</summary>
    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to, int flags);

    /// <summary>access(2): W_OK.</summary>
    public const int MayWrite = 2;

    /// <summary>access(2); EROFS on a read-only file system, for root too.</summary>
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>mkdirat(2).</summary>
    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeDirectoryAt(int directory, ReadOnlySpan<byte> name, uint mode);

    /// <summary>fchmod(2).</summary>
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int file, uint mode);

    /// <summary>fchown(2).</summary>
    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(int file, uint uid, uint gid);

    /// <summary>fsync(2).</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int file);

    /// <summary>read(2): bytes read, 0 at the end.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, Span<byte> buffer, nint size);

    /// <summary>write(2): bytes written.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, ReadOnlySpan<byte> buffer, nint size);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    /// <summary>flock(2): LOCK_EX | LOCK_NB is 6.</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int file, int operation);

    /// <summary>ftruncate(2).</summary>
    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int file, long length);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

    /// <summary>poll(2): number of descriptors that are ready, 0 when the time is over.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int file, nuint request, out int value);

    /// <summary>FIONREAD: bytes that a pipe, a socket or a file has to be read; -1 when it does not say.</summary>
    public static int BytesToRead(int file)
    {
        const nuint bytesToRead = 0x541B;
        return Ioctl(file, bytesToRead, out int bytes) < 0 ? -1 : bytes;
    }

    /// <summary>Waits until <paramref name="file"/> can be read, or has ended; false when the time is over or a signal came.</summary>
    public static bool WaitForInput(int file, TimeSpan limit)
    {
        const short input = 1;
        PollDescriptor poll = new() { Descriptor = file, Events = input };
        return Poll(ref poll, 1, (int)Math.Ceiling(limit.TotalMilliseconds)) > 0;
    }
}
