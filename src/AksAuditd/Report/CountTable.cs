using AksAuditd.Events;

namespace AksAuditd.Report;

/// <summary>What is counted under one name.</summary>
/// <param name="name">Any bytes.</param>
/// <param name="index">Its number among those of its table, from 0.</param>
internal sealed class CountRow(byte[] name, int index)
{
    public byte[] Name { get; } = name;

    public int Index { get; } = index;

    public long Events { get; private set; }

    /// <summary>Events that did not go well.</summary>
    public long Failed { get; private set; }

    /// <summary>Programs that were started.</summary>
    public long Programs { get; private set; }

    public long RecordBytes { get; private set; }

    public long JsonBytes { get; private set; }

    /// <summary>The first few programs that had something to do with it.</summary>
    public List<byte[]> By { get; } = [];

    /// <summary>True when there were more programs than <see cref="By"/> has.</summary>
    public bool HasMoreBy { get; private set; }

    public void Add(ReportEvent added)
    {
        Events++;
        if (added.Success == false) Failed++;
        if (added.IsProgramStart) Programs++;
        RecordBytes += added.RecordBytes;
        JsonBytes += added.JsonBytes;
    }

    /// <summary>Adds all of another.</summary>
    public void Add(CountRow other)
    {
        Events += other.Events;
        Failed += other.Failed;
        Programs += other.Programs;
        RecordBytes += other.RecordBytes;
        JsonBytes += other.JsonBytes;
    }

    /// <summary>Remembers a program.</summary>
    public void AddBy(ReadOnlySpan<byte> program, int most)
    {
        foreach (byte[] known in By)
            if (program.SequenceEqual(known)) return;
        if (By.Count == most) HasMoreBy = true;
        else By.Add(program.ToArray());
    }
}

/// <summary>
/// Counts by name. Bounded: when it is full either the rarer half of the names goes to <see cref="Others"/>, so that what comes later has a chance, or all that
/// is new does. Sums stay right; after the first way what came again after it had gone has counts that are too low (<see cref="HasForgotten"/>).
/// </summary>
/// <param name="capacity">The most names, at least 2.</param>
/// <param name="forgets">True for the first way; then <see cref="CountRow.Index"/> means nothing.</param>
internal sealed class CountTable(int capacity, bool forgets)
{
    /// <summary>Longer names are cut: what they begin with is what they are counted under.</summary>
    public const int LongestName = 1024;

    private readonly Dictionary<byte[], CountRow> _rows = new(ByteComparer.Instance);

    /// <summary>What has no row of its own; its index is the capacity.</summary>
    public CountRow Others { get; } = new([], capacity);

    /// <summary>How many names have a row.</summary>
    public int Count => _rows.Count;

    /// <summary>True when rows had to go.</summary>
    public bool HasForgotten { get; private set; }

    /// <summary>The row of a name.</summary>
    public CountRow Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName) name = name[..LongestName];
        if (_rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out CountRow? row)) return row;
        if (_rows.Count >= capacity)
        {
            if (!forgets) return Others;
            Forget();
        }

        byte[] kept = name.ToArray();
        return _rows[kept] = new CountRow(kept, _rows.Count);
    }

    /// <summary>The rows, most events first; <see cref="Others"/> is not among them.</summary>
    public CountRow[] Sorted()
    {
        CountRow[] rows = new CountRow[_rows.Count];
        _rows.Values.CopyTo(rows, 0);
        Array.Sort(rows, Compare);
        return rows;
    }

    private static int Compare(CountRow a, CountRow b) => a.Events != b.Events ? b.Events.CompareTo(a.Events) : a.Name.AsSpan().SequenceCompareTo(b.Name);

    private void Forget()
    {
        CountRow[] rows = Sorted();
        for (int i = capacity / 2; i < rows.Length; i++)
        {
            Others.Add(rows[i]);
            _rows.Remove(rows[i].Name);
        }

        HasForgotten = true;
    }
}
