using System.Buffers;

namespace AksAuditd.Report;

/// <summary>What is missing, as far as the input says so.</summary>
internal sealed class LossAccount
{
    private const int MostNames = 64;

    private readonly ArrayBufferWriter<byte> _name = new();

    /// <summary>Serial numbers of events that never came: lost, or an exclude rule took all their records.</summary>
    public long Missing { get; set; }

    /// <summary>Events of which records are missing: the kernel or auditd lost them, or they came too late.</summary>
    public long Incomplete { get; set; }

    /// <summary>Lines that are no records and no events.</summary>
    public long UnreadableLines { get; set; }

    /// <summary>How often the serial numbers began anew: the machine was booted.</summary>
    public long Restarts { get; set; }

    /// <summary>What the kernel's counter of lost records was at when somebody set it to 0.</summary>
    public long KernelLost { get; set; }

    /// <summary>Events that aks-auditd says were lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Lines that it says were no records.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Events that it left out, over a budget.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Why events were lost: sentences.</summary>
    public NoticeTable Reasons { get; } = new(MostNames);

    /// <summary>What was left out, by key and place.</summary>
    public NoticeTable SuppressedBy { get; } = new(MostNames);

    /// <summary>How often auditd said that it started.</summary>
    public long Starts { get; private set; }

    /// <summary>How often it said that it ended, or could not go on.</summary>
    public long Ends { get; private set; }

    /// <summary>True when the input speaks of something that is missing.</summary>
    public bool IsAnything => Missing + Incomplete + Lost + KernelLost + Unreadable + UnreadableLines > 0;

    /// <summary>Counts what aks-auditd said of itself.</summary>
    public void Add(ReportEvent notice, ReadOnlySpan<byte> place)
    {
        switch (notice.Notice)
        {
            case NoticeCount.Lost:
                Lost += notice.NoticeEvents;
                Reasons.Add(notice.Message.WrittenSpan, notice.NoticeEvents);
                break;
            case NoticeCount.Suppressed:
                Suppressed += notice.NoticeEvents;
                _name.ResetWrittenCount();
                _name.Write(notice.Key.WrittenSpan);
                if (!place.SequenceEqual("unknown"u8))
                {
                    if (_name.WrittenCount > 0) _name.Write(" in "u8);
                    _name.Write(place);
                }

                SuppressedBy.Add(_name.WrittenSpan, notice.NoticeEvents);
                break;
            case NoticeCount.Unreadable:
                Unreadable += notice.NoticeEvents;
                break;
            default: break;
        }
    }

    /// <summary>Looks at an event of the node: what auditd says of itself.</summary>
    /// <returns>True when auditd has begun: what happened before nobody wrote down.</returns>
    public bool Observe(ReportEvent seen)
    {
        ReadOnlySpan<byte> action = seen.Action.WrittenSpan;
        bool hasStarted = action.SequenceEqual("started-audit"u8);
        if (hasStarted) Starts++;
        else if (action.SequenceEqual("shutdown-audit"u8) || action.SequenceEqual("aborted-auditd-startup"u8) || action.SequenceEqual("audit-error"u8)) Ends++;
        return hasStarted;
    }
}

/// <summary>Sums of events by a text. Bounded; what is over goes to <see cref="Others"/>.</summary>
internal sealed class NoticeTable(int capacity)
{
    private readonly Dictionary<byte[], long> _sums = new(Events.ByteComparer.Instance);

    public long Others { get; private set; }

    public void Add(ReadOnlySpan<byte> text, long events)
    {
        if (text.Length > CountTable.LongestName) text = text[..CountTable.LongestName];
        Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> sums = _sums.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (sums.TryGetValue(text, out long sum)) sums[text] = sum + events;
        else if (_sums.Count < capacity) sums[text] = events;
        else Others += events;
    }

    /// <summary>The sums, greatest first.</summary>
    public KeyValuePair<byte[], long>[] Sorted()
    {
        KeyValuePair<byte[], long>[] sorted = [.. _sums];
        Array.Sort(sorted, (a, b) => b.Value.CompareTo(a.Value));
        return sorted;
    }
}
