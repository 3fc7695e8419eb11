using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Node;

/// <summary>
/// The directories that are mounted writable over the read-only node. When one is replaced on the node (a package removed and installed again), the mount goes
/// with the old directory, and what is at its path now is the read-only node: only a new container gets a new mount.
/// </summary>
internal sealed class WritableMounts
{
    private readonly string[] _writable;

    /// <summary>Looks which of <paramref name="directories"/> can be written to; the others are somebody else's complaint.</summary>
    public WritableMounts(IEnumerable<string> directories) => _writable = [.. directories.Where(d => FileCalls.Access(d, FileCalls.MayWrite) == 0)];

    /// <summary>A directory that could be written to and is on a read-only file system now; null when there is none.</summary>
    public string? Lost() => _writable.FirstOrDefault(d => FileCalls.Access(d, FileCalls.MayWrite) != 0 && NodeException.LastErrno == Errno.EROFS);
}
