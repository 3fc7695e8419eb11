namespace AksAuditd.Events.Pods;

/// <summary>What is known of one process.</summary>
internal struct KnownProcess
{
    public uint Pid;
    public ProcessPlace Place;
    /// <summary>Its children may be elsewhere than it is: by its program, or because one was.</summary>
    public bool IsRuntime, HasChildElsewhere;
    public bool WasAskedForExecutable;
    public Container? Container;
    public byte[]? Executable;
    /// <summary>When it started, in hundredths of a second since boot; -1 when it was never looked at.</summary>
    public long Started;
    /// <summary>The last event's or look's <see cref="PidSpace.Mark"/>.</summary>
    public long Mark;
    /// <summary>When /proc was last asked, in a clock's milliseconds.</summary>
    public long LookedAt;
    internal int NextInBucket, Older, Newer;

    public readonly bool IsDoor => IsRuntime || HasChildElsewhere;
}

/// <summary>Processes by pid; bounded, the one that was longest not touched goes first. An index is good until the next <see cref="Add"/>.</summary>
internal sealed class ProcessTable
{
    private const int None = -1;
    private readonly int _bound;
    private KnownProcess[] _entries;
    private int[] _buckets;
    private int _oldest = None, _newest = None;

    /// <param name="bound">The most it holds.</param>
    public ProcessTable(int bound)
    {
        _bound = bound;
        _entries = new KnownProcess[Math.Min(bound, 1024)];
        _buckets = NewBuckets(_entries.Length);
    }

    public int Count { get; private set; }

    public long Evicted { get; private set; }

    public ref KnownProcess this[int index] => ref _entries[index];

    /// <summary>Its index, and it counts as touched; -1 when it is not known.</summary>
    public int Find(uint pid)
    {
        int index = _buckets[Bucket(pid)];
        while (index != None && _entries[index].Pid != pid) index = _entries[index].NextInBucket;
        if (index != None && index != _newest)
        {
            Unlink(index);
            LinkNewest(index);
        }

        return index;
    }

    /// <summary>Makes an entry with nothing but the pid, which must not be known.</summary>
    public int Add(uint pid)
    {
        if (Count == _entries.Length && Count < _bound) Grow();
        int index = Count < _entries.Length ? Count++ : Evict();
        ref int bucket = ref _buckets[Bucket(pid)];
        _entries[index] = new KnownProcess { Pid = pid, Started = -1, Mark = -1, NextInBucket = bucket };
        bucket = index;
        LinkNewest(index);
        return index;
    }

    private static int[] NewBuckets(int entries)
    {
        int[] buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entries)];
        buckets.AsSpan().Fill(None);
        return buckets;
    }

    // Pids come one after the other: their low bits are as good as a hash.
    private int Bucket(uint pid) => (int)(pid & (uint)(_buckets.Length - 1));

    private void Grow()
    {
        Array.Resize(ref _entries, Math.Min(_bound, _entries.Length * 2));
        _buckets = NewBuckets(_entries.Length);
        for (int i = 0; i < Count; i++)
        {
            ref int bucket = ref _buckets[Bucket(_entries[i].Pid)];
            _entries[i].NextInBucket = bucket;
            bucket = i;
        }
    }

    private int Evict()
    {
        int index = _oldest;
        Unlink(index);
        ref int link = ref _buckets[Bucket(_entries[index].Pid)];
        while (link != index) link = ref _entries[link].NextInBucket;
        link = _entries[index].NextInBucket;
        Evicted++;
        return index;
    }

    private void Unlink(int index)
    {
        ref KnownProcess entry = ref _entries[index];
        if (entry.Older == None) _oldest = entry.Newer;
        else _entries[entry.Older].Newer = entry.Newer;
        if (entry.Newer == None) _newest = entry.Older;
        else _entries[entry.Newer].Older = entry.Older;
    }

    private void LinkNewest(int index)
    {
        ref KnownProcess entry = ref _entries[index];
        entry.Older = _newest;
        entry.Newer = None;
        if (_newest == None) _oldest = index;
        else _entries[_newest].Newer = index;
        _newest = index;
    }
}
