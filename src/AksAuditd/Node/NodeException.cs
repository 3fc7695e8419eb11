using System.Runtime.InteropServices;
using LinuxAudit.Interop;

namespace AksAuditd.Node;

/// <summary>Something on the node failed; the message names the path (as the node sees it), what was tried, and the errno.</summary>
internal sealed class NodeException : IOException
{
    public NodeException(string path, string action, Errno errno)
        : base($"{path}: cannot {action}: {errno.Describe()}{Hint(path, errno)}{Confinement.Hint(errno)}")
    {
        Path = path;
        Errno = errno;
    }

    public NodeException(string path, string message)
        : base($"{path}: {message}") => Path = path;

    /// <summary>The path on the node.</summary>
    public string Path { get; }

    /// <summary>The error; <see cref="Errno.None"/> when no system call failed.</summary>
    public Errno Errno { get; }

    /// <summary>The error of the last call on this thread.</summary>
    public static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>The error of the last call, as an exception.</summary>
    public static NodeException FromLastCall(string path, string action) => new(path, action, LastErrno);

    /// <summary>An error of the framework's file calls, whose own message leaves the errno out.</summary>
    /// <param name="error">An <see cref="IOException"/>, or an <see cref="UnauthorizedAccessException"/>, which is EACCES, EPERM or EROFS.</param>
    /// <param name="path">The path on the node.</param>
    /// <param name="action">What was tried.</param>
    public static NodeException From(Exception error, string path, string action)
    {
        // On Unix the framework keeps errno as the HResult of the exception, or of the one inside it.
        int number = (error.InnerException ?? error).HResult;
        return number is > 0 and < 4096 ? new(path, action, (Errno)number) : new(path, $"cannot {action}: {error.Message}");
    }

    private static string Hint(string path, Errno errno) => errno switch
    {
        Errno.ELOOP => " (a symbolic link stands in the path; give the real one)",
        Errno.ENOENT when path is "/etc/audit" or "/etc/audit/rules.d" or "/etc/audit/plugins.d" => " (is auditd installed? aks-auditd install does that)",
        _ => "",
    };
}
