using System.Buffers;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node;

/// <content>New files, links and the end of directories.</content>
internal sealed partial class NodeDirectory
{
    private const int RemoveDirectory = 0x200;

    /// <summary>Writes a new file beside its target and syncs it; nothing else sees it until <see cref="Commit"/>.</summary>
    /// <param name="name">The target.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Permission bits.</param>
    /// <param name="uid">Its owner; root by default.</param>
    /// <param name="gid">Its group; root by default.</param>
    /// <exception cref="NodeException">It could not be written whole; then nothing of it is left.</exception>
    public void Stage(string name, ReadOnlySpan<byte> content, uint mode, uint uid = 0, uint gid = 0)
    {
        using SafeFileHandle file = CreateStaged(name);
        try
        {
            Write(file, name, content);
            Finish(file, name, mode, uid, gid);
        }
        catch
        {
            Discard(name);
            throw;
        }
    }

    /// <summary>The same for content that is too large to be held, as far as <paramref name="content"/> goes.</summary>
    public void Stage(string name, Stream content, uint mode)
    {
        using SafeFileHandle file = CreateStaged(name);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            while (content.Read(buffer) is var read and > 0) Write(file, name, buffer.AsSpan(0, read));
            Finish(file, name, mode, 0, 0);
        }
        catch
        {
            Discard(name);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A regular file here, for reading; null when it is not there.</summary>
    /// <exception cref="NodeException">It is a link or cannot be opened.</exception>
    public FileStream? OpenFile(string name)
    {
        SafeFileHandle? file = TryOpenAt(Raw(name), FileCalls.OpenReadOnly | FileCalls.OpenNonBlock, 0);
        if (file is not null) return new(file, FileAccess.Read, bufferSize: 0);
        return NodeException.LastErrno == Errno.ENOENT ? null : throw NodeException.FromLastCall(Join(name), "open the file");
    }

    /// <summary>A regular file here for reading and writing at any place, made with mode 0600 when it is not there.</summary>
    /// <exception cref="NodeException">It is a link or something else, or cannot be opened or made.</exception>
    public SafeFileHandle OpenOrCreateFile(string name)
    {
        SafeFileHandle file = OpenAt(Raw(name), FileCalls.OpenReadWrite | FileCalls.OpenCreate | FileCalls.OpenNonBlock, 0x180, name, "open the file");
        if (Kind(StatOf(file, name).Mode) == EntryKind.Regular) return file;
        file.Dispose();
        throw new NodeException(Join(name), "is not a regular file");
    }

    /// <summary>Sets this directory's own permission bits.</summary>
    public void ChangeMode(uint mode)
    {
        if (FileCalls.ChangeMode(Fd, mode) != 0) throw NodeException.FromLastCall(Path, "set the directory's mode");
    }

    /// <summary>Gives a file here a second name in <paramref name="target"/>, replacing what has that name, in one step.</summary>
    public void LinkInto(string name, NodeDirectory target, string targetName)
    {
        target.Discard(targetName);
        if (FileCalls.LinkAt(Fd, Raw(name), target.Fd, Raw(StagedName(targetName)), 0) != 0) throw NodeException.FromLastCall(target.Join(targetName), "link");
        target.Commit(targetName);
    }

    /// <summary>Removes a directory here if it is empty; not there, or not empty, is fine.</summary>
    public void RemoveIfEmpty(string name)
    {
        if (FileCalls.UnlinkAt(Fd, Raw(name), RemoveDirectory) != 0 && NodeException.LastErrno is not (Errno.ENOENT or Errno.ENOTEMPTY or Errno.EEXIST))
            throw NodeException.FromLastCall(Join(name), "remove the directory");
    }

    /// <summary>Removes a directory with all that is in it; not there is fine. Links are removed, not followed.</summary>
    public static void RemoveTree(string path)
    {
        try
        {
            using (NodeDirectory directory = Open(path))
            {
                foreach (NodeEntry entry in directory.List())
                {
                    if (entry.Kind == EntryKind.Directory) RemoveTree($"{path}/{entry.Name}");
                    else directory.Delete(entry);
                }
            }

            using NodeDirectory parent = Open(System.IO.Path.GetDirectoryName(path) ?? "/");
            parent.RemoveIfEmpty(System.IO.Path.GetFileName(path));
            parent.Sync();
        }
        catch (NodeException e) when (e.Errno == Errno.ENOENT)
        {
            // Gone already.
        }
    }

    private SafeFileHandle CreateStaged(string name)
    {
        byte[] staged = Raw(StagedName(name));
        FileCalls.UnlinkAt(Fd, staged, 0);
        return OpenAt(staged, FileCalls.OpenWriteOnly | FileCalls.OpenCreate | FileCalls.OpenExclusive, 0x180, name, "create the file");
    }

    private void Write(SafeFileHandle file, string name, ReadOnlySpan<byte> content)
    {
        for (ReadOnlySpan<byte> rest = content; !rest.IsEmpty;)
        {
            nint written = FileCalls.Write((int)file.DangerousGetHandle(), rest, rest.Length);
            if (written < 0 && NodeException.LastErrno == Errno.EINTR) continue;
            if (written < 0) throw NodeException.FromLastCall(Join(name), "write the file");
            rest = rest[(int)written..];
        }
    }

    private void Finish(SafeFileHandle file, string name, uint mode, uint uid, uint gid)
    {
        int fd = (int)file.DangerousGetHandle();
        if (FileCalls.ChangeOwner(fd, uid, gid) != 0) throw NodeException.FromLastCall(Join(name), "set the file's owner");
        if (FileCalls.ChangeMode(fd, mode) != 0) throw NodeException.FromLastCall(Join(name), "set the file's mode");
        if (FileCalls.Sync(fd) != 0) throw NodeException.FromLastCall(Join(name), "sync the file");
    }
}
