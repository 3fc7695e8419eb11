using AksAuditd.Node.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node;

/// <summary>
/// Two roots in one process. After <see cref="Enter"/> the whole process lives in the node's root directory: files, child processes and the paths of audit
/// rules, which the kernel resolves in the root of whoever sends them, are the node's. What is in the container, the ConfigMaps, is reached by a descriptor
/// of its root that was opened before. See <c>docs/decisions/node-root.md</c>.
/// </summary>
/// <remarks>Nothing may be looked up lazily afterwards that belongs to the container: no shared libraries, no name services.</remarks>
internal sealed class NodeRoot : IDisposable
{
    private readonly SafeFileHandle? _container;

    private NodeRoot(SafeFileHandle? container) => _container = container;

    /// <summary>The descriptor that absolute paths of the container start from; null when node and container are one.</summary>
    public int? Container => (int?)_container?.DangerousGetHandle();

    /// <summary>Moves this process to the node.</summary>
    /// <param name="hostRoot">The node's root directory as this process sees it; <c>/</c> means that it is there already.</param>
    /// <exception cref="NodeException">It cannot be entered.</exception>
    public static NodeRoot Enter(string hostRoot)
    {
        if (hostRoot == "/") return new(null);
        int fd = FileCalls.OpenAt(FileCalls.AtFdCwd, "/\0"u8, FileCalls.OpenReadOnly | FileCalls.OpenDirectory | FileCalls.OpenCloseOnExec, 0);
        if (fd < 0) throw NodeException.FromLastCall("/", "open the container's root directory");
        SafeFileHandle container = new(fd, ownsHandle: true);
        if (ProcessCalls.ChangeDirectory(hostRoot) != 0) throw NodeException.FromLastCall(hostRoot, "enter the node's root directory (hostRoot; on the node itself AA_HOST_ROOT=/)");
        if (ProcessCalls.ChangeRoot(".") != 0) throw NodeException.FromLastCall(hostRoot, "chroot to the node (capability SYS_CHROOT)");
        if (ProcessCalls.ChangeDirectory("/") != 0) throw NodeException.FromLastCall(hostRoot, "enter the node's root directory");
        return new(container);
    }

    /// <summary>A path of the container as the framework can use it, through /proc; for what has no call relative to a descriptor (inotify).</summary>
    public string FromContainer(string path) => Container is { } fd ? $"/proc/self/fd/{fd}{path}" : path;

    public void Dispose() => _container?.Dispose();
}
