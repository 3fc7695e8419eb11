namespace AksAuditd.Events;

/// <summary>What only the encoder wants of the main record: that of the system call, or else the first.</summary>
internal sealed partial class EventFacts
{
    private readonly uint[] _ids = new uint[FactField.FilesystemGid - FactField.Uid + 1];
    private readonly ulong[] _arguments = new ulong[4];
    private int[] _leftovers = new int[16];
    private uint _items;
    private uint _seen;

    /// <summary>Which record the facts were read from.</summary>
    public int MainRecord { get; private set; }

    /// <summary>The login session.</summary>
    public uint Session { get; private set; }

    /// <summary>How many <c>PATH</c> records the main one announces.</summary>
    public uint Items => _items;

    /// <summary>True when the record has the field, and it is what its name says.</summary>
    public bool Has(FactField field) => (_seen & 1u << (int)field) != 0;

    /// <summary>A user or group, from <see cref="FactField.Uid"/> to <see cref="FactField.FilesystemGid"/>.</summary>
    public uint IdOf(FactField field) => _ids[field - FactField.Uid];

    /// <summary>The system call's first four arguments; of no meaning when <see cref="Has"/> says they are not there.</summary>
    public ReadOnlySpan<ulong> Arguments => _arguments;

    /// <summary>How many fields of the main record none of the facts says.</summary>
    public int LeftoverCount { get; private set; }

    /// <summary>Where in the main record's body such a field begins, spaces before it included.</summary>
    public int Leftover(int index) => _leftovers[index];

    private void AddLeftover(int at)
    {
        if (LeftoverCount == _leftovers.Length) Array.Resize(ref _leftovers, LeftoverCount * 2);
        _leftovers[LeftoverCount++] = at;
    }
}
