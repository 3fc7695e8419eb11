namespace AksAuditd.Events.Pods;

/// <summary>
/// A container. One object for each as long as it is known: what reads it may keep things by it. What only the node's log directories say
/// (<see cref="Namespace"/>, <see cref="Pod"/>, <see cref="Name"/>) is null until it is found.
/// </summary>
internal sealed class Container(string id)
{
    /// <summary>The runtime's id: 64 hexadecimal digits.</summary>
    public string Id { get; } = id;

    /// <summary>
    /// The pod's uid as Kubernetes writes it, with hyphens (of a pod from a file on the node: the hash of that file); empty for a container that
    /// belongs to no pod.
    /// </summary>
    public string PodUid { get; init; } = "";

    public string? Namespace { get; private set; }

    public string? Pod { get; private set; }

    /// <summary>The container's name in its pod; null also for the pod's sandbox.</summary>
    public string? Name { get; private set; }

    /// <summary>False as long as the names that are missing are likely to come: within a few seconds of its start.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>True when namespace, pod and name are known: they say which container it is, once it has been announced.</summary>
    public bool HasAllNames => Name is not null && Pod is not null && Namespace is not null;

    /// <summary>Counts up with each <see cref="Rename"/>: what was made of an older one is made again.</summary>
    public int Version { get; private set; }

    /// <summary>Sets what the node's log directories say.</summary>
    public void Rename(string podNamespace, string pod, string? name)
    {
        Namespace = podNamespace;
        Pod = pod;
        Name = name;
        Version++;
        if (name is not null) IsNamed = true;
    }

    /// <summary>Nobody waits for its names any more.</summary>
    public void StopWaiting() => IsNamed = true;
}
