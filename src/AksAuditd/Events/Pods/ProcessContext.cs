namespace AksAuditd.Events.Pods;

/// <summary>Where a process lives.</summary>
internal enum ProcessPlace
{
    /// <summary>It was gone, and so was all that could tell.</summary>
    Unknown,

    /// <summary>On the node itself, in no container.</summary>
    Host,

    /// <summary>In <see cref="ProcessContext.Container"/>.</summary>
    Container,
}

/// <summary>What the records of an event do not say about its process.</summary>
/// <param name="Place">Where it lives.</param>
/// <param name="Container">Its container; null unless <paramref name="Place"/> says so.</param>
/// <param name="ParentExecutable">The path of its parent's executable, any bytes; null when it is not known.</param>
internal readonly record struct ProcessContext(ProcessPlace Place, Container? Container, byte[]? ParentExecutable);
