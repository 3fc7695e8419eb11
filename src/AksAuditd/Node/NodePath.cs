using LinuxAudit.Interop;

namespace AksAuditd.Node;

/// <summary>
/// Whether something is at a path of the node, and what, links followed. The framework's <c>File.Exists</c> answers "no" also when it may not look, which
/// would make a denial look like a program that is not installed.
/// </summary>
internal static class NodePath
{
    /// <summary>What is there; null when nothing is (ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG).</summary>
    /// <exception cref="NodeException">It may not be looked at.</exception>
    public static EntryKind? Find(string path)
    {
        try
        {
            return NodeDirectory.StatPath(path, follow: true).Kind;
        }
        catch (NodeException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG)
        {
            return null;
        }
    }

    /// <summary>Whether there is a file, which may be a device or a socket.</summary>
    /// <exception cref="NodeException">It may not be looked at.</exception>
    public static bool IsFile(string path) => Find(path) is { } kind and not EntryKind.Directory;

    /// <summary>Whether there is a directory.</summary>
    /// <exception cref="NodeException">It may not be looked at.</exception>
    public static bool IsDirectory(string path) => Find(path) == EntryKind.Directory;
}
