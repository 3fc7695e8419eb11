using System.Runtime.InteropServices;
using LinuxAudit.Interop;

namespace AksAuditd.Node;

/// <summary>Something on the node failed; the message names the path (as the node sees it), what was tried, and the errno.</summary>
internal sealed class NodeException : IOException
{
    public NodeException(string path, string action, Errno errno)
        : base($"{path}: cannot {action}: {errno.Describe()}{Hint(path, errno)}")
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

    private static string Hint(string path, Errno errno) => errno switch
    {
        Errno.ELOOP => " (a symbolic link stands in the path; give the real one)",
        Errno.ENOENT when path is "/etc/audit" or "/etc/audit/rules.d" or "/etc/audit/plugins.d" => " (is auditd installed? aks-auditd install does that)",
        _ => "",
    };
}
