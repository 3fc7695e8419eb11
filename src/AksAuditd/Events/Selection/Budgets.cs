using AksAuditd.Events.Pods;

namespace AksAuditd.Events.Selection;

/// <summary>What a budget held back since it was last asked.</summary>
/// <param name="Key">The rule's key, for a budget of a key; null otherwise.</param>
/// <param name="Container">A container of the pod, for a budget of a pod; null otherwise.</param>
/// <param name="Count">Events; at least 1.</param>
/// <param name="Milliseconds">How long that is.</param>
internal readonly record struct Suppression(byte[]? Key, Container? Container, long Count, long Milliseconds);

/// <summary>
/// Events a second that each key and each pod may cost, as token buckets that hold one second's worth. Allocates for a key or pod when it is first seen.
/// </summary>
internal sealed class Budgets(int perKey, int perPod)
{
    // More keys than any policy has and more pods than a node runs; what is idle makes room.
    private const int MaxBuckets = 4096;

    private static readonly byte[] NoKey = [];
    private readonly Dictionary<byte[], Bucket> _keys = new(ByteComparer.Instance);
    private readonly Dictionary<string, Bucket> _pods = new(StringComparer.Ordinal);

    /// <summary>Takes an event's price from its key and its pod.</summary>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    /// <returns>False when one of them has nothing left; the event is counted there.</returns>
    public bool TrySpend(EventFacts facts, in ProcessContext context, long now)
    {
        Bucket? key = perKey > 0 ? OfKey(facts.KeyCount > 0 ? facts.Key(0) : NoKey, now) : null;
        Bucket? pod = perPod > 0 && context.Container is { } container ? OfPod(container, now) : null;
        // The pod first: one pod that floods must not use up what the key has for all others.
        if (pod is not null && !pod.TrySpend(now, perPod)) return false;
        if (key is null || key.TrySpend(now, perKey)) return true;
        pod?.GiveBack();
        return false;
    }

    /// <summary>What was held back since the last call; adds to <paramref name="suppressions"/>.</summary>
    public void Collect(List<Suppression> suppressions, long now)
    {
        foreach ((byte[] key, Bucket bucket) in _keys) bucket.Collect(suppressions, key, null, now);
        foreach (Bucket bucket in _pods.Values) bucket.Collect(suppressions, null, bucket.Container, now);
    }

    private Bucket OfKey(ReadOnlySpan<byte> key, long now)
    {
        Dictionary<byte[], Bucket>.AlternateLookup<ReadOnlySpan<byte>> lookup = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(key, out Bucket? known)) return known;
        MakeRoom(_keys, now);
        return _keys[key.ToArray()] = new Bucket(null, perKey, now);
    }

    private Bucket OfPod(Container container, long now)
    {
        string pod = container.PodUid.Length > 0 ? container.PodUid : container.Id;
        if (_pods.TryGetValue(pod, out Bucket? known)) return known;
        MakeRoom(_pods, now);
        return _pods[pod] = new Bucket(container, perPod, now);
    }

    private static void MakeRoom<T>(Dictionary<T, Bucket> buckets, long now)
        where T : notnull
    {
        if (buckets.Count < MaxBuckets) return;
        foreach ((T name, Bucket bucket) in buckets)
            if (bucket.IsIdle(now)) buckets.Remove(name);
        // All busy: each begins anew, which lets through at most a second's worth more.
        if (buckets.Count >= MaxBuckets) buckets.Clear();
    }

    private sealed class Bucket(Container? container, int rate, long now)
    {
        // In thousandths of an event: what a millisecond at one event a second gives.
        private long _tokens = rate * 1000L;
        private long _last = now, _since = now, _suppressed;

        public Container? Container => container;

        public bool TrySpend(long at, int perSecond)
        {
            _tokens = Math.Min(perSecond * 1000L, _tokens + (at - _last) * perSecond);
            _last = at;
            if (_tokens < 1000)
            {
                _suppressed++;
                return false;
            }

            _tokens -= 1000;
            return true;
        }

        public void GiveBack() => _tokens += 1000;

        public bool IsIdle(long at) => _suppressed == 0 && at - _last > 10_000;

        public void Collect(List<Suppression> suppressions, byte[]? key, Container? of, long at)
        {
            if (_suppressed > 0) suppressions.Add(new(key, of, _suppressed, at - _since));
            _suppressed = 0;
            _since = at;
        }
    }
}
