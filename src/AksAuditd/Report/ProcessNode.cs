using AksAuditd.Events;

namespace AksAuditd.Report;

/// <summary>A program in the tree: all processes that ran it as one user, started by the same program. Above programs are who and where.</summary>
internal sealed class ProcessNode
{
    private Dictionary<byte[], ProcessNode>? _children;

    public ProcessNode(ProcessNode? parent, byte[] name, byte[] user)
    {
        (Parent, Name, User) = (parent, name, user);
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public ProcessNode? Parent { get; }

    /// <summary>The executable's path; empty when the events do not say.</summary>
    public byte[] Name { get; }

    /// <summary>As whom it ran.</summary>
    public byte[] User { get; }

    /// <summary>0 for a root.</summary>
    public int Depth { get; }

    /// <summary>Events of these processes.</summary>
    public long Events { get; set; }

    /// <summary>How often the program was started.</summary>
    public long Programs { get; set; }

    public long Failed { get; set; }

    /// <summary>Events of programs below that have no node because the tree was full.</summary>
    public long Folded { get; set; }

    /// <summary>The first command line; null when none was seen.</summary>
    public byte[]? CommandLine { get; set; }

    /// <summary>Events of this node and all below.</summary>
    public long AllEvents
    {
        get
        {
            long all = Events + Folded;
            if (_children is null) return all;
            foreach (ProcessNode child in _children.Values) all += child.AllEvents;
            return all;
        }
    }

    /// <summary>Programs started in this node and all below.</summary>
    public long AllPrograms
    {
        get
        {
            long all = Programs;
            if (_children is null) return all;
            foreach (ProcessNode child in _children.Values) all += child.AllPrograms;
            return all;
        }
    }

    /// <summary>The child of a name and user; null when there is none and <paramref name="canAdd"/> is false.</summary>
    public ProcessNode? Child(ReadOnlySpan<byte> name, ReadOnlySpan<byte> user, bool canAdd, out bool isNew)
    {
        isNew = false;
        if (name.Length > CountTable.LongestName) name = name[..CountTable.LongestName];
        if (user.Length > CountTable.LongestName) user = user[..CountTable.LongestName];
        Span<byte> key = stackalloc byte[2 * CountTable.LongestName + 1];
        name.CopyTo(key);
        key[name.Length] = 0;
        user.CopyTo(key[(name.Length + 1)..]);
        key = key[..(name.Length + 1 + user.Length)];
        _children ??= new(ByteComparer.Instance);
        if (_children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out ProcessNode? child) || !canAdd) return child;
        isNew = true;
        return _children[key.ToArray()] = new ProcessNode(this, name.ToArray(), user.ToArray());
    }

    /// <summary>The children, those with the most events first.</summary>
    public (ProcessNode Node, long Events)[] Sorted()
    {
        if (_children is null) return [];
        var sorted = new (ProcessNode Node, long Events)[_children.Count];
        int count = 0;
        foreach (ProcessNode child in _children.Values) sorted[count++] = (child, child.AllEvents);
        Array.Sort(sorted, (a, b) => a.Events != b.Events ? b.Events.CompareTo(a.Events) : a.Node.Name.AsSpan().SequenceCompareTo(b.Node.Name));
        return sorted;
    }

    /// <summary>Counts an event of one of these processes.</summary>
    public void Add(ReportEvent added)
    {
        Events++;
        if (added.Success == false) Failed++;
        if (!added.IsProgramStart) return;
        Programs++;
        // A line that is nothing but the program says nothing.
        ReadOnlySpan<byte> line = added.CommandLine.WrittenSpan;
        if (CommandLine is null && line.Length > 0 && !Name.AsSpan().EndsWith(line)) CommandLine = line.ToArray();
    }
}
