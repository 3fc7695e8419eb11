namespace AksAuditd.Events;

/// <summary>What the events of one key have cost.</summary>
internal sealed class KeyCost
{
    /// <summary>Events that came.</summary>
    public long Events { get; set; }

    /// <summary>Bytes of their records.</summary>
    public long RecordBytes { get; set; }

    /// <summary>Bytes of what was made of them and went on.</summary>
    public long Bytes { get; set; }

    /// <summary>Events that did not go on: filtered, sampled, over budget.</summary>
    public long Suppressed { get; set; }
}

/// <summary>What each rule key costs. Bounded: a policy has few keys, but programs can send any.</summary>
internal sealed class KeyCosts
{
    /// <summary>What stands for events without a key.</summary>
    public const string NoKey = "";

    /// <summary>What stands for all keys that came when there were <see cref="MaxKeys"/> already.</summary>
    public const string OtherKeys = "(other)";

    /// <summary>The most keys that are told apart.</summary>
    public const int MaxKeys = 256;

    private readonly Dictionary<byte[], KeyCost> _costs = new(ByteComparer.Instance);
    private readonly KeyCost _other = new();
    private KeyCost? _last;
    private byte[] _lastKey = [];

    /// <summary>The cost of an event's first key.</summary>
    public KeyCost Of(EventFacts facts)
    {
        ReadOnlySpan<byte> key = facts.KeyCount > 0 ? facts.Key(0) : default;
        // Mostly it is that of the event before.
        if (_last is not null && key.SequenceEqual(_lastKey)) return _last;
        if (_costs.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out byte[]? known, out KeyCost? cost))
        {
            (_lastKey, _last) = (known, cost);
            return cost;
        }

        return _costs.Count < MaxKeys ? _costs[key.ToArray()] = new KeyCost() : _other;
    }

    /// <summary>All of them.</summary>
    public IEnumerable<(string Key, KeyCost Cost)> All
    {
        get
        {
            foreach ((byte[] key, KeyCost cost) in _costs) yield return (System.Text.Encoding.UTF8.GetString(key), cost);
            if (_other.Events > 0) yield return (OtherKeys, _other);
        }
    }
}
