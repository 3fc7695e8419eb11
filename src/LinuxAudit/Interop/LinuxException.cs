using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>A Linux system call failed in a way its caller does not expect. Errors that are expected are return values (<see cref="Interop.Errno"/>).</summary>
public sealed class LinuxException : Exception
{
    /// <summary>For the call <paramref name="call"/>, as its man page names it, optionally with its object: <c>socket(AF_NETLINK)</c>.</summary>
    /// <param name="call">Name of the call.</param>
    /// <param name="errno">What it failed with.</param>
    /// <param name="meaning">What that means here, one sentence without a final stop; null when there is nothing to add.</param>
    public LinuxException(string call, Errno errno, string? meaning = null)
        : base(meaning is null ? $"{call}: {errno.Describe()}" : $"{call}: {errno.Describe()}: {meaning}")
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>Name of the call that failed.</summary>
    public string Call { get; }

    /// <summary>What it failed with.</summary>
    public Errno Errno { get; }

    /// <summary>For the call that has just failed on this thread: takes errno from the last native call declared with <c>SetLastError</c>.</summary>
    internal static LinuxException FromLastError(string call, string? meaning = null) => new(call, LastError, meaning);

    /// <summary>errno of the last native call on this thread declared with <c>SetLastError</c>.</summary>
    internal static Errno LastError => (Errno)Marshal.GetLastPInvokeError();
}
