namespace AksAuditd.Events.Pods;

/// <summary>A container as a control group's path names it: slices of that path.</summary>
internal readonly ref struct CgroupContainer
{
    /// <summary>64 hexadecimal digits; empty for none.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>The pod's uid, with hyphens or with underscores; empty for a container of no pod.</summary>
    public ReadOnlySpan<byte> PodUid { get; init; }
}

/// <summary>
/// Reads /proc/PID/cgroup (cgroups(7)): lines <c>0::PATH</c> (v2) and <c>ID:CONTROLLERS:PATH</c> (v1), as the cgroupfs and systemd drivers of the
/// kubelet, containerd, CRI-O, docker and podman make them. Any bytes may be read.
/// </summary>
internal static class CgroupText
{
    private const int IdLength = 64, MaxUidLength = 128;

    /// <summary>Where a process is. A container that some lines name counts though others name none: runtimes do not use every controller.</summary>
    /// <param name="text">The file.</param>
    /// <param name="initialNamespace">
    /// Whether the reader is in the initial cgroup namespace. From another, paths are relative to the reader's own control group: what is outside
    /// begins with <c>/..</c>, and what does not is in the reader's own container, whose name no path says.
    /// </param>
    /// <param name="container">The container, slices of <paramref name="text"/>.</param>
    /// <returns>Unknown when lines name different containers, when it is the reader's own, or when there is no line.</returns>
    public static ProcessPlace Read(ReadOnlySpan<byte> text, bool initialNamespace, out CgroupContainer container)
    {
        container = default;
        bool isOutside = initialNamespace, hasPath = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!TryGetPath(line, out ReadOnlySpan<byte> path)) continue;
            hasPath = true;
            if (path.StartsWith("/.."u8)) isOutside = true;
            CgroupContainer found = FindContainer(path);
            if (found.Id.IsEmpty) continue;
            if (!container.Id.IsEmpty && !container.Id.SequenceEqual(found.Id))
            {
                container = default;
                return ProcessPlace.Unknown;
            }

            if (container.PodUid.IsEmpty) container = found;
        }

        if (!isOutside) container = default;
        return !isOutside || !hasPath ? ProcessPlace.Unknown : container.Id.IsEmpty ? ProcessPlace.Host : ProcessPlace.Container;
    }

    /// <summary>The container whose control group a path is, or is in; an empty id for none.</summary>
    public static CgroupContainer FindContainer(ReadOnlySpan<byte> path)
    {
        if (path.EndsWith(" (deleted)"u8)) path = path[..^10];
        ReadOnlySpan<byte> id = default, pod = default;
        bool inKubepods = false;
        // A colon too: containerd without SystemdCgroup makes kubepods-podUID.slice:cri-containerd:ID of a systemd kubelet's name.
        foreach (Range range in path.SplitAny("/:"u8))
        {
            ReadOnlySpan<byte> name = path[range];
            if (TryGetPodUid(name, inKubepods, out ReadOnlySpan<byte> uid))
            {
                // The last pod: the node may itself be a container (kind).
                pod = uid;
                id = default;
            }
            else if ((id.IsEmpty || pod.IsEmpty) && TryGetId(name, out ReadOnlySpan<byte> found))
            {
                // In a pod the first: deeper ones are made inside that container.
                id = found;
            }
            else if (name.IndexOf("kubepods"u8) >= 0)
            {
                inKubepods = true;
            }
        }

        return id.IsEmpty ? default : new CgroupContainer { Id = id, PodUid = pod };
    }

    // The path itself may have colons.
    private static bool TryGetPath(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> path)
    {
        path = default;
        int first = line.IndexOf((byte)':');
        if (first < 0) return false;
        int second = line[(first + 1)..].IndexOf((byte)':');
        if (second < 0) return false;
        path = line[(first + second + 2)..];
        return path.StartsWith("/"u8);
    }

    private static bool TryGetPodUid(ReadOnlySpan<byte> name, bool inKubepods, out ReadOnlySpan<byte> uid)
    {
        uid = default;
        if (name.EndsWith(".slice"u8))
        {
            name = name[..^6];
            int pod = name.LastIndexOf("-pod"u8);
            if (pod >= 0 && name[..pod].IndexOf("kubepods"u8) >= 0)
            {
                uid = name[(pod + 4)..];
                return IsUid(uid);
            }
        }

        if (!name.StartsWith("pod"u8)) return false;
        uid = name[3..];
        // Elsewhere than below kubepods only what looks like one: Talos has /podruntime.
        return inKubepods ? IsUid(uid) : IsUuid(uid) || IsHash(uid);
    }

    private static bool TryGetId(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (name.EndsWith(".scope"u8)) name = name[..^6];
        if (name.Length < IdLength) return false;
        ReadOnlySpan<byte> prefix = name[..^IdLength];
        // crio-conmon-ID and libpod-conmon-ID hold the process that watches the container, on the node.
        if (!prefix.IsEmpty && (prefix[^1] != '-' || prefix.IndexOf("conmon"u8) >= 0)) return false;
        id = name[^IdLength..];
        return id.IndexOfAnyExcept("0123456789abcdef"u8) < 0;
    }

    // A pod from a file may have any uid its author gave it.
    private static bool IsUid(ReadOnlySpan<byte> uid)
    {
        if (uid.Length is 0 or > MaxUidLength) return false;
        foreach (byte b in uid)
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_' or (byte)'.')) return false;
        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> uid)
    {
        if (uid.Length != 36) return false;
        for (int i = 0; i < uid.Length; i++)
        {
            bool separator = i is 8 or 13 or 18 or 23;
            if (separator ? uid[i] is not ((byte)'-' or (byte)'_') : !char.IsAsciiHexDigitLower((char)uid[i])) return false;
        }

        return true;
    }

    private static bool IsHash(ReadOnlySpan<byte> uid) => uid.Length == 32 && uid.IndexOfAnyExcept("0123456789abcdef"u8) < 0;
}
