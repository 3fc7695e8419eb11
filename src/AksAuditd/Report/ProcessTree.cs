using System.Buffers.Binary;
using AksAuditd.Events.Pods;

namespace AksAuditd.Report;

/// <summary>
/// Who ran what: under each place the users who had logged in, or else the user as whom it began; under each of them programs by the program that started them. A process
/// hangs below its parent as long as both are at one place and of one login. Bounded in nodes, depth and processes.
/// </summary>
/// <param name="most">The most nodes.</param>
internal sealed class ProcessTree(int most)
{
    private const int Deepest = 24, MostProcesses = 32 * 1024;

    private readonly RecentBytes<Process> _processes = new(MostProcesses);
    private readonly Dictionary<int, PidCounter> _counters = [];
    private readonly byte[] _key = new byte[8];
    private int _nodes;

    /// <summary>Its children are the places, theirs the users.</summary>
    public ProcessNode Root { get; } = new(null, [], []);

    /// <summary>True when programs are missing in it.</summary>
    public bool IsFull => _nodes >= most;

    /// <summary>Counts an event.</summary>
    /// <param name="added">The event.</param>
    /// <param name="node">The number of its machine: the same process number on another is another process.</param>
    /// <param name="place">The name of its place.</param>
    public void Add(ReportEvent added, int node, ReadOnlySpan<byte> place)
    {
        bool hasLogin = added.Login.WrittenCount > 0;
        ReadOnlySpan<byte> user = added.User.WrittenSpan;
        PidCounter counter = CounterOf(node);
        Process? own = Find(node, added.Pid, counter);
        // Others may be old, and only heard of now.
        if (own is null && added.Pid != ReportEvent.None && added.IsProgramStart) counter.Observe(added.Pid);
        Process? parent = Find(node, added.ParentPid, counter);
        ProcessNode? group = GroupOf(parent, added, place) ?? GroupOf(own, added, place);
        group ??= Child(Root, place, default) is { } at ? Child(at, hasLogin ? added.Login.WrittenSpan : user, hasLogin ? "login"u8 : default) : null;
        if (group is null)
        {
            Root.Folded++;
            return;
        }

        ProcessNode above = parent is not null && parent.Group == group ? parent.Node : own is not null && own.Group == group ? own.Node.Parent! : group;
        if (above == group && added.ParentExecutable.WrittenCount > 0) above = Child(group, added.ParentExecutable.WrittenSpan, user) ?? group;
        ProcessNode? ran = Place(added, above, own is not null && own.Group == group ? own.Node : null);
        if (ran is null)
        {
            above.Folded++;
            return;
        }

        ran.Add(added);
        if (added.Pid == ReportEvent.None) return;
        if (own is null) _processes.Add(KeyOf(node, added.Pid).ToArray(), own = new Process { Node = ran, Group = group });
        (own.Node, own.Group, own.HasLogin, own.Seen) = (ran, group, hasLogin, counter.Now);
    }

    /// <summary>From now on every process of a machine is one that was never heard of: events are missing before, or it was booted.</summary>
    public void Forget(int node) => CounterOf(node).Forget();

    // Where it was when it is what it was; a program that starts itself again is one node.
    private ProcessNode? Place(ReportEvent added, ProcessNode above, ProcessNode? before)
    {
        ReadOnlySpan<byte> program = added.Executable.WrittenSpan, user = added.User.WrittenSpan;
        if (before is not null && (program.IsEmpty || (!added.IsProgramStart && program.SequenceEqual(before.Name) && user.SequenceEqual(before.User)))) return before;
        return program.SequenceEqual(above.Name) && user.SequenceEqual(above.User) && above.Depth > 2 ? above : Child(above, program, user);
    }

    private ProcessNode? Child(ProcessNode above, ReadOnlySpan<byte> name, ReadOnlySpan<byte> user)
    {
        ProcessNode? child = above.Child(name, user, !IsFull && above.Depth < Deepest, out bool isNew);
        if (isNew) _nodes++;
        return child;
    }

    // The same place and the same login, or the same lack of one; whoever the process runs as.
    private static ProcessNode? GroupOf(Process? known, ReportEvent added, ReadOnlySpan<byte> place)
    {
        if (known is null || !place.SequenceEqual(known.Group.Parent!.Name)) return null;
        bool hasLogin = added.Login.WrittenCount > 0;
        return hasLogin == known.HasLogin && (!hasLogin || added.Login.WrittenSpan.SequenceEqual(known.Group.Name)) ? known.Group : null;
    }

    private Process? Find(int node, uint pid, PidCounter counter) =>
        pid != ReportEvent.None && _processes.TryGet(KeyOf(node, pid), out Process? known) && counter.IsSame(pid, known.Seen) ? known : null;

    private PidCounter CounterOf(int node)
    {
        if (!_counters.TryGetValue(node, out PidCounter? counter)) _counters[node] = counter = new PidCounter();
        return counter;
    }

    private ReadOnlySpan<byte> KeyOf(int node, uint pid)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_key, node);
        BinaryPrimitives.WriteUInt32LittleEndian(_key.AsSpan(4), pid);
        return _key;
    }

    private sealed class Process
    {
        public required ProcessNode Node { get; set; }

        /// <summary>The user's node above it.</summary>
        public required ProcessNode Group { get; set; }

        public bool HasLogin { get; set; }

        /// <summary>The <see cref="PidCounter.Now"/> of its last event.</summary>
        public long Seen { get; set; }
    }
}
