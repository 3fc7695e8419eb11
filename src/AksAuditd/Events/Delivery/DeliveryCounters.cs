namespace AksAuditd.Events.Delivery;

/// <summary>Why a line was lost.</summary>
internal enum LossReason
{
    /// <summary>The queue in memory was full, and there is no spool or it was too slow.</summary>
    QueueFull,

    /// <summary>The spool had reached its bound.</summary>
    SpoolFull,

    /// <summary>The spool could not be written: its disk is full or broken.</summary>
    SpoolFailed,

    /// <summary>Longer than the sink takes.</summary>
    TooLong,

    /// <summary>Damaged in the spool: a power cut, a broken disk, somebody's hand.</summary>
    Damaged,

    /// <summary>Still in memory at the end, and there was no spool for it.</summary>
    Stopped,
}

/// <summary>Lines lost, by reason.</summary>
internal record struct LossCounts(long QueueFull, long SpoolFull, long SpoolFailed, long TooLong, long Damaged, long Stopped)
{
    public readonly long Total => QueueFull + SpoolFull + SpoolFailed + TooLong + Damaged + Stopped;

    public void Add(LossReason reason, long count)
    {
        switch (reason)
        {
            case LossReason.QueueFull: QueueFull += count; break;
            case LossReason.SpoolFull: SpoolFull += count; break;
            case LossReason.SpoolFailed: SpoolFailed += count; break;
            case LossReason.TooLong: TooLong += count; break;
            case LossReason.Damaged: Damaged += count; break;
            case LossReason.Stopped: Stopped += count; break;
            default: throw new ArgumentOutOfRangeException(nameof(reason));
        }
    }

    public readonly LossCounts Plus(LossCounts other) => new(QueueFull + other.QueueFull, SpoolFull + other.SpoolFull, SpoolFailed + other.SpoolFailed,
        TooLong + other.TooLong, Damaged + other.Damaged, Stopped + other.Stopped);

    public readonly LossCounts Minus(LossCounts other) => new(QueueFull - other.QueueFull, SpoolFull - other.SpoolFull, SpoolFailed - other.SpoolFailed,
        TooLong - other.TooLong, Damaged - other.Damaged, Stopped - other.Stopped);
}

/// <summary>
/// One moment of a <see cref="LineDelivery"/>. Always <c>Accepted = Delivered + Lost.Total + Queued + Spooled</c>.
/// </summary>
internal record struct DeliveryCounters
{
    /// <summary>Lines offered by <see cref="LineDelivery.Enqueue(ReadOnlySpan{byte}, long)"/>, and <see cref="Recovered"/> ones.</summary>
    public long Accepted { get; set; }

    /// <summary>Of <see cref="Accepted"/>: those that an earlier process had left in the spool.</summary>
    public long Recovered { get; set; }

    /// <summary>Lines that the sink has taken.</summary>
    public long Delivered { get; set; }

    public LossCounts Lost { get; set; }

    /// <summary>Lines in memory.</summary>
    public long Queued { get; set; }

    /// <summary>Bytes of the queue in use, 12 more a line than it has.</summary>
    public long QueuedBytes { get; set; }

    /// <summary>Lines on disk.</summary>
    public long Spooled { get; set; }

    /// <summary>Bytes of the spool's files, lines that are delivered but whose file is not finished included.</summary>
    public long SpooledBytes { get; set; }

    /// <summary>How often the sink went from well to unwell.</summary>
    public long SinkErrors { get; set; }

    /// <summary>The sink's or the spool's last trouble; null when there was none.</summary>
    public string? LastError { get; set; }
}

/// <summary>What was lost and has not been told.</summary>
/// <param name="From">When the first was lost.</param>
/// <param name="To">When the last was lost.</param>
/// <param name="Lost">How many, and why.</param>
internal readonly record struct LossReport(DateTimeOffset From, DateTimeOffset To, LossCounts Lost);
