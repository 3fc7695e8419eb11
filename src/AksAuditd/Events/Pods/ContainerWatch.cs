using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using AksAuditd.Node.Interop;

namespace AksAuditd.Events.Pods;

/// <summary>A process that was put into a container.</summary>
/// <param name="Started">Hundredths of a second since boot.</param>
/// <param name="Time">When it was seen, milliseconds since 1970.</param>
internal readonly record struct JoinedProcess(uint Pid, long Started, long Time, string ContainerId, string PodUid);

/// <summary>
/// Tells which processes a container runtime puts into pods' containers, before they run what they were started for: a runtime makes the container's control
/// group, then writes a process's number to its cgroup.procs, and later those of processes that are started in it from outside. inotify tells of both. What that
/// process forks nobody writes there, and runc's first one is not the one that becomes the container's program: the list is read again for half a second.
/// A thread of its own waits for it. Without control groups to watch it tells nothing.
/// </summary>
internal sealed class ContainerWatch : IDisposable
{
    private const int MaxWatches = 8192, MaxProcesses = 1024, MaxQueued = 16 * 1024, MaxDepth = 8;
    // Milliseconds between readings after a write: runc makes the program's process within a few, and may start it as soon.
    private static readonly int[] ReadAgainAfter = [1, 1, 2, 4, 8, 16, 32, 64, 128, 256];
    private const uint DirectoryMask = InotifyCalls.Create | InotifyCalls.Delete | InotifyCalls.OnlyDirectory;

    private readonly ProcFiles _proc;
    private readonly TimeProvider _clock;
    private readonly string _root;
    private readonly int _inotify, _stop;
    private readonly Thread? _thread;
    private readonly Dictionary<int, Watched> _watches = [];
    private readonly Dictionary<string, int> _byPath = [];
    private readonly List<Watched> _readAgain = [];
    private readonly byte[] _text = new byte[16 * 1024];

    /// <param name="procDirectory">The node's /proc.</param>
    /// <param name="controlGroups">Where the control groups are mounted.</param>
    public ContainerWatch(string procDirectory, string controlGroups, TimeProvider clock)
    {
        _proc = new ProcFiles(procDirectory);
        _clock = clock;
        _root = FindHierarchy(controlGroups);
        _inotify = InotifyCalls.Init(InotifyCalls.CloseOnExec | InotifyCalls.NonBlock);
        _stop = InotifyCalls.EventDescriptor(0, InotifyCalls.CloseOnExec);
        if (!_proc.IsUsable || _inotify < 0 || _stop < 0) return;
        _thread = new Thread(Run) { IsBackground = true, Name = "containers" };
        _thread.Start();
    }

    /// <summary>What was seen and not taken yet.</summary>
    public ConcurrentQueue<JoinedProcess> Joined { get; } = [];

    public void Dispose()
    {
        if (_thread is not null)
        {
            Span<byte> one = stackalloc byte[8];
            one[0] = 1;
            _ = FileCalls.Write(_stop, one, one.Length);
            _thread.Join();
        }

        if (_inotify >= 0) _ = FileCalls.Close(_inotify);
        if (_stop >= 0) _ = FileCalls.Close(_stop);
        _proc.Dispose();
    }

    // One hierarchy is enough: a runtime puts a process into all of them. The unified one, but for a v1 node, which has it for systemd at most.
    private static string FindHierarchy(string controlGroups)
    {
        if (File.Exists(Path.Join(controlGroups, "cgroup.controllers"))) return controlGroups;
        foreach (string controller in (string[])["pids", "memory", "cpu,cpuacct", "cpu", "systemd"])
            if (Directory.Exists(Path.Join(controlGroups, controller))) return Path.Join(controlGroups, controller);
        return controlGroups;
    }

    private void Run()
    {
        WatchDirectory(_root, 0);
        byte[] buffer = new byte[16 * 1024];
        Span<InotifyCalls.PollDescriptor> descriptors =
        [
            new() { Descriptor = _inotify, Events = InotifyCalls.PollIn },
            new() { Descriptor = _stop, Events = InotifyCalls.PollIn },
        ];
        while (true)
        {
            int ready = InotifyCalls.Poll(descriptors, 2, ReadAgain());
            if (ready > 0 && descriptors[1].Returned != 0) return;
            if (ready <= 0 || descriptors[0].Returned == 0) continue;
            nint length = FileCalls.Read(_inotify, buffer, buffer.Length);
            // struct inotify_event: wd 4, mask 4, cookie 4, len 4, name.
            for (int at = 0; at + 16 <= length;)
            {
                ReadOnlySpan<byte> entry = buffer.AsSpan(at);
                int nameLength = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);
                Handle(BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                    Encoding.UTF8.GetString(entry.Slice(16, nameLength).TrimEnd((byte)0)));
                at += 16 + nameLength;
            }
        }
    }

    // Returns how long to wait for the next time; -1 when nothing is to be read again.
    private int ReadAgain()
    {
        long now = Environment.TickCount64, next = long.MaxValue;
        for (int i = _readAgain.Count - 1; i >= 0; i--)
        {
            Watched container = _readAgain[i];
            if (container.ReadAgainAt <= now)
            {
                ReadProcesses(container);
                if (++container.Readings == ReadAgainAfter.Length)
                {
                    _readAgain.RemoveAt(i);
                    continue;
                }

                container.ReadAgainAt = now + ReadAgainAfter[container.Readings];
            }

            next = Math.Min(next, container.ReadAgainAt);
        }

        return next == long.MaxValue ? -1 : (int)Math.Max(1, next - now);
    }

    private void Handle(int watch, uint mask, string name)
    {
        if ((mask & InotifyCalls.Overflow) != 0)
        {
            // What was made meanwhile is found by looking.
            WatchDirectory(_root, 0);
            return;
        }

        if (!_watches.TryGetValue(watch, out Watched? watched)) return;
        if ((mask & InotifyCalls.Ignored) != 0) Forget(watched.Path);
        else if ((mask & InotifyCalls.Modify) != 0) ReadNow(watched);
        else if ((mask & InotifyCalls.Create) != 0) Visit(Path.Join(watched.Path, name), name, watched.Depth + 1);
        else if ((mask & InotifyCalls.Delete) != 0) Forget(Path.Join(watched.Path, name));
    }

    // The directories between the root and the pods, and those of pods: watched for new ones.
    private void WatchDirectory(string path, int depth)
    {
        if (depth > MaxDepth || (!_byPath.ContainsKey(path) && Add(path, path, DirectoryMask, depth, "", "") is null)) return;
        try
        {
            foreach (string child in Directory.EnumerateDirectories(path)) Visit(child, Path.GetFileName(child), depth + 1);
        }
        catch (IOException)
        {
            // It went away again.
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    private void Visit(string path, string name, int depth)
    {
        byte[] raw = Encoding.UTF8.GetBytes(path[_root.Length..]);
        CgroupContainer container = CgroupText.FindContainer(raw);
        if (container.Id.IsEmpty)
        {
            if (name.Contains("kube", StringComparison.Ordinal) || name.StartsWith("pod", StringComparison.Ordinal) || name is "besteffort" or "burstable")
                WatchDirectory(path, depth);
        }
        else if (!container.PodUid.IsEmpty && !_byPath.ContainsKey(path))
        {
            Watched? watched = Add(path, Path.Join(path, "cgroup.procs"), InotifyCalls.Modify, depth,
                Encoding.ASCII.GetString(container.Id), PodUids.ToCanonical(container.PodUid));
            if (watched is not null) ReadNow(watched);
        }
    }

    private Watched? Add(string path, string target, uint mask, int depth, string containerId, string podUid)
    {
        if (_watches.Count >= MaxWatches) return null;
        int watch = InotifyCalls.AddWatch(_inotify, target, mask);
        if (watch < 0) return null;
        Watched watched = new(path, depth, containerId, podUid);
        _watches[watch] = watched;
        _byPath[path] = watch;
        return watched;
    }

    private void Forget(string path)
    {
        // The kernel does not take a watch away with its control group.
        if (!_byPath.Remove(path, out int watch)) return;
        _watches.Remove(watch);
        _ = InotifyCalls.RemoveWatch(_inotify, watch);
    }

    private void ReadNow(Watched container)
    {
        ReadProcesses(container);
        container.Readings = 0;
        container.ReadAgainAt = Environment.TickCount64 + ReadAgainAfter[0];
        if (!_readAgain.Contains(container)) _readAgain.Add(container);
    }

    private void ReadProcesses(Watched container)
    {
        using DescriptorOf file = new(Path.Join(container.Path, "cgroup.procs"));
        HashSet<uint> now = [];
        int kept = 0;
        while (file.Descriptor >= 0 && now.Count < MaxProcesses)
        {
            nint read = FileCalls.Read(file.Descriptor, _text.AsSpan(kept), _text.Length - kept);
            if (read <= 0) break;
            ReadOnlySpan<byte> text = _text.AsSpan(0, kept + (int)read);
            int end;
            while ((end = text.IndexOf((byte)'\n')) >= 0)
            {
                if (Utf8Parser.TryParse(text[..end], out uint pid, out _) && pid != 0 && now.Add(pid) && !container.Processes.Contains(pid)) Announce(pid, container);
                text = text[(end + 1)..];
            }

            kept = text.Length;
            text.CopyTo(_text);
        }

        container.Processes = now;
    }

    private void Announce(uint pid, Watched container)
    {
        // The list says that it is in this container; the look, when it started.
        if (Joined.Count >= MaxQueued || !_proc.TryLook(pid, out ProcessLook look)) return;
        Joined.Enqueue(new JoinedProcess(pid, look.Stat.Started, _clock.GetUtcNow().ToUnixTimeMilliseconds(), container.ContainerId, container.PodUid));
    }

    private sealed class Watched(string path, int depth, string containerId, string podUid)
    {
        public string Path { get; } = path;
        public int Depth { get; } = depth;
        public string ContainerId { get; } = containerId;
        public string PodUid { get; } = podUid;
        public HashSet<uint> Processes { get; set; } = [];
        public int Readings { get; set; }
        public long ReadAgainAt { get; set; }
    }

    private readonly ref struct DescriptorOf(string path) : IDisposable
    {
        public int Descriptor { get; } = FileCalls.OpenAt(FileCalls.AtFdCwd, Encoding.UTF8.GetBytes(path + '\0'), FileCalls.OpenReadOnly | FileCalls.OpenCloseOnExec, 0);

        public void Dispose()
        {
            if (Descriptor >= 0) _ = FileCalls.Close(Descriptor);
        }
    }
}
