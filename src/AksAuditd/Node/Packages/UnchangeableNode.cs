using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Node.Packages;

/// <summary>Whether packages can be installed on this node at all.</summary>
internal static class UnchangeableNode
{
    /// <summary>What to do about it.</summary>
    public const string Way = "auditd cannot be installed; set mode: auto or embedded (the agent is the audit daemon then), or use a node image with auditd in it";

    /// <summary>Why packages cannot be installed; null when they can.</summary>
    /// <param name="distribution">What os-release says; null when there is no such file.</param>
    /// <param name="manager">Its package manager; null when none is known.</param>
    /// <param name="commands">The node's programs.</param>
    public static string? Reason(OsRelease? distribution, IPackageManager? manager, NodeCommand commands) =>
        distribution is null ? "it has no /etc/os-release, so its distribution is unknown"
            : manager is null ? $"its distribution, {distribution} (ID={distribution.Id}), is none of those with apt-get, dnf, tdnf or zypper"
            : NodePath.IsFile("/run/ostree-booted") ? $"{distribution} is an image (ostree) that is replaced as a whole"
            : IsReadOnly("/usr") ? $"/usr is read-only ({distribution})"
            : commands.Find(manager.Name) is null ? $"{distribution} has no {manager.Name} here"
            : null;

    /// <summary>Whether a path is on a file system that is mounted read-only.</summary>
    public static bool IsReadOnly(string path) => FileCalls.Access(path, 2) != 0 && NodeException.LastErrno == Errno.EROFS;
}
