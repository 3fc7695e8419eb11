using AksAuditd.Node.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node.Setup;

/// <summary>
/// This program on the node, where auditd can start it as a plugin: <c>/usr/local/lib/aks-auditd/VERSION/aks-auditd</c>, and under the stable name
/// <c>/usr/local/lib/aks-auditd/aks-auditd</c>, a hard link that is replaced by rename. A link of that kind because auditd, and our own check
/// of plugins, want a regular file.
/// </summary>
internal static class OwnBinary
{
    /// <summary>The directory of ours.</summary>
    public const string Directory = "/usr/local/lib/aks-auditd";

    private const string Name = "aks-auditd";
    private const uint Mode = 0x1ed;

    /// <summary>Puts this program there; changes nothing when it is.</summary>
    /// <returns>The old versions that went; null when nothing had to be changed.</returns>
    public static IReadOnlyList<string>? Place(NodeRoot root, string version)
    {
        using FileStream self = Open(root);
        MakeParents();
        using NodeDirectory home = NodeDirectory.OpenOrCreate(Directory, Mode);
        using NodeDirectory mine = NodeDirectory.OpenOrCreate($"{Directory}/{version}", Mode);
        bool changed = false;
        if (!Same(mine, self))
        {
            self.Position = 0;
            mine.Stage(Name, self, Mode);
            mine.Commit(Name);
            mine.Sync();
            changed = true;
        }

        if (!Same(home, self))
        {
            mine.LinkInto(Name, home, Name);
            home.Sync();
            changed = true;
        }

        IReadOnlyList<string> gone = RemoveOld(home, version);
        return changed || gone.Count > 0 ? gone : null;
    }

    /// <summary>Removes all of it.</summary>
    public static void Remove() => NodeDirectory.RemoveTree(Directory);

    // By way of the container: there /proc is that of the pid namespace this process was started in.
    private static FileStream Open(NodeRoot root)
    {
        int fd = FileCalls.OpenAt(root.Container ?? FileCalls.AtFdCwd, root.Container is null ? "/proc/self/exe\0"u8 : "proc/self/exe\0"u8,
            FileCalls.OpenReadOnly | FileCalls.OpenCloseOnExec, 0);
        return fd >= 0 ? new(new SafeFileHandle(fd, ownsHandle: true), FileAccess.Read, bufferSize: 0) : throw NodeException.FromLastCall("/proc/self/exe", "open");
    }

    private static void MakeParents()
    {
        for (int slash = Directory.IndexOf('/', 1); slash > 0; slash = Directory.IndexOf('/', slash + 1))
            NodeDirectory.OpenOrCreate(Directory[..slash], Mode).Dispose();
    }

    private static bool Same(NodeDirectory directory, FileStream self)
    {
        if (directory.Stat(Name) is not { Kind: EntryKind.Regular, Mode: Mode, Uid: 0 } entry || entry.Size != self.Length) return false;
        using FileStream? there = directory.OpenFile(Name);
        if (there is null) return false;
        self.Position = 0;
        byte[] a = new byte[64 * 1024], b = new byte[64 * 1024];
        while (self.ReadAtLeast(a, a.Length, throwOnEndOfStream: false) is var read and > 0)
        {
            if (there.ReadAtLeast(b, b.Length, throwOnEndOfStream: false) != read || !a.AsSpan(0, read).SequenceEqual(b.AsSpan(0, read))) return false;
        }

        return true;
    }

    // A version that some process still runs stays until the next time.
    private static List<string> RemoveOld(NodeDirectory home, string version)
    {
        List<string> gone = [];
        foreach (NodeEntry old in home.List().Where(e => e.Kind == EntryKind.Directory && e.Name != version))
        {
            if (ProcessInfo.Programs().Any(p => p.StartsWith($"{Directory}/{old.Name}/", StringComparison.Ordinal))) continue;
            NodeDirectory.RemoveTree($"{Directory}/{old.Name}");
            gone.Add(old.Name);
        }

        return gone;
    }
}
