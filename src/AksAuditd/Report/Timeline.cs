namespace AksAuditd.Report;

/// <summary>
/// Events over time, by key. Bounded: there are so many slices at the most, and when events are farther apart all slices become longer; the lengths are those
/// that people count in.
/// </summary>
/// <param name="most">The most slices, at least 2.</param>
internal sealed class Timeline(int most)
{
    // Each divides the next: slices are put together, never split.
    private static readonly long[] Steps = [1, 2, 10, 30, 60, 120, 600, 1800, 3600, 7200, 21600, 43200, 86400];

    private readonly int _most = most;
    private Dictionary<long, long[]> _slices = [];
    private int _step;

    /// <summary>The length of a slice in seconds.</summary>
    public long Seconds => _step < Steps.Length ? Steps[_step] : Steps[^1] << (_step - Steps.Length + 1);

    /// <summary>The number of the first slice: its beginning in seconds since 1970, divided by <see cref="Seconds"/>.</summary>
    public long First { get; private set; }

    /// <summary>The number of the last slice.</summary>
    public long Last { get; private set; }

    /// <summary>Counts an event.</summary>
    /// <param name="time">Milliseconds since 1970.</param>
    /// <param name="key">The key's <see cref="CountRow.Index"/>.</param>
    public void Add(long time, int key)
    {
        long seconds = time / 1000;
        if (_slices.Count == 0) First = Last = seconds / Seconds;
        while (Math.Max(Last, seconds / Seconds) - Math.Min(First, seconds / Seconds) >= _most) Widen();
        long slice = seconds / Seconds;
        (First, Last) = (Math.Min(First, slice), Math.Max(Last, slice));
        Count(_slices, slice, key, 1);
    }

    /// <summary>Events of a slice by key; shorter than there are keys when the last ones have none there.</summary>
    public ReadOnlySpan<long> this[long slice] => _slices.TryGetValue(slice, out long[]? counts) ? counts : [];

    private void Widen()
    {
        long old = Seconds;
        _step++;
        long factor = Seconds / old;
        Dictionary<long, long[]> wider = [];
        foreach ((long slice, long[] counts) in _slices)
            for (int key = 0; key < counts.Length; key++)
                if (counts[key] > 0) Count(wider, slice / factor, key, counts[key]);
        _slices = wider;
        (First, Last) = (First / factor, Last / factor);
    }

    private static void Count(Dictionary<long, long[]> slices, long slice, int key, long events)
    {
        if (!slices.TryGetValue(slice, out long[]? counts)) slices[slice] = counts = new long[key + 1];
        if (key >= counts.Length)
        {
            Array.Resize(ref counts, key + 1);
            slices[slice] = counts;
        }

        counts[key] += events;
    }
}
