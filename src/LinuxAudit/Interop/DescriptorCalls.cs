using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>Calls on any file descriptor.</summary>
internal static partial class DescriptorCalls
{
    /// <summary>poll(2): there is something to read.</summary>
    public const short PollIn = 1;

    /// <summary>close(2). 0, or -1 with errno.</summary>
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>poll(2). Number of descriptors that are ready, 0 after <paramref name="milliseconds"/>, or -1 with errno; -1 ms waits for ever.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    /// <summary>Waits until <paramref name="descriptor"/> can be read (or has an error to read). None, ETIMEDOUT, EINTR or another errno.</summary>
    public static Errno WaitReadable(FileDescriptor descriptor, int milliseconds)
    {
        bool held = false;
        try
        {
            descriptor.DangerousAddRef(ref held);
            PollDescriptor poll = new() { Descriptor = (int)descriptor.DangerousGetHandle(), Events = PollIn };
            int ready = Poll(ref poll, 1, milliseconds);
            return ready > 0 ? Errno.None : ready == 0 ? Errno.ETIMEDOUT : LinuxException.LastError;
        }
        finally
        {
            if (held) descriptor.DangerousRelease();
        }
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
