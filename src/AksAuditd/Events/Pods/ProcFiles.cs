using System.Buffers.Text;
using AksAuditd.Node;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Events.Pods;

/// <summary>What /proc said of a process. Valid until the next look.</summary>
internal readonly ref struct ProcessLook
{
    /// <summary>Unknown also when it is ending and can no longer say it.</summary>
    public ProcessPlace Place { get; init; }

    public CgroupContainer Container { get; init; }

    public ProcessStat Stat { get; init; }
}

/// <summary>Reads /proc, without allocating. One thread.</summary>
internal sealed class ProcFiles : IDisposable
{
    // include/linux/proc_ns.h: the numbers of the namespaces that the kernel starts with.
    private static ReadOnlySpan<byte> InitialPidNamespace => "pid:[4026531836]"u8;
    private static ReadOnlySpan<byte> InitialCgroupNamespace => "cgroup:[4026531835]"u8;

    private readonly SafeFileHandle? _directory;
    private readonly bool _isInitialCgroup;
    private bool _isDeniedExecutables;
    // A dozen v1 hierarchies of a node in a container are 5 KiB.
    private readonly byte[] _cgroup = new byte[16 * 1024], _stat = new byte[4 * 1024], _link = new byte[4096], _other = new byte[4096];

    /// <param name="directory">Usually <c>/proc</c>.</param>
    public ProcFiles(string directory)
    {
        int fd = FileCalls.OpenAt(FileCalls.AtFdCwd, System.Text.Encoding.UTF8.GetBytes(directory + '\0'),
            FileCalls.OpenReadOnly | FileCalls.OpenDirectory | FileCalls.OpenCloseOnExec, 0);
        if (fd < 0) return;
        _directory = new SafeFileHandle(fd, ownsHandle: true);
        IsUsable = ReadLink("self/ns/pid\0"u8).SequenceEqual(InitialPidNamespace);
        _isInitialCgroup = ReadLink("self/ns/cgroup\0"u8).SequenceEqual(InitialCgroupNamespace);
    }

    /// <summary>False when its numbers are not those of audit records: it is not there, or of another pid namespace.</summary>
    public bool IsUsable { get; }

    /// <summary>Looks at a process. False when it is gone.</summary>
    public bool TryLook(uint pid, out ProcessLook look)
    {
        look = default;
        Span<byte> path = stackalloc byte[32];
        if (!TryRead(PathOf(path, pid, "/cgroup\0"u8), _cgroup, out ReadOnlySpan<byte> cgroup)) return false;
        // After the control groups: a process that was not ending then has told of them what was so.
        if (!TryRead(PathOf(path, pid, "/stat\0"u8), _stat, out ReadOnlySpan<byte> text) || !ProcessStat.TryParse(text, out ProcessStat stat)) return false;
        if (cgroup.Length == _cgroup.Length) cgroup = cgroup[..(cgroup.LastIndexOf((byte)'\n') + 1)];
        ProcessPlace place = CgroupText.Read(cgroup, _isInitialCgroup, out CgroupContainer container);
        if (stat.IsEnding && place == ProcessPlace.Host) place = ProcessPlace.Unknown;
        look = new ProcessLook { Place = place, Container = container, Stat = stat };
        return true;
    }

    /// <summary>
    /// The path of a process's executable, any bytes; empty when it is gone or may not be asked. A security module writes each denial to the audit log, so the first one under a
    /// profile ends the attempts: it denies what is outside of the container.
    /// </summary>
    public ReadOnlySpan<byte> Executable(uint pid)
    {
        if (_isDeniedExecutables) return default;
        Span<byte> path = stackalloc byte[32];
        ReadOnlySpan<byte> executable = ReadLink(PathOf(path, pid, "/exe\0"u8));
        _isDeniedExecutables = executable.IsEmpty && NodeException.LastErrno == Errno.EACCES && Confinement.Current is not null;
        return executable;
    }

    /// <summary>Milliseconds since boot, to 10; -1 when it does not say.</summary>
    public long Uptime()
    {
        if (!TryRead("uptime\0"u8, _other, out ReadOnlySpan<byte> text) || !Utf8Parser.TryParse(text, out long seconds, out int read)) return -1;
        return text.Length > read + 2 && Utf8Parser.TryParse(text.Slice(read + 1, 2), out int hundredths, out _) ? seconds * 1000 + hundredths * 10 : -1;
    }

    /// <summary>Processes and threads made since boot; -1 when it does not say.</summary>
    public long Forks()
    {
        // The line comes after one a processor and all interrupts: pieces, with the end of each before the next.
        ReadOnlySpan<byte> name = "\nprocesses "u8;
        using SafeFileHandle? file = TryOpen("stat\0"u8);
        int kept = 0;
        while (file is not null)
        {
            nint read = FileCalls.Read((int)file.DangerousGetHandle(), _other.AsSpan(kept), _other.Length - kept);
            if (read <= 0) break;
            ReadOnlySpan<byte> text = _other.AsSpan(0, kept + (int)read);
            int at = text.IndexOf(name);
            if (at >= 0 && text[(at + name.Length)..].Contains((byte)'\n'))
                return Utf8Parser.TryParse(text[(at + name.Length)..], out long forks, out _) ? forks : -1;
            kept = Math.Min(text.Length, 64);
            text[^kept..].CopyTo(_other);
        }

        return -1;
    }

    /// <summary>The largest pid there can be, plus 1 (<c>kernel.pid_max</c>); the kernel's smallest when it does not say.</summary>
    public int PidMax() =>
        TryRead("sys/kernel/pid_max\0"u8, _other, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out int max, out _) ? max : 301;

    /// <summary>All processes there are.</summary>
    public List<uint> Processes()
    {
        List<uint> pids = [];
        using DirectoryNames names = new(_directory is null ? -1 : (int)_directory.DangerousGetHandle(), ".\0"u8);
        while (names.TryNext(out ReadOnlySpan<byte> name))
            if (Utf8Parser.TryParse(name, out uint pid, out int read) && read == name.Length) pids.Add(pid);
        return pids;
    }

    public void Dispose() => _directory?.Dispose();

    private static ReadOnlySpan<byte> PathOf(Span<byte> path, uint pid, ReadOnlySpan<byte> file)
    {
        Utf8Formatter.TryFormat(pid, path, out int length);
        file.CopyTo(path[length..]);
        return path[..(length + file.Length)];
    }

    private int Open(ReadOnlySpan<byte> path) => _directory is null ? -1
        : FileCalls.OpenAt((int)_directory.DangerousGetHandle(), path, FileCalls.OpenReadOnly | FileCalls.OpenCloseOnExec, 0);

    private SafeFileHandle? TryOpen(ReadOnlySpan<byte> path) => Open(path) is var fd and >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : null;

    // A bare descriptor: a handle object for each look would be the only thing that this allocates.
    private bool TryRead(scoped ReadOnlySpan<byte> path, byte[] buffer, out ReadOnlySpan<byte> text)
    {
        text = default;
        int fd = Open(path);
        if (fd < 0) return false;
        int length = 0;
        nint read;
        do
        {
            read = FileCalls.Read(fd, buffer.AsSpan(length), buffer.Length - length);
            if (read > 0) length += (int)read;
        }
        while (read > 0 && length < buffer.Length);
        _ = FileCalls.Close(fd);
        text = buffer.AsSpan(0, length);
        return read >= 0 && length > 0;
    }

    private ReadOnlySpan<byte> ReadLink(scoped ReadOnlySpan<byte> path)
    {
        if (_directory is null) return default;
        nint length = FileCalls.ReadLinkAt((int)_directory.DangerousGetHandle(), path, _link, _link.Length);
        return length > 0 ? _link.AsSpan(0, (int)length) : default;
    }
}
