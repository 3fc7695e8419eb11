namespace AksAuditd.Events.Pods;

/// <summary>
/// Pids that /proc did not have when it was asked lately: whose events are older than that look need no other. A log that is read afterwards, and the
/// events of one short-lived process, would otherwise cost a system call each. Two pids that share a place make each other be looked for again.
/// </summary>
internal sealed class GoneProcesses
{
    private const int Places = 256;

    private readonly (uint Pid, long Until)[] _gone = new (uint, long)[Places];
    private uint[] _listed = [];
    private long _listedAt = long.MinValue;

    /// <summary>Notes that there was no such process.</summary>
    /// <param name="pid">Not 0.</param>
    /// <param name="until">Milliseconds since 1970: events up to then are of a process that has gone.</param>
    public void Add(uint pid, long until) => _gone[pid % Places] = (pid, until);

    /// <summary>Notes all processes that there were: whoever is not among them and has events from before has gone.</summary>
    /// <param name="pids">In any order.</param>
    /// <param name="at">Milliseconds since 1970: just before they were listed.</param>
    public void SetListed(IEnumerable<uint> pids, long at)
    {
        _listed = [.. pids.Order()];
        _listedAt = at;
    }

    /// <summary>Whether the process that had the pid at a time has gone.</summary>
    public bool Has(uint pid, long time)
    {
        (uint gone, long until) = _gone[pid % Places];
        if (gone == pid && time <= until) return true;
        if (time > _listedAt || _listed.AsSpan().BinarySearch(pid) >= 0) return false;
        Add(pid, _listedAt);
        return true;
    }
}
