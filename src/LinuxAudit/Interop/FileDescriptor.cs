using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>Owns a file descriptor of the kernel. Unlike the framework's handles it takes 0 for the good descriptor that it is.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    public FileDescriptor() : base(-1, ownsHandle: true) { }

    public override bool IsInvalid => handle == -1;

    // close(2): EINTR still closes on Linux, so it is never repeated.
    protected override bool ReleaseHandle() => DescriptorCalls.Close((int)handle) == 0 || LinuxException.LastError == Errno.EINTR;
}
