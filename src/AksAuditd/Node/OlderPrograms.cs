namespace AksAuditd.Node;

/// <summary>
/// The node's programs that have run since before audit was on, and so are not recorded themselves (<see cref="AuditStart"/>). They only become fewer: all
/// processes are looked at once, then those that are left. Thread safe.
/// </summary>
internal sealed class OlderPrograms
{
    private const int MostNames = 8;
    private readonly Lock _lock = new();
    private readonly List<ProcessStart> _left;

    /// <param name="start">When audit was on.</param>
    public OlderPrograms(AuditStart start) =>
        _left = start.Ticks == 0 ? [] : [.. ProcessInfo.Started().Where(p => p.Ticks < start.Ticks)];

    /// <summary>How many are left.</summary>
    public int Count => Left().Length;

    /// <summary>The names of those that are left, most frequent first, each with how often it is there.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Names() =>
        [.. Left().CountBy(p => p.Name).OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal)];

    /// <summary>Some of the names, for people: "kubelet, sh (3) and 12 more".</summary>
    public override string ToString()
    {
        IReadOnlyList<KeyValuePair<string, int>> names = Names();
        int more = names.Skip(MostNames).Sum(n => n.Value);
        return string.Join(", ", names.Take(MostNames).Select(n => n.Value == 1 ? n.Key : $"{n.Key} ({n.Value})")) + (more == 0 ? "" : $" and {more} more");
    }

    private ProcessStart[] Left()
    {
        lock (_lock)
        {
            // The start time is not read again: under AppArmor each read of it writes a denial to the audit log. A reused pid still counts, so the number is an upper bound.
            _left.RemoveAll(p => ProcessInfo.Name(p.Pid) is null);
            return [.. _left];
        }
    }
}
