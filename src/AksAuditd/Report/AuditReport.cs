using System.Buffers;

namespace AksAuditd.Report;

/// <summary>What a log says, counted. Filled by <see cref="ReportReader"/>, shown by <see cref="Html.ReportPage"/>. Bounded, however long the log.</summary>
internal sealed class AuditReport
{
    private const int MostNodes = 256, MostNames = 4096, MostTreeNodes = 16 * 1024, MostBy = 3;

    private readonly ArrayBufferWriter<byte> _name = new();

    /// <summary>Events of the nodes; what aks-auditd said of itself is not among them.</summary>
    public CountRow All { get; } = new([], 0);

    /// <summary>The first event's time in milliseconds since 1970; of no meaning without events.</summary>
    public long From { get; private set; } = long.MaxValue;

    /// <summary>The last event's time.</summary>
    public long To { get; private set; } = long.MinValue;

    /// <summary>How long the events took, in seconds.</summary>
    public double Seconds => All.Events == 0 ? 0 : (To - From) / 1000.0;

    /// <summary>Machines; empty names for events that do not say.</summary>
    public CountTable Nodes { get; } = new(MostNodes, forgets: false);

    /// <summary>Rule keys, the first of each event; empty for events without one.</summary>
    public CountTable Keys { get; } = new(256, forgets: false);

    /// <summary>Pods, containers, <c>host</c> and <c>unknown</c>.</summary>
    public CountTable Places { get; } = new(MostNames, forgets: true);

    public CountTable Executables { get; } = new(MostNames, forgets: true);

    /// <summary>The other sides of network calls: a letter of <see cref="PeerLetter"/>, the address, a space, the port.</summary>
    public CountTable Peers { get; } = new(MostNames, forgets: true);

    public Timeline Timeline { get; } = new(most: 120);

    public ProcessTree Tree { get; } = new(MostTreeNodes);

    public LossAccount Losses { get; } = new();

    /// <summary>What was read: names of files.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>Records were read: their bytes are known, and serial numbers tell what is missing.</summary>
    public bool HasRecords { get; set; }

    /// <summary>Lines of JSON were read: they say what aks-auditd left out.</summary>
    public bool HasJson { get; set; }

    /// <summary>Counts an event.</summary>
    public void Add(ReportEvent added)
    {
        if (added.Notice != NoticeCount.None)
        {
            Losses.Add(added, PlaceOf(added));
            return;
        }

        All.Add(added);
        (From, To) = (Math.Min(From, added.Time), Math.Max(To, added.Time));
        CountRow node = Nodes.Of(added.Node.WrittenSpan);
        node.Add(added);
        CountRow key = Keys.Of(added.Key.WrittenSpan);
        key.Add(added);
        Timeline.Add(added.Time, key.Index);
        if (added.Executable.WrittenCount > 0) Executables.Of(added.Executable.WrittenSpan).Add(added);
        else Executables.Others.Add(added);
        Places.Of(PlaceOf(added)).Add(added);
        if (Losses.Observe(added)) Tree.Forget(node.Index);
        Tree.Add(added, node.Index, _name.WrittenSpan);
        if (added.Peer == PeerKind.None) return;
        CountRow peer = Peers.Of(PeerOf(added));
        peer.Add(added);
        peer.AddBy(added.Executable.WrittenSpan, MostBy);
    }

    /// <summary>The letter before an address in <see cref="Peers"/>.</summary>
    public static byte PeerLetter(PeerKind kind) => kind switch { PeerKind.Destination => (byte)'d', PeerKind.Source => (byte)'s', _ => (byte)'l' };

    private ReadOnlySpan<byte> PeerOf(ReportEvent added)
    {
        _name.ResetWrittenCount();
        _name.Write([PeerLetter(added.Peer)]);
        _name.Write(added.Address.WrittenSpan);
        _name.Write(" "u8);
        added.Port.TryFormat(_name.GetSpan(20), out int length);
        _name.Advance(length);
        return _name.WrittenSpan;
    }

    // NAMESPACE/POD/CONTAINER, as far as it is known.
    private ReadOnlySpan<byte> PlaceOf(ReportEvent added)
    {
        _name.ResetWrittenCount();
        if (added.Pod.WrittenCount > 0)
        {
            _name.Write(added.Namespace.WrittenSpan);
            _name.Write("/"u8);
            _name.Write(added.Pod.WrittenSpan);
            if (added.ContainerName.WrittenCount > 0) _name.Write("/"u8);
            _name.Write(added.ContainerName.WrittenSpan);
        }
        else if (added.Container.WrittenCount > 0)
        {
            bool isContainer = !added.Container.WrittenSpan.SequenceEqual("host"u8) && !added.Container.WrittenSpan.SequenceEqual("unknown"u8);
            if (isContainer) _name.Write("container "u8);
            _name.Write(added.Container.WrittenSpan);
        }
        else _name.Write("unknown"u8);
        return _name.WrittenSpan;
    }
}
