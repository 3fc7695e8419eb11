using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>What an item of <c>PATH</c> says, as places in its record's body.</summary>
internal struct PathItem
{
    /// <summary>The record's number.</summary>
    public int Record;

    /// <summary>Where its bytes are kept, if they are.</summary>
    public PathFragments.Entry? Kept;

    /// <summary>What the version was then.</summary>
    public int KeptVersion;

    public uint Item, Mode, Uid, Gid;

    /// <summary>Where the field begins that has the name; -1 without.</summary>
    public int Name;

    /// <summary>Values that are written as they are; empty when the record does not say.</summary>
    public Slice Inode, Device, SpecialDevice, Kind;

    /// <summary>True when the record has something that has no place here; the second of two fields of one name is such a thing.</summary>
    public bool HasMore;

    private const int SpecialDeviceId = 8, KindId = 9;
    private uint _seen;

    /// <summary>True when it is an existing regular file of root's that nobody else may write, without special rights.</summary>
    public readonly bool IsPlain(ReadOnlySpan<byte> body) =>
        !HasMore && Uid == 0 && Gid == 0 && (Mode & 0xF000) == 0x8000 && (Mode & 0xE12) == 0 && Kind.Of(body).SequenceEqual("NORMAL"u8);

    public readonly bool IsParent(ReadOnlySpan<byte> body) => Kind.Of(body).SequenceEqual("PARENT"u8);

    /// <summary>A part of a record's body.</summary>
    public readonly record struct Slice(int Start, int Length)
    {
        public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
    }

    public static PathItem Read(in AuditRecord record, int number)
    {
        PathItem item = new() { Record = number, Name = -1, Item = EventFacts.None, Mode = EventFacts.None, Uid = EventFacts.None, Gid = EventFacts.None };
        ReadOnlySpan<byte> body = record.Body;
        FieldReader fields = record.Fields;
        // So nearly all items end: no need to read it.
        ReadOnlySpan<byte> usual = " rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"u8;
        if (body.EndsWith(usual))
        {
            fields = new FieldReader(body[..^usual.Length]);
            item._seen = 1u << SpecialDeviceId | 1u << KindId;
            item.Kind = new Slice(body.Length - usual.Length + " rdev=00:00 nametype="u8.Length, "NORMAL"u8.Length);
        }
        int start = fields.Remaining;
        for (int at = 0; fields.TryRead(out Field field); at = start - fields.Remaining)
            if (!item.Take(field, at, start - fields.Remaining)) item.HasMore = true;
        return item;
    }

    /// <summary>False when the field has no place here.</summary>
    public bool Take(in Field field, int at, int end)
    {
        int id = IdOf(field.Name);
        if (id == 0) return IsZero(field);
        if ((_seen & 1u << id) != 0) return false;
        _seen |= 1u << id;
        // A field without quotes ends where its value does.
        Slice value = new(end - field.Value.Length, field.Value.Length);
        switch (id)
        {
            case 1: return TryGet(field, out Item);
            case 2: Name = at; return true;
            case 3: Inode = value; break;
            case 4: Device = value; break;
            case 5: return TryGetMode(field.Value, out Mode);
            case 6: return TryGet(field, out Uid);
            case 7: return TryGet(field, out Gid);
            case SpecialDeviceId: SpecialDevice = value; break;
            default: Kind = value; break;
        }
        return field.Form == ValueForm.Bare;
    }

    private static int IdOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("dev"u8) => 4,
        4 => name[0] switch
        {
            (byte)'i' when name.SequenceEqual("item"u8) => 1,
            (byte)'n' when name.SequenceEqual("name"u8) => 2,
            (byte)'m' when name.SequenceEqual("mode"u8) => 5,
            (byte)'o' when name.SequenceEqual("ouid"u8) => 6,
            (byte)'o' when name.SequenceEqual("ogid"u8) => 7,
            (byte)'r' when name.SequenceEqual("rdev"u8) => SpecialDeviceId,
            _ => 0,
        },
        5 when name.SequenceEqual("inode"u8) => 3,
        8 when name.SequenceEqual("nametype"u8) => KindId,
        _ => 0,
    };

    /// <summary>Capabilities of a file are mostly none; then nothing is said of them.</summary>
    private static bool IsZero(in Field field) => field.Name.StartsWith("cap_f"u8) && field.Value.SequenceEqual("0"u8);

    private static bool TryGet(in Field field, out uint number)
    {
        bool valid = field.TryGetUInt64(out ulong value) && value < EventFacts.None;
        number = valid ? (uint)value : EventFacts.None;
        return valid;
    }

    private static bool TryGetMode(ReadOnlySpan<byte> value, out uint mode)
    {
        mode = 0;
        if (value.Length is 0 or > 8) return false;
        foreach (byte b in value)
        {
            if (b is < (byte)'0' or > (byte)'7') return false;
            mode = mode << 3 | (uint)(b - '0');
        }
        return true;
    }
}
