namespace LinuxAudit.Records;

/// <summary>
/// Names of numbers, from text: one <c>NUMBER NAME</c> a line, the number decimal or <c>0x</c> hexadecimal. Where a number has several names
/// the first wins. Immutable, so thread-safe; a look-up allocates nothing.
/// </summary>
internal sealed class ValueNames
{
    private readonly byte[] _text;
    private readonly Entry[] _entries;
    private readonly Entry[] _sorted;

    internal readonly record struct Entry(ulong Value, int Start, int Length);

    internal ValueNames(ReadOnlySpan<byte> text, ReadOnlySpan<byte> more = default)
    {
        _text = [.. text, (byte)'\n', .. more];
        List<Entry> entries = [];
        foreach (Range range in _text.AsSpan().Split((byte)'\n'))
        {
            (int start, int length) = range.GetOffsetAndLength(_text.Length);
            ReadOnlySpan<byte> line = _text.AsSpan(start, length);
            int space = line.IndexOf((byte)' ');
            if (space > 0 && Numbers.TryParse(line[..space], out ulong value)) entries.Add(new Entry(value, start + space + 1, length - space - 1));
        }
        _entries = [.. entries];
        // OrderBy is stable: of several names for one number the first stays first.
        _sorted = [.. entries.OrderBy(e => e.Value).DistinctBy(e => e.Value)];
    }

    /// <summary>Every line, in the order of the text.</summary>
    internal ReadOnlySpan<Entry> Entries => _entries;

    internal ReadOnlySpan<byte> Name(Entry entry) => _text.AsSpan(entry.Start, entry.Length);

    internal bool TryGet(ulong value, out ReadOnlySpan<byte> name)
    {
        int low = 0, high = _sorted.Length - 1;
        // Most tables are dense from 0: the value is its own index.
        if (value <= (ulong)high && _sorted[(int)value].Value == value) low = high = (int)value;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            Entry entry = _sorted[middle];
            if (entry.Value == value)
            {
                name = Name(entry);
                return true;
            }
            if (entry.Value < value) low = middle + 1;
            else high = middle - 1;
        }
        name = default;
        return false;
    }
}
