namespace AksAuditd.Events.Pods;

/// <summary>Where the node says which container a process is in, and how much is remembered of it.</summary>
internal sealed class PodContextOptions
{
    /// <summary>The node's /proc, of the initial pid namespace: of any other, nothing is believed.</summary>
    public string ProcDirectory { get; init; } = "/proc";

    /// <summary>Directories NAMESPACE_POD_UID.</summary>
    public string PodLogs { get; init; } = "/var/log/pods";

    /// <summary>Links POD_NAMESPACE_CONTAINER-CONTAINERID.log.</summary>
    public string ContainerLogs { get; init; } = "/var/log/containers";

    /// <summary>
    /// Where the control groups are mounted. They are watched, so that a container's first process is known before it runs its program. Null: not
    /// watched, and a process that is gone at once has its parent's context or none.
    /// </summary>
    public string? ControlGroups { get; init; } = "/sys/fs/cgroup";

    /// <summary>
    /// True looks at every process at the start: one that goes before its first event is known all the same. False for records of the past, where a process is looked at
    /// when a record names it.
    /// </summary>
    public bool LooksAtAll { get; init; } = true;

    /// <summary>Processes to remember, 16 to 1,048,576; the one that was longest not heard of is forgotten first. Each takes about 100 bytes.</summary>
    public int MaxProcesses { get; init; } = 16 * 1024;

    /// <summary>Containers to remember, at least 16.</summary>
    public int MaxContainers { get; init; } = 4096;

    /// <summary>Paths of executables to remember, at least 16.</summary>
    public int MaxExecutables { get; init; } = 4096;
}
