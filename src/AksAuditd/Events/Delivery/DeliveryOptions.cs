namespace AksAuditd.Events.Delivery;

/// <summary>The bounds of a <see cref="LineDelivery"/>.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Bytes of the queue in memory, 64 KiB to 1 GiB; 8 MiB by default. Memory is used only as far as it fills.</summary>
    public int QueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Where the spool is, an absolute path without links whose last part is made when it is not there; null (default): no spool.</summary>
    public string? SpoolDirectory { get; init; }

    /// <summary>Bytes of the spool's files, at least 1 MiB; 256 MiB by default.</summary>
    public long SpoolBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Lines that have waited this long in memory go to the spool: what a kill loses at the most. 1 s by default.</summary>
    public TimeSpan SpoolAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lines wait this long for company: one system call then takes many. 0 to 1 s, 20 ms by default.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// True (default): a thread of its own delivers, and the producer never waits. False: the producer delivers with <see cref="LineDelivery.Deliver"/>, and waits
    /// for the sink; for one that has nothing to lose by that, such as who reads a file.
    /// </summary>
    public bool HasThread { get; init; } = true;

    /// <summary>The shortest time between two loss reports; 1 s by default.</summary>
    public TimeSpan LossReportInterval { get; init; } = TimeSpan.FromSeconds(1);
}
