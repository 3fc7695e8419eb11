namespace LinuxAudit.Records;

/// <summary>The bounds of an <see cref="EventAssembler"/>.</summary>
public sealed class AssemblerOptions
{
    /// <summary>How long an event without an end waits for more records. From 1 ms to 1 hour. Default 2 s, as auditd.conf(5)'s end_of_event_timeout.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many events may be open at a time; the oldest is handed out to make room. From 1 to 1,000,000. Default 1,024.</summary>
    public int MaxOpenEvents { get; init; } = 1024;

    /// <summary>How many bytes of records all open events may have; the oldest is handed out to make room. At least 16 KiB. Default 4 MiB.</summary>
    public int MaxOpenBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How many bytes of records one event may have; further ones are dropped and counted. From 9,000 (one record) to
    /// <see cref="MaxOpenBytes"/>. Default 1 MiB.
    /// </summary>
    public int MaxEventBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// True when <c>PROCTITLE</c> ends an event: it is the kernel's last record before <c>EOE</c>, and a log file has no <c>EOE</c>. False waits for
    /// <c>EOE</c> or <see cref="Timeout"/>. Default true.
    /// </summary>
    public bool ProcessTitleEnds { get; init; } = true;

    /// <summary>Throws <see cref="ArgumentException"/>, which names all that is out of range.</summary>
    public void Validate()
    {
        List<string> errors = [];
        if (Timeout < TimeSpan.FromMilliseconds(1) || Timeout > TimeSpan.FromHours(1)) errors.Add($"{nameof(Timeout)} is {Timeout}, not 1 ms to 1 hour");
        if (MaxOpenEvents is < 1 or > 1_000_000) errors.Add($"{nameof(MaxOpenEvents)} is {MaxOpenEvents}, not 1 to 1000000");
        if (MaxOpenBytes < 16 * 1024) errors.Add($"{nameof(MaxOpenBytes)} is {MaxOpenBytes}, not at least 16384");
        if (MaxEventBytes < 9000 || MaxEventBytes > MaxOpenBytes) errors.Add($"{nameof(MaxEventBytes)} is {MaxEventBytes}, not 9000 to {nameof(MaxOpenBytes)}");
        if (errors.Count > 0) throw new ArgumentException(string.Join("; ", errors));
    }
}
