using System.Runtime.InteropServices;

namespace AksAuditd.Node.Interop;

/// <summary>inotify(7) and what waiting for it needs. All return -1 and set errno on failure.</summary>
internal static partial class InotifyCalls
{
    /// <summary>IN_CLOEXEC and IN_NONBLOCK are O_CLOEXEC and O_NONBLOCK.</summary>
    public const int CloseOnExec = FileCalls.OpenCloseOnExec, NonBlock = FileCalls.OpenNonBlock;

    public const uint Modify = 0x2, Create = 0x100, Delete = 0x200, Overflow = 0x4000, Ignored = 0x8000, OnlyDirectory = 0x1000000;

    /// <summary>poll(2): there is something to read.</summary>
    public const short PollIn = 1;

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

    /// <summary>inotify_init1(2): a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int Init(int flags);

    /// <summary>inotify_add_watch(2): a watch's number.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddWatch(int inotify, string path, uint mask);

    /// <summary>inotify_rm_watch(2).</summary>
    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int RemoveWatch(int inotify, int watch);

    /// <summary>eventfd(2): a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    /// <summary>poll(2): how many are ready, 0 after so many milliseconds; -1 ms waits for ever.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<PollDescriptor> descriptors, ulong count, int milliseconds);
}
