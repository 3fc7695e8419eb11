using System.Text;
using AksAuditd.Node.Interop;

namespace AksAuditd.Events.Pods;

/// <summary>
/// Finds the names of containers in the node's log directories. The kubelet makes a pod's directory before its first container and a container's link just
/// after its start, so names may be late; they are looked for often at first, then rarely, and given up in the end (a sandbox has no link).
/// </summary>
internal sealed class PodNames(string podLogs, string containerLogs, TimeProvider clock)
{
    private const int MaxWaiting = 1024, IdLength = 64;
    private static readonly TimeSpan OftenFor = TimeSpan.FromSeconds(1), WaitFor = TimeSpan.FromSeconds(5), Forget = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50), Less = TimeSpan.FromMilliseconds(250), Rarely = TimeSpan.FromSeconds(5);

    private readonly byte[] _podLogs = Encoding.UTF8.GetBytes(podLogs + '\0'), _containerLogs = Encoding.UTF8.GetBytes(containerLogs + '\0');
    private readonly List<Waiting> _waiting = [];
    private long _next;

    /// <summary>Containers whose names were found, and those whose were not.</summary>
    public long Found { get; private set; }

    /// <inheritdoc cref="Found"/>
    public long Missing { get; private set; }

    /// <summary>A container whose names are wanted. They may be known when this returns.</summary>
    public void Want(Container container)
    {
        if (_waiting.Count == MaxWaiting)
        {
            Missing++;
            _waiting[0].Container.StopWaiting();
            _waiting.RemoveAt(0);
        }

        // Whatever made it, it is not worth waiting for.
        if (container.PodUid.Length == 0) container.StopWaiting();
        _waiting.Add(new Waiting(container, clock.GetTimestamp()));
        _next = long.MinValue;
        Refresh();
    }

    /// <summary>Looks again when it is time to; cheap when it is not.</summary>
    public void Refresh()
    {
        long now = clock.GetTimestamp();
        if (_waiting.Count == 0 || now < _next) return;
        if (_waiting.Exists(w => w.Container.Namespace is null)) FindPods();
        FindContainers();

        TimeSpan pause = Rarely;
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            Waiting waiting = _waiting[i];
            TimeSpan age = clock.GetElapsedTime(waiting.Since, now);
            bool found = waiting.Container.Name is not null;
            if (age >= WaitFor) waiting.Container.StopWaiting();
            if (found || age >= Forget)
            {
                if (found) Found++;
                else Missing++;
                _waiting.RemoveAt(i);
            }
            else if (age < WaitFor)
            {
                pause = age < OftenFor ? Often : Less < pause ? Less : pause;
            }
        }

        _next = now + (long)(pause.TotalSeconds * clock.TimestampFrequency);
    }

    // NAMESPACE_POD_UID: neither a namespace nor a pod has an underscore in its name; a uid that the node's files give may.
    private void FindPods()
    {
        using DirectoryNames names = new(FileCalls.AtFdCwd, _podLogs);
        while (names.TryNext(out ReadOnlySpan<byte> name))
        {
            int first = name.IndexOf((byte)'_');
            int second = first < 0 ? -1 : name[(first + 1)..].IndexOf((byte)'_') + first + 1;
            if (first <= 0 || second <= first + 1) continue;
            ReadOnlySpan<byte> uid = name[(second + 1)..];
            foreach (Waiting waiting in _waiting)
            {
                Container container = waiting.Container;
                if (container.Namespace is null && container.PodUid.Length > 0 && EqualsAscii(container.PodUid, uid))
                    container.Rename(Encoding.UTF8.GetString(name[..first]), Encoding.UTF8.GetString(name[(first + 1)..second]), null);
            }
        }
    }

    // POD_NAMESPACE_CONTAINER-ID.log
    private void FindContainers()
    {
        using DirectoryNames names = new(FileCalls.AtFdCwd, _containerLogs);
        while (names.TryNext(out ReadOnlySpan<byte> name))
        {
            if (!name.EndsWith(".log"u8) || name.Length < IdLength + 5 || name[^(IdLength + 5)] != '-') continue;
            ReadOnlySpan<byte> id = name[^(IdLength + 4)..^4];
            foreach (Waiting waiting in _waiting)
                if (waiting.Container.Name is null && EqualsAscii(waiting.Container.Id, id)) Name(waiting.Container, name[..^(IdLength + 5)]);
        }
    }

    private static void Name(Container container, ReadOnlySpan<byte> name)
    {
        int first = name.IndexOf((byte)'_'), last = name.LastIndexOf((byte)'_');
        if (first <= 0 || last <= first + 1 || last + 1 == name.Length) return;
        string pod = Encoding.UTF8.GetString(name[..first]), podNamespace = Encoding.UTF8.GetString(name[(first + 1)..last]);
        // The directory of the pod's uid is better evidence: that uid is the control group's.
        if (container.Namespace is null ? container.PodUid.Length > 0 : container.Pod != pod || container.Namespace != podNamespace) return;
        container.Rename(podNamespace, pod, Encoding.UTF8.GetString(name[(last + 1)..]));
    }

    private static bool EqualsAscii(string text, ReadOnlySpan<byte> bytes)
    {
        if (text.Length != bytes.Length) return false;
        for (int i = 0; i < text.Length; i++)
            if (text[i] != bytes[i]) return false;
        return true;
    }

    private sealed record Waiting(Container Container, long Since);
}
