using System.Runtime.CompilerServices;
using AksAuditd.Events.Pods;

namespace AksAuditd.Events;

/// <summary>
/// Which containers are to be announced: an event then needs no more of them than their names. The last announcement of a namespace, pod and container name
/// is that of the container whose events follow. One thread; asking again about a known container allocates nothing.
/// </summary>
internal sealed class ContainerAnnouncements
{
    /// <summary>How long an announcement holds, in milliseconds: whoever looks at some hours finds it in them.</summary>
    public const long Interval = 3600 * 1000;

    // More than a node runs at a time; when there are more, all are announced again.
    private const int MostNames = 4096, Places = 256;

    private readonly Dictionary<(string Namespace, string Pod, string Name), Said> _said = [];
    private readonly (Container? Container, Said Said)[] _recent = new (Container?, Said)[Places];

    /// <summary>True when the container's next event has to have an announcement before it; it then counts as announced.</summary>
    /// <param name="container">The event's container.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public bool IsDue(Container container, long now)
    {
        if (!container.HasAllNames) return false;
        ref (Container? Container, Said Said) recent = ref _recent[RuntimeHelpers.GetHashCode(container) & (Places - 1)];
        if (recent.Container == container && recent.Said.Container == container && recent.Said.Version == container.Version && now - recent.Said.At < Interval) return false;
        if (_said.Count >= MostNames) Clear();
        (string, string, string) names = (container.Namespace!, container.Pod!, container.Name!);
        if (!_said.TryGetValue(names, out Said? said)) _said[names] = said = new Said();
        recent = (container, said);
        if (said.Container == container && said.Version == container.Version && now - said.At < Interval) return false;
        (said.Container, said.Version, said.At) = (container, container.Version, now);
        return true;
    }

    /// <summary>All are to be announced again: whoever reads on may not have read what was said.</summary>
    public void Clear()
    {
        _said.Clear();
        Array.Clear(_recent);
    }

    private sealed class Said
    {
        public Container? Container;
        public int Version;
        public long At;
    }
}
