using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node;

/// <summary>What a directory entry is. Only <see cref="Regular"/> is ever read or replaced.</summary>
internal enum EntryKind { Regular, Directory, SymbolicLink, Other }

/// <summary>One entry of a directory as <c>statx(AT_SYMLINK_NOFOLLOW)</c> tells it.</summary>
/// <param name="Name">The name; bytes that are not UTF-8 show as U+FFFD and <see cref="RawName"/> has them.</param>
/// <param name="RawName">The name's bytes with a terminating NUL.</param>
/// <param name="Mode">Permission bits, 0 to 07777.</param>
internal sealed record NodeEntry(string Name, byte[] RawName, EntryKind Kind, uint Mode, uint Uid, uint Gid, long Size);

/// <summary>
/// A directory held by descriptor. It is opened without following any symbolic link (openat2, RESOLVE_NO_SYMLINKS) and every operation is
/// relative to it and follows none, so that a link planted on the way cannot lead elsewhere.
/// </summary>
internal sealed partial class NodeDirectory : IDisposable
{
    private const string StagedSuffix = ".aks-auditd-new";
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private readonly SafeFileHandle _handle;

    private NodeDirectory(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    private int Fd => (int)_handle.DangerousGetHandle();

    /// <summary>Opens an existing directory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="root">The descriptor of the directory that counts as its root; null: this process's.</param>
    /// <exception cref="NodeException">It is not there, not a directory, or reached through a symbolic link.</exception>
    public static NodeDirectory Open(string path, int? root = null)
    {
        FileCalls.OpenHow how = new()
        {
            Flags = (ulong)(FileCalls.OpenReadOnly | FileCalls.OpenDirectory | FileCalls.OpenCloseOnExec),
            Resolve = FileCalls.ResolveNoSymlinks,
        };
        long fd;
        do fd = FileCalls.Openat2(FileCalls.SysOpenat2, root ?? FileCalls.AtFdCwd, root is null ? path : $".{path}", how, Marshal.SizeOf<FileCalls.OpenHow>());
        while (fd < 0 && NodeException.LastErrno is Errno.EINTR or Errno.EAGAIN);
        return fd >= 0 ? new(path, new((nint)fd, ownsHandle: true)) : throw NodeException.FromLastCall(path, "open the directory");
    }

    /// <summary>Opens a directory, making it (not its parents) with mode 0750, or another, when it is not there.</summary>
    public static NodeDirectory OpenOrCreate(string path, uint mode = 0x1e8)
    {
        try
        {
            return Open(path);
        }
        catch (NodeException e) when (e.Errno == Errno.ENOENT)
        {
            using NodeDirectory parent = Open(System.IO.Path.GetDirectoryName(path) ?? "/");
            if (FileCalls.MakeDirectoryAt(parent.Fd, Raw(System.IO.Path.GetFileName(path)), mode) != 0
                && NodeException.LastErrno != Errno.EEXIST)
            {
                throw NodeException.FromLastCall(path, "make the directory");
            }

            parent.Sync();
            return Open(path);
        }
    }

    /// <summary>What a path leads to, links in its directories followed.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="follow">Whether a link at its end is followed too.</param>
    /// <exception cref="NodeException">It is not there, or may not be looked at.</exception>
    public static NodeEntry StatPath(string path, bool follow = false)
    {
        byte[] raw = Raw(path);
        return FileCalls.StatAt(FileCalls.AtFdCwd, raw, follow ? 0 : NoFollow, BasicStats, out FileCalls.Statx stat) == 0 ? Entry(raw, stat) : throw NodeException.FromLastCall(path, "stat");
    }

    /// <summary>What a symbolic link here points to; null when there is no such link.</summary>
    public string? ReadLink(string name)
    {
        byte[] target = new byte[4096];
        nint length = FileCalls.ReadLinkAt(Fd, Raw(name), target, target.Length);
        return length >= 0 ? Encoding.UTF8.GetString(target.AsSpan(0, (int)length))
            : NodeException.LastErrno is Errno.ENOENT or Errno.EINVAL ? null
            : throw NodeException.FromLastCall(Join(name), "read the link");
    }

    /// <summary>All entries but <c>.</c> and <c>..</c>, in no order.</summary>
    public List<NodeEntry> List()
    {
        // A description of its own: the offset of a directory belongs to the description, and this one may be listed again.
        using SafeFileHandle listing = OpenAt(Raw("."), FileCalls.OpenReadOnly | FileCalls.OpenDirectory, 0, ".", "list the directory");
        List<NodeEntry> entries = [];
        byte[] buffer = new byte[32 * 1024];
        while (true)
        {
            nint read = FileCalls.GetDirectoryEntries((int)listing.DangerousGetHandle(), buffer, buffer.Length);
            if (read < 0) throw NodeException.FromLastCall(Path, "list the directory");
            if (read == 0) return entries;
            for (int at = 0; at < read;)
            {
                // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
                int length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                ReadOnlySpan<byte> name = buffer.AsSpan(at + 19, length - 19);
                name = name[..(name.IndexOf((byte)0) + 1)];
                if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8) && Stat(name) is { } entry) entries.Add(entry);
                at += length;
            }
        }
    }

    /// <summary>One entry, or null when it is not there.</summary>
    public NodeEntry? Stat(string name) => Stat(Raw(name));

    /// <summary>The content of a regular file, or null when it is not there.</summary>
    /// <param name="name">A name in this directory.</param>
    /// <param name="maximum">The most bytes it may have.</param>
    /// <exception cref="NodeException">It is not a regular file, larger than <paramref name="maximum"/>, or unreadable.</exception>
    public byte[]? Read(string name, int maximum)
    {
        SafeFileHandle? opened = TryOpenAt(Raw(name), FileCalls.OpenReadOnly | FileCalls.OpenNonBlock, 0);
        if (opened is null)
            return NodeException.LastErrno == Errno.ENOENT ? null : throw NodeException.FromLastCall(Join(name), "open the file");
        using SafeFileHandle file = opened;
        FileCalls.Statx stat = StatOf(file, name);
        if (Kind(stat.Mode) != EntryKind.Regular) throw new NodeException(Join(name), "is not a regular file");
        if (stat.Size > (ulong)maximum) throw new NodeException(Join(name), $"has {stat.Size} bytes; {maximum} are allowed");

        byte[] content = new byte[maximum + 1];
        int length = 0;
        while (length < content.Length)
        {
            nint read = FileCalls.Read((int)file.DangerousGetHandle(), content.AsSpan(length), content.Length - length);
            if (read < 0 && NodeException.LastErrno == Errno.EINTR) continue;
            if (read < 0) throw NodeException.FromLastCall(Join(name), "read the file");
            if (read == 0) return content[..length];
            length += (int)read;
        }

        throw new NodeException(Join(name), $"grew past {maximum} bytes while it was read");
    }

    /// <summary>Renames a staged file to its name, replacing what is there.</summary>
    public void Commit(string name)
    {
        if (FileCalls.RenameAt(Fd, Raw(StagedName(name)), Fd, Raw(name)) != 0) throw NodeException.FromLastCall(Join(name), "rename into place");
    }

    /// <summary>Forgets a staged file; not there is fine.</summary>
    public void Discard(string name) => FileCalls.UnlinkAt(Fd, Raw(StagedName(name)), 0);

    /// <summary>Removes an entry that is not a directory; not there is fine.</summary>
    public void Delete(NodeEntry entry)
    {
        if (FileCalls.UnlinkAt(Fd, entry.RawName, 0) != 0 && NodeException.LastErrno != Errno.ENOENT)
            throw NodeException.FromLastCall(Join(entry.Name), "remove");
    }

    /// <summary>Makes renames and removals last through a power cut.</summary>
    public void Sync()
    {
        if (FileCalls.Sync(Fd) != 0) throw NodeException.FromLastCall(Path, "sync the directory");
    }

    /// <summary>Takes an exclusive lock on a file here, creating it; null when somebody else has it.</summary>
    /// <returns>The open file; the lock ends when it is disposed or the process ends.</returns>
    public SafeFileHandle? TryLock(string name)
    {
        SafeFileHandle file = OpenAt(Raw(name), FileCalls.OpenReadWrite | FileCalls.OpenCreate, 0x180, name, "open the lock");
        if (FileCalls.Lock((int)file.DangerousGetHandle(), 6) == 0) return file;
        Errno errno = NodeException.LastErrno;
        file.Dispose();
        return errno == Errno.EAGAIN ? null : throw new NodeException(Join(name), "lock", errno);
    }

    /// <summary>Replaces the content of an open file of this directory in place (for the lock's note, which nobody needs after a crash).</summary>
    public static void Overwrite(SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        int fd = (int)file.DangerousGetHandle();
        if (FileCalls.Truncate(fd, 0) == 0) FileCalls.Write(fd, content, content.Length);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Removes what a killed process had staged here and nobody will commit, and its <see cref="PluginHold"/>. Writes nothing when there is none.</summary>
    public void Sweep()
    {
        foreach (NodeEntry entry in List().Where(e => e.Kind == EntryKind.Regular && (IsStaged(e.Name) || e.Name == PluginHold.FileName))) Delete(entry);
    }

    private static bool IsStaged(string name) => name[0] == '.' && name.EndsWith(StagedSuffix, StringComparison.Ordinal);

    // Hidden, so that neither augenrules nor auditd reads it.
    private static string StagedName(string name) => $".{name}{StagedSuffix}";

    private static byte[] Raw(string name) => Encoding.UTF8.GetBytes(name + '\0');

    private string Join(string name) => System.IO.Path.Join(Path, name);

    private SafeFileHandle OpenAt(byte[] name, int flags, uint mode, string shown, string action) =>
        TryOpenAt(name, flags, mode) ?? throw NodeException.FromLastCall(shown == "." ? Path : Join(shown), action);

    private SafeFileHandle? TryOpenAt(byte[] name, int flags, uint mode)
    {
        int fd;
        do fd = FileCalls.OpenAt(Fd, name, flags | FileCalls.OpenNoFollow | FileCalls.OpenCloseOnExec, mode);
        while (fd < 0 && NodeException.LastErrno == Errno.EINTR);
        return fd >= 0 ? new(fd, ownsHandle: true) : null;
    }

    private NodeEntry? Stat(ReadOnlySpan<byte> rawName)
    {
        if (FileCalls.StatAt(Fd, rawName, NoFollow, BasicStats, out FileCalls.Statx stat) != 0)
        {
            return NodeException.LastErrno == Errno.ENOENT ? null
                : throw NodeException.FromLastCall(Join(Encoding.UTF8.GetString(rawName[..^1])), "stat");
        }

        return Entry(rawName, stat);
    }

    private static NodeEntry Entry(ReadOnlySpan<byte> rawName, in FileCalls.Statx stat) =>
        new(Encoding.UTF8.GetString(rawName[..^1]), rawName.ToArray(), Kind(stat.Mode), stat.Mode & 0xfffu, stat.Uid, stat.Gid, (long)stat.Size);

    private FileCalls.Statx StatOf(SafeFileHandle file, string name)
    {
        const int EmptyPath = 0x1000;
        return FileCalls.StatAt((int)file.DangerousGetHandle(), "\0"u8, EmptyPath, BasicStats, out FileCalls.Statx stat) == 0
            ? stat : throw NodeException.FromLastCall(Join(name), "stat");
    }

    private static EntryKind Kind(uint mode) => (mode & 0xf000) switch
    {
        0x8000 => EntryKind.Regular,
        0x4000 => EntryKind.Directory,
        0xa000 => EntryKind.SymbolicLink,
        _ => EntryKind.Other,
    };
}
