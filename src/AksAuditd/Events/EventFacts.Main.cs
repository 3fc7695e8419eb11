namespace AksAuditd.Events;

/// <summary>What only the encoder wants of the main record: that of the system call, or else the first.</summary>
internal sealed partial class EventFacts
{
    private readonly ulong[] _arguments = new ulong[4];
    private uint _items;
    private uint _seen;

    /// <summary>Which record the facts were read from.</summary>
    public int MainRecord { get; private set; }

    /// <summary>The login session.</summary>
    public uint Session => Actor.Session;

    /// <summary>Who did it: the object stays the same, <see cref="Actor.Generation"/> too, as long as it is known.</summary>
    public Actor Actor { get; private set; }

    /// <summary>True when <see cref="Actor"/> may be there again in another event.</summary>
    public bool IsActorKept => Actor != _own;

    /// <summary>Where in the main record's body the actor begins.</summary>
    public int ActorStart { get; private set; }

    /// <summary>How many <c>PATH</c> records the main one announces.</summary>
    public uint Items => _items;

    /// <summary>True when the record has the field, and it is what its name says.</summary>
    public bool Has(FactField field) => ((_seen | Actor.Seen) & 1u << (int)field) != 0;

    /// <summary>A user or group, from <see cref="FactField.Uid"/> to <see cref="FactField.FilesystemGid"/>.</summary>
    public uint IdOf(FactField field) => Actor.IdOf(field);

    /// <summary>The system call's first four arguments; of no meaning when <see cref="Has"/> says they are not there.</summary>
    public ReadOnlySpan<ulong> Arguments => _arguments;

    /// <summary>How many fields of the main record none of the facts says.</summary>
    public int LeftoverCount => Actor.LeftoverCount;

    /// <summary>Where in the main record's body such a field begins, spaces before it included.</summary>
    public int Leftover(int index) => ActorStart + Actor.Leftover(index);
}
