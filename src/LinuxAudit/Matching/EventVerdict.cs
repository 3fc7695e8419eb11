namespace LinuxAudit.Matching;

/// <summary>What <see cref="RuleMatcher.Match"/> says of an event. Used again by the next call.</summary>
public sealed class EventVerdict
{
    private readonly List<int> _possible = [];
    private bool[] _kept = new bool[16];

    internal EventVerdict()
    {
    }

    /// <summary>What becomes of it.</summary>
    public EventFate Fate { get; internal set; }

    /// <summary>The rule that decides, by its place among the matcher's rules; -1 when none does.</summary>
    public int Rule { get; internal set; }

    /// <summary>
    /// Rules that come before that one and may match too: the records do not have what they ask for. Ascending. Exclude rules are among them when the
    /// records do not say whether they take a record away.
    /// </summary>
    public IReadOnlyList<int> Possible => _possible;

    /// <summary>True when all of its records are written, false when some or all are not.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>True when any of its records is written.</summary>
    public bool HasRecords { get; private set; }

    /// <summary>Whether a record is written: false when rules suppress the event or exclude the record. By its place in the event.</summary>
    public bool Keeps(int record) => _kept[record];

    internal void Clear(int records)
    {
        if (_kept.Length < records) _kept = new bool[2 * records];
        _kept.AsSpan(0, records).Clear();
        _possible.Clear();
        (Rule, IsWhole, HasRecords) = (-1, true, false);
    }

    internal void Set(int record, bool isKept)
    {
        _kept[record] = isKept;
        IsWhole &= isKept;
        HasRecords |= isKept;
    }

    internal void AddPossible(int rule)
    {
        int at = _possible.BinarySearch(rule);
        if (at < 0) _possible.Insert(~at, rule);
    }

    /// <summary>Forgets those that come after the rule that decides.</summary>
    internal void ForgetPossibleFrom(int rule)
    {
        while (_possible.Count > 0 && _possible[^1] >= rule) _possible.RemoveAt(_possible.Count - 1);
    }
}
