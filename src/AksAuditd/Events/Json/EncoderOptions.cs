namespace AksAuditd.Events.Json;

/// <summary>How events are written.</summary>
internal sealed record EncoderOptions
{
    public const int SmallestLine = 1024, LargestLine = 1024 * 1024;

    /// <summary>The node's name: <c>host.name</c> of every event. Default empty: left out.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>
    /// The longest line in bytes, without its newline; what is longer is shortened in the middle. From 1,024 to 1 MiB. Default 8,000: rsyslog cuts
    /// at 8 KiB, its own header included.
    /// </summary>
    public int MaxBytes { get; init; } = 8000;

    /// <summary>
    /// Leaves out what can be told from elsewhere: the outcome of a program that was started, and of a container with names its id and its pod's uid, which a
    /// notice has said. Default false.
    /// </summary>
    public bool LeavesOutKnown { get; init; }

    /// <summary>Whether events say <see cref="NodeName"/>. Default true.</summary>
    public bool SaysNode { get; init; } = true;

    /// <summary>Adds the records as they came, <c>auditd.messages</c>. Default false.</summary>
    public bool Raw { get; init; }

    /// <summary>Throws <see cref="ArgumentException"/> when an option is out of its range.</summary>
    public void Validate()
    {
        if (MaxBytes is < SmallestLine or > LargestLine) throw new ArgumentException($"{nameof(MaxBytes)} is {MaxBytes}, not {SmallestLine} to {LargestLine}");
    }
}
