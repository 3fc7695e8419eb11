using System.Runtime.InteropServices;

namespace AksAuditd.Node;

/// <summary>Something on the node failed; the message names the path (as the node sees it), what was tried, and the errno.</summary>
internal sealed class NodeException : IOException
{
    public NodeException(string path, string action, int errno)
        : base($"{path}: cannot {action}: {ErrnoName(errno)}: {Marshal.GetPInvokeErrorMessage(errno)}{Hint(errno)}")
    {
        Path = path;
        Errno = errno;
    }

    public NodeException(string path, string message)
        : base($"{path}: {message}") => Path = path;

    /// <summary>The path on the node.</summary>
    public string Path { get; }

    /// <summary>The errno; 0 when no system call failed.</summary>
    public int Errno { get; }

    /// <summary>The errno of the last call, as an exception.</summary>
    public static NodeException FromLastCall(string path, string action) => new(path, action, Marshal.GetLastPInvokeError());

    private static string Hint(int errno) => errno == NodeErrno.Loop ? " (a symbolic link stands in the path; give the real one)" : "";

    private static string ErrnoName(int errno) => errno switch
    {
        NodeErrno.NotPermitted => "EPERM",
        NodeErrno.NoEntry => "ENOENT",
        NodeErrno.InputOutput => "EIO",
        NodeErrno.Access => "EACCES",
        NodeErrno.Exists => "EEXIST",
        NodeErrno.NotDirectory => "ENOTDIR",
        NodeErrno.IsDirectory => "EISDIR",
        NodeErrno.NoSpace => "ENOSPC",
        NodeErrno.ReadOnly => "EROFS",
        NodeErrno.Loop => "ELOOP",
        NodeErrno.Quota => "EDQUOT",
        _ => $"errno {errno}",
    };
}

/// <summary>The errnos that are told apart; asm-generic/errno-base.h and errno.h.</summary>
internal static class NodeErrno
{
    public const int NotPermitted = 1, NoEntry = 2, NoProcess = 3, Interrupted = 4, InputOutput = 5, Again = 11, Access = 13, Exists = 17,
        NotDirectory = 20, IsDirectory = 21, NoSpace = 28, ReadOnly = 30, Loop = 40, Quota = 122;
}
