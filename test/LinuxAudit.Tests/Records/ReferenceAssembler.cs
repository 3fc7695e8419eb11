using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

internal sealed class ReferenceEvent
{
    internal required EventId Id;
    internal required string Node;
    internal required long Arrived;
    internal required bool IsLate;
    internal List<string> Lines = [];
    internal EventEnd End;
    internal int Dropped;

    internal int Bytes => Lines.Sum(l => l.Length);
}

/// <summary>The plain assembly the fast one must equal: a list that is searched from the start.</summary>
internal sealed class ReferenceAssembler(AssemblerOptions options)
{
    private readonly List<ReferenceEvent> _open = [];
    private readonly Dictionary<uint, EventId> _handedOut = [];
    private readonly HashSet<uint> _serials = [];
    private long _now;

    internal List<ReferenceEvent> Ready = [];
    internal long Received, Malformed, EndRecords, Dropped, Events, Evicted, TimedOut, Late;

    /// <summary>Serial numbers between the lowest and the highest that never came; for streams without restart and wrap.</summary>
    internal long Missing => _serials.Count == 0 ? 0 : (long)_serials.Max() - _serials.Min() + 1 - _serials.Count;

    /// <summary>A line and, when time is not the record's, the time in milliseconds.</summary>
    internal void Add(string line, long? now = null)
    {
        Received++;
        if (ReferenceParser.Parse(line) is not ReferenceParser record)
        {
            Malformed++;
            return;
        }
        if (record.Type is < 1200 or > 1299) _serials.Add(record.Id.Serial);
        _now = Math.Max(_now, now ?? record.Id.TotalMilliseconds);
        Expire();
        ReferenceEvent? e = _open.Find(o => o.Id == record.Id && o.Node == record.Node);
        if (record.Type == 1320)
        {
            EndRecords++;
            if (e is not null) HandOut(e, EventEnd.Complete);
            return;
        }
        if (e is null)
        {
            if (_open.Count == options.MaxOpenEvents) HandOut(_open[0], EventEnd.Evicted);
            bool late = _handedOut.TryGetValue(record.Id.Serial % 1024, out EventId id) && id == record.Id;
            e = new ReferenceEvent { Id = record.Id, Node = record.Node, Arrived = _now, IsLate = late };
            _open.Add(e);
            Events++;
            if (late) Late++;
        }
        if (e.Lines.Count > 0 && e.Bytes + line.Length > options.MaxEventBytes)
        {
            e.Dropped++;
            Dropped++;
        }
        else e.Lines.Add(line);
        if (record.Type is 1005 or 2000 or (>= 1100 and <= 1299) or (>= 2100 and <= 2999)) HandOut(e, EventEnd.Single);
        else if (record.Type == 1327 && options.ProcessTitleEnds) HandOut(e, EventEnd.Complete);
        while (_open.Sum(o => o.Bytes) > options.MaxOpenBytes) HandOut(_open[0], EventEnd.Evicted);
    }

    internal void Flush()
    {
        while (_open.Count > 0) HandOut(_open[0], EventEnd.Flushed);
    }

    private void Expire()
    {
        while (_open.Count > 0 && _now - _open[0].Arrived >= options.Timeout.TotalMilliseconds) HandOut(_open[0], EventEnd.Timeout);
    }

    private void HandOut(ReferenceEvent e, EventEnd end)
    {
        _open.Remove(e);
        e.End = end;
        if (end == EventEnd.Evicted) Evicted++;
        if (end == EventEnd.Timeout) TimedOut++;
        _handedOut[e.Id.Serial % 1024] = e.Id;
        Ready.Add(e);
    }
}
