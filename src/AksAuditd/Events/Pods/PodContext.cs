using System.Text;

namespace AksAuditd.Events.Pods;

/// <summary>
/// Tells where the process of an event lives, from /proc, from what events said before, and from the control groups as containers are made. One thread.
/// Every event is to be shown to it, also one that is dropped afterwards: it may be the only trace of a later one's parent.
/// </summary>
/// <remarks>
/// What it says is so, or it is <see cref="ProcessPlace.Unknown"/>. A living process says itself where it is, when it started before the event: then it had that
/// pid all the time. A process that has gone is where it was last seen, as long as the kernel cannot have given its pid to another
/// (<see cref="PidSpace"/>), or else where its parent is, unless the parent is of a kind whose children go elsewhere (<see cref="RuntimePrograms"/>).
/// The process that clone returned is not taken from the event: that is a pid of the caller's namespace, not the node's.
/// </remarks>
internal sealed class PodContext : IDisposable
{
    // A process that is moved to another control group without running a program is noticed after so long.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);
    // Probes that run a program in a container come every ten seconds or so.
    private static readonly TimeSpan PressedFor = TimeSpan.FromMinutes(1);
    // Event times are those of the last clock tick, /proc's are rounded to 10 ms.
    private const long Slack = 100;

    private readonly ProcFiles _proc;
    private readonly PidSpace _pids;
    private readonly BootTime _boot;
    private readonly ProcessTable _table;
    private readonly RecentBytes<Container> _containers;
    private readonly RecentBytes<byte[]> _executables;
    private readonly PodNames _names;
    private readonly GoneProcesses _absent = new();
    private readonly ContainerWatch? _watch;
    private readonly TimeProvider _clock;
    private long _looks, _gone, _inherited, _unknown, _announced;
    private long? _pressedAt;

    /// <summary>Lists all processes that there are, and looks at them where the options say so.</summary>
    public PodContext(PodContextOptions options, TimeProvider clock)
    {
        _clock = clock;
        _proc = new ProcFiles(options.ProcDirectory);
        _pids = new PidSpace(_proc, clock);
        _boot = new BootTime(_proc, clock);
        _table = new ProcessTable(Math.Clamp(options.MaxProcesses, 16, 1024 * 1024));
        _containers = new RecentBytes<Container>(Math.Max(16, options.MaxContainers));
        _executables = new RecentBytes<byte[]>(Math.Max(16, options.MaxExecutables));
        _names = new PodNames(options.PodLogs, options.ContainerLogs, clock);
        // Before the scan: no container is missed between the two.
        if (options.ControlGroups is { } groups) _watch = new ContainerWatch(options.ProcDirectory, groups, clock);
        if (!_proc.IsUsable) return;
        long before = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        List<uint> processes = _proc.Processes();
        if (options.LooksAtAll)
            foreach (uint pid in processes) Look(pid, -1, long.MaxValue);
        _absent.SetListed(processes, before - Slack);
    }

    /// <summary>False when /proc cannot be used (not there, or not of the initial pid namespace): every place is unknown.</summary>
    public bool IsUsable => _proc.IsUsable;

    /// <summary>
    /// True when processes were met of late of which nobody but themselves can tell where they live: neither they nor their parents were known, or the parent
    /// is a runtime. They have to be looked at before they go, so events are not to wait for others.
    /// </summary>
    public bool IsPressed => _pressedAt is { } at && _clock.GetElapsedTime(at) < PressedFor;

    public PodContextCounters Counters => new()
    {
        Processes = _table.Count,
        EvictedProcesses = _table.Evicted,
        Looks = _looks,
        GoneProcesses = _gone,
        Inherited = _inherited,
        UnknownPlaces = _unknown,
        Announced = _announced,
        NamesFound = _names.Found,
        NamesMissing = _names.Missing,
    };

    /// <summary>
    /// Where the event's process lives. Never throws; asks /proc at most twice, lists the log directories at most every 50 ms and only while a
    /// container's names are missing; allocates nothing for a known process.
    /// </summary>
    public ProcessContext Resolve(EventFacts facts)
    {
        TakeJoined();
        uint pid = facts.Pid;
        if (pid is 0 or EventFacts.None || !_proc.IsUsable) return Count(default);
        long time = facts.Id.TotalMilliseconds;
        // The process first: it may be about to go.
        int index = Find(pid, facts.Executable, time, out bool isKnown);
        int parent = FindParent(facts.ParentPid, time, out bool isParentKnown);
        if (!isKnown && (!isParentKnown || _table[parent].IsDoor || _table[parent].Place == ProcessPlace.Unknown)) _pressedAt = _clock.GetTimestamp();
        byte[]? parentExecutable = parent < 0 ? null : ExecutableOf(parent);
        (ProcessPlace place, Container? container) = index >= 0 ? PlaceOf(index, parent) : Inherit(parent);
        if (container is { Name: null }) _names.Refresh();
        return Count(new ProcessContext(place, container, parentExecutable));
    }

    /// <summary>
    /// False when the container is known but its names are not yet: ask again some time later. True after 5 s at most, when it has none.
    /// </summary>
    public bool IsNamed(in ProcessContext context)
    {
        if (context.Container is not { IsNamed: false } container) return true;
        _names.Refresh();
        return container.IsNamed;
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _proc.Dispose();
    }

    private ProcessContext Count(ProcessContext context)
    {
        if (context.Place == ProcessPlace.Unknown) _unknown++;
        return context;
    }

    // The event's process, as /proc has it or as it was known; -1 when the pid is another's now. Known is also one whose look would come too late anyway.
    private int Find(uint pid, ReadOnlySpan<byte> executable, long time, out bool isKnown)
    {
        isKnown = true;
        // It has gone, and nothing that was known of it then can be known now: a log that is read afterwards.
        if (_absent.Has(pid, time) && _pids.IsBefore(time))
        {
            _gone++;
            return -1;
        }

        int index = _table.Find(pid);
        bool isNewer = index >= 0 && IsNewer(_table[index], time);
        bool isSame = index >= 0 && !isNewer && _pids.IsSame(_table[index].Mark);
        bool hasNewProgram = index < 0 || (!executable.IsEmpty && !executable.SequenceEqual(_table[index].Executable));
        if (isSame && !hasNewProgram && IsSettled(_table[index])) return index;

        isKnown = isSame && !(hasNewProgram && _table[index].IsDoor);
        int looked = Look(pid, index, time);
        if (looked < 0)
        {
            _gone++;
            if (isNewer) return -1;
            if (index < 0) index = _table.Add(pid);
            ref KnownProcess known = ref _table[index];
            if (!isSame) Reset(ref known, time);
            // runc on its way into a container was on the node when it was looked at, and is not what it was.
            if (known.Place == ProcessPlace.Host && hasNewProgram && known.IsDoor) known.Place = ProcessPlace.Unknown;
            known.LookedAt = _clock.GetTimestamp();
            looked = index;
        }

        if (hasNewProgram && !executable.IsEmpty) Rename(ref _table[looked], executable);
        return looked;
    }

    private (ProcessPlace Place, Container? Container) PlaceOf(int index, int parent)
    {
        ref KnownProcess known = ref _table[index];
        if (known.Place == ProcessPlace.Unknown) (known.Place, known.Container) = Inherit(parent);
        else if (parent >= 0) NoticeDoor(ref _table[parent], known);
        return (known.Place, known.Container);
    }

    private (ProcessPlace Place, Container? Container) Inherit(int parent)
    {
        if (parent < 0 || _table[parent].IsDoor || _table[parent].Place == ProcessPlace.Unknown) return default;
        _inherited++;
        return (_table[parent].Place, _table[parent].Container);
    }

    private static void NoticeDoor(ref KnownProcess parent, in KnownProcess child)
    {
        if (parent.Place != ProcessPlace.Unknown && (parent.Place != child.Place || parent.Container != child.Container)) parent.HasChildElsewhere = true;
    }

    // An event's parent as it was then, looked at when it is not known or was not looked at for long; -1 when it is not known.
    private int FindParent(uint parent, long time, out bool isKnown)
    {
        isKnown = false;
        if (parent is 0 or EventFacts.None) return -1;
        int index = _table.Find(parent);
        bool isSame = isKnown = index >= 0 && !IsNewer(_table[index], time) && _pids.IsSame(_table[index].Mark);
        if (isSame && IsSettled(_table[index])) return index;
        int looked = Look(parent, index, time);
        if (looked >= 0 || !isSame) return looked;
        _table[index].LookedAt = _clock.GetTimestamp();
        return index;
    }

    // What need not be looked at: a runtime's process may enter a container at any moment.
    private bool IsSettled(in KnownProcess known) => known.Place switch
    {
        ProcessPlace.Unknown => false,
        ProcessPlace.Host when known.IsRuntime => false,
        _ => _clock.GetElapsedTime(known.LookedAt) < LookAgainAfter,
    };

    private bool IsNewer(in KnownProcess known, long time) => known.Started >= 0 && _boot.ToUnixTime(known.Started) > time + Slack;

    // Asks /proc, into the entry at an index (-1: a new one). The index; -1 when the process that had the pid then has gone or can no longer say it.
    private int Look(uint pid, int index, long time)
    {
        if (_absent.Has(pid, time)) return -1;
        _looks++;
        if (!_proc.TryLook(pid, out ProcessLook look))
        {
            // Whoever gets the pid from now on has only later events.
            _absent.Add(pid, _clock.GetUtcNow().ToUnixTimeMilliseconds() - Slack);
            return -1;
        }

        if (time != long.MaxValue && _boot.ToUnixTime(look.Stat.Started) > time + Slack) return -1;
        if (look.Place == ProcessPlace.Unknown) return -1;
        if (index < 0) index = _table.Add(pid);
        ref KnownProcess known = ref _table[index];
        if (known.Started != look.Stat.Started) Reset(ref known, 0);
        known.Started = look.Stat.Started;
        known.Mark = _pids.Mark(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        known.LookedAt = _clock.GetTimestamp();
        known.Place = look.Place;
        known.Container = look.Place == ProcessPlace.Container ? ContainerOf(look.Container.Id, look.Container.PodUid) : null;
        known.IsRuntime = RuntimePrograms.Contains(look.Stat.Command) || RuntimePrograms.Contains(known.Executable);
        known.WasAskedForExecutable = false;
        return index;
    }

    private void Reset(ref KnownProcess known, long time)
    {
        known.Place = ProcessPlace.Unknown;
        known.Container = null;
        known.Executable = null;
        known.IsRuntime = known.HasChildElsewhere = known.WasAskedForExecutable = false;
        known.Started = -1;
        known.Mark = _pids.Mark(time);
    }

    private void Rename(ref KnownProcess known, ReadOnlySpan<byte> executable)
    {
        known.Executable = Intern(executable);
        known.WasAskedForExecutable = true;
        known.IsRuntime = RuntimePrograms.Contains(executable);
        known.HasChildElsewhere = false;
    }

    private byte[]? ExecutableOf(int index)
    {
        ref KnownProcess known = ref _table[index];
        if (known.WasAskedForExecutable) return known.Executable;
        known.WasAskedForExecutable = true;
        ReadOnlySpan<byte> executable = _proc.Executable(known.Pid);
        // Gone, or not to be asked without CAP_SYS_PTRACE: then what its last event said.
        if (executable.IsEmpty || executable.SequenceEqual(known.Executable)) return known.Executable;
        known.Executable = Intern(executable);
        known.IsRuntime |= RuntimePrograms.Contains(executable);
        return known.Executable;
    }

    private byte[] Intern(ReadOnlySpan<byte> executable)
    {
        if (_executables.TryGet(executable, out byte[]? path)) return path;
        path = executable.ToArray();
        _executables.Add(path, path);
        return path;
    }

    private Container ContainerOf(ReadOnlySpan<byte> id, ReadOnlySpan<byte> podUid)
    {
        if (_containers.TryGet(id, out Container? container)) return container;
        container = new Container(Encoding.ASCII.GetString(id)) { PodUid = PodUids.ToCanonical(podUid) };
        _containers.Add(id.ToArray(), container);
        _names.Want(container);
        return container;
    }

    private void TakeJoined()
    {
        if (_watch is null) return;
        while (_watch.Joined.TryDequeue(out JoinedProcess joined))
        {
            _announced++;
            int index = _table.Find(joined.Pid);
            if (index < 0) index = _table.Add(joined.Pid);
            ref KnownProcess known = ref _table[index];
            // What a later look said is newer.
            if (known.Started > joined.Started) continue;
            if (known.Started != joined.Started) Reset(ref known, joined.Time);
            known.Started = joined.Started;
            known.Mark = Math.Max(known.Mark, _pids.Mark(joined.Time));
            known.LookedAt = _clock.GetTimestamp();
            known.Place = ProcessPlace.Container;
            known.Container = ContainerOf(Encoding.ASCII.GetBytes(joined.ContainerId), Encoding.ASCII.GetBytes(joined.PodUid));
        }
    }
}
