namespace AksAuditd.Events.Pods;

/// <summary>What a <see cref="PodContext"/> has done so far, and what it holds.</summary>
internal readonly record struct PodContextCounters
{
    /// <summary>Processes it knows now.</summary>
    public int Processes { get; init; }

    /// <summary>Processes forgotten to make room.</summary>
    public long EvictedProcesses { get; init; }

    /// <summary>Times that /proc was asked about a process.</summary>
    public long Looks { get; init; }

    /// <summary>Looks that found the process gone.</summary>
    public long GoneProcesses { get; init; }

    /// <summary>Gone processes that have their parent's context.</summary>
    public long Inherited { get; init; }

    /// <summary>Events whose process's place is not known.</summary>
    public long UnknownPlaces { get; init; }

    /// <summary>Processes that the watch of the control groups told of.</summary>
    public long Announced { get; init; }

    /// <summary>Containers whose names were found.</summary>
    public long NamesFound { get; init; }

    /// <summary>Containers whose names are not there: sandboxes, and those whose logs are elsewhere.</summary>
    public long NamesMissing { get; init; }
}
