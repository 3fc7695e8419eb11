using System.Runtime.CompilerServices;
using System.Text;
using AksAuditd.Events.Pods;

namespace AksAuditd.Events.Json;

/// <summary>What is said of a container, made once for each and again when its names become known.</summary>
/// <param name="leavesOutKnown">True when events of a container with names say no more of it.</param>
internal sealed class ContainerFragments(bool leavesOutKnown = false)
{
    // More than a node runs at a time; two that share a place make each other's anew.
    private const int Places = 256;

    // As docker, podman and Falco show it; the whole id would be a tenth of an event.
    private const int IdLength = 12;

    private readonly Container?[] _containers = new Container?[Places];
    private readonly (int Version, byte[] Whole, byte[] Json)[] _fragments = new (int, byte[], byte[])[Places];
    private readonly JsonBuffer _json = new() { StringLimit = 256 };

    /// <summary>Writes members of the event, a comma before.</summary>
    public void Write(in ProcessContext context, JsonBuffer json)
    {
        if (context.Place == ProcessPlace.Container && context.Container is not null) json.Write(Entry(context.Container).Json);
        else json.Write(context.Place == ProcessPlace.Host ? ",\"container\":{\"id\":\"host\"}"u8 : ",\"container\":{\"id\":\"unknown\"}"u8);
    }

    /// <summary>All that is known of a container.</summary>
    public ReadOnlySpan<byte> Of(Container container) => Entry(container).Whole;

    private ref readonly (int Version, byte[] Whole, byte[] Json) Entry(Container container)
    {
        int place = RuntimeHelpers.GetHashCode(container) & (Places - 1);
        if (_containers[place] == container && _fragments[place].Version == container.Version) return ref _fragments[place];
        // Read before the names: if they change in between the fragment is made again next time.
        int version = container.Version;
        byte[] whole = Make(container, false);
        _containers[place] = container;
        _fragments[place] = (version, whole, leavesOutKnown && container.HasAllNames ? Make(container, true) : whole);
        return ref _fragments[place];
    }

    private byte[] Make(Container container, bool namesOnly)
    {
        _json.Clear();
        if (container.PodUid.Length > 0)
        {
            _json.Write(",\"kubernetes\":{"u8);
            Member("\"namespace\":"u8, container.Namespace);
            _json.Separate();
            _json.Write("\"pod\":{"u8);
            Member("\"name\":"u8, container.Pod);
            if (!namesOnly) Member("\"uid\":"u8, container.PodUid);
            _json.Write((byte)'}');
            if (container.Name is not null)
            {
                _json.Write(",\"container\":{"u8);
                Member("\"name\":"u8, container.Name);
                _json.Write((byte)'}');
            }
            _json.Write((byte)'}');
        }
        if (namesOnly) return _json.Written.ToArray();
        _json.Write(",\"container\":{"u8);
        Member("\"id\":"u8, container.Id.Length > IdLength ? container.Id[..IdLength] : container.Id);
        _json.Write((byte)'}');
        return _json.Written.ToArray();
    }

    private void Member(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) return;
        _json.Name(name);
        _json.String(Encoding.UTF8.GetBytes(value));
    }
}
