namespace AksAuditd.Events.Sources;

/// <summary>What a source has after a wait.</summary>
internal enum SourceState
{
    /// <summary>Something may be read.</summary>
    Ready,

    /// <summary>Nothing came in time.</summary>
    Idle,

    /// <summary>Nothing will come any more.</summary>
    Ended,
}

/// <summary>A record as it came, before anything looked at it. Valid until the source is asked again.</summary>
internal readonly ref struct RawRecord(int type, ReadOnlySpan<byte> bytes, bool isCut = false)
{
    /// <summary>The number of its type, for a message of the kernel; 0 for a line of text, which names its type itself.</summary>
    public int Type { get; } = type;

    /// <summary>The line without its newline, or the message's payload.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>True when these are only the first bytes of something longer than any record is; the rest was passed over.</summary>
    public bool IsCut { get; } = isCut;
}

/// <summary>Where records come from. One thread.</summary>
internal interface IRecordSource : IDisposable
{
    /// <summary>What logs call it: <c>kernel (multicast)</c>, <c>audit-log /var/log/audit/audit.log</c>.</summary>
    string Name { get; }

    /// <summary>Times that records were lost before they came here and the source was told so, without being told how many.</summary>
    long Overruns { get; }

    /// <summary>Waits until something may be read. Called when <see cref="TryRead"/> found nothing.</summary>
    /// <param name="limit">The longest wait.</param>
    /// <param name="mayGather">What has come may wait a little for more (<see cref="Company"/>). False: somebody has to look at processes that are about to go.</param>
    /// <exception cref="Node.NodeException">It does not work any more.</exception>
    SourceState Wait(TimeSpan limit, bool mayGather);

    /// <summary>The next record, without waiting; false when <see cref="Wait"/> has to be asked.</summary>
    bool TryRead(out RawRecord record);
}
