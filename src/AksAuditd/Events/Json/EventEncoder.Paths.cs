using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    private const uint FileType = 0xF000, RegularFile = 0x8000;

    // AT_FDCWD
    private const int WorkingDirectoryDescriptor = -100;

    private PathItem[] _paths = new PathItem[8];
    private byte[] _path = new byte[8192];
    private int _file;

    /// <summary>
    /// The path the event is about: the first that is not only the directory of another. Of a program that was started nothing is said when it
    /// is what <c>process.executable</c> names and a plain file.
    /// </summary>
    private void WriteFile(AuditEvent auditEvent, EventFacts facts, in Budget budget)
    {
        _file = -1;
        int count = _records.PathCount;
        if (count == 0) return;
        if (_paths.Length < count) _paths = new PathItem[count * 2];
        for (int i = 0; i < count; i++)
        {
            int number = _records.Path(i);
            ReadOnlySpan<byte> body = auditEvent.BodyOf(number);
            Read(auditEvent, facts, i, body, number);
            if (IsLeftOut(auditEvent, facts, i, body)) _paths[i].Record = -1;
            else if (_file < 0 && !_paths[i].IsParent(body)) _file = i;
        }
        if (_file < 0) return;
        _json.Write(",\"file\":{"u8);
        WritePath(auditEvent, facts, _file, budget);
        _json.Write((byte)'}');
    }

    /// <summary>Reads an item, unless its bytes were read lately.</summary>
    private void Read(AuditEvent auditEvent, EventFacts facts, int index, ReadOnlySpan<byte> body, int number)
    {
        PathFragments.Entry? known = _pathFragments.Of(body);
        if (known is not null && known.Is(body))
        {
            _paths[index] = known.Item;
            _paths[index].Record = number;
            _paths[index].Kept = known;
            _paths[index].KeptVersion = known.Version;
            return;
        }
        _paths[index] = PathItem.Read(auditEvent[number], number);
        ref PathItem item = ref _paths[index];
        if (known is null || item.Name < 0 || item.HasMore) return;
        ReadOnlySpan<byte> path = FullPath(auditEvent, facts, body, item, out ReadOnlySpan<byte> name);
        // What a relative name means other records say.
        if (name.IsEmpty || name[0] != '/') return;
        known.Set(body, item, path);
        item.Kept = known;
        item.KeptVersion = known.Version;
    }

    /// <summary>Of an exec: the executable itself, and the dynamic linker it asked for.</summary>
    private bool IsLeftOut(AuditEvent auditEvent, EventFacts facts, int index, ReadOnlySpan<byte> body)
    {
        ref readonly PathItem item = ref _paths[index];
        if (_records.FirstArguments < 0 || item.Name < 0 || !item.IsPlain(body)) return false;
        ReadOnlySpan<byte> path = item.Kept is not null ? item.Kept.Path : FullPath(auditEvent, facts, body, item, out _);
        if (path.SequenceEqual(facts.Executable)) return true;
        if (item.Item == 0 || !path.StartsWith("/lib"u8) && !path.StartsWith("/usr/lib"u8)) return false;
        return path[(path.LastIndexOf((byte)'/') + 1)..].StartsWith("ld-"u8);
    }

    /// <summary>The members of a path's object.</summary>
    private void WritePath(AuditEvent auditEvent, EventFacts facts, int index, in Budget budget)
    {
        PathFragments.Entry? entry = budget.IsShortened ? null : _paths[index].Kept;
        // Another item of this event may have taken the place.
        if (entry is null || entry.Version != _paths[index].KeptVersion)
        {
            WritePath(auditEvent, facts, index);
            return;
        }
        if (entry.HasJson(facts.Id.Seconds))
        {
            _json.Separate();
            _json.Write(entry.Json);
            return;
        }
        int before = _json.Length;
        WritePath(auditEvent, facts, index);
        if (_json.LeftOut == 0) entry.SetJson(_json.MembersSince(before), facts.Id.Seconds);
    }

    private void WritePath(AuditEvent auditEvent, EventFacts facts, int index)
    {
        ref readonly PathItem item = ref _paths[index];
        AuditRecord record = auditEvent[item.Record];
        ReadOnlySpan<byte> body = record.Body;
        if (item.Name >= 0)
        {
            ReadOnlySpan<byte> path = FullPath(auditEvent, facts, body, item, out ReadOnlySpan<byte> name);
            if (!path.IsEmpty) WriteString("\"path\":"u8, path);
            if (!path.SequenceEqual(name)) WriteString("\"name\":"u8, name);
        }
        ReadOnlySpan<byte> kind = item.Kind.Of(body);
        if (!kind.SequenceEqual("NORMAL"u8)) WriteIfAny("\"nametype\":"u8, kind);
        WriteIfAny("\"inode\":"u8, item.Inode.Of(body));
        WriteIfAny("\"device\":"u8, item.Device.Of(body));
        if (item.Mode != EventFacts.None) WriteMode(item.Mode);
        if (item.Uid is not 0 and not EventFacts.None) WriteOwner("\"uid\":"u8, "\"owner\":"u8, item.Uid, false);
        if (item.Gid != item.Uid && item.Gid != EventFacts.None) WriteOwner("\"gid\":"u8, "\"group\":"u8, item.Gid, true);
        ReadOnlySpan<byte> special = item.SpecialDevice.Of(body);
        if (!special.SequenceEqual("00:00"u8)) WriteIfAny("\"special_device\":"u8, special);
        if (item.HasMore) WriteMore(record);
    }

    private void WriteMode(uint mode)
    {
        _json.Write(_json.NeedsComma ? ",\"mode\":\"0"u8 : "\"mode\":\"0"u8);
        if ((mode & 0xE00) != 0) _json.Write((byte)('0' + (mode >> 9 & 7)));
        _json.Write((byte)('0' + (mode >> 6 & 7)));
        _json.Write((byte)('0' + (mode >> 3 & 7)));
        _json.Write((byte)('0' + (mode & 7)));
        _json.Write((byte)'"');
        if ((mode & FileType) == RegularFile) return;
        ReadOnlySpan<byte> type = (mode >> 12) switch
        {
            4 => "dir"u8,
            10 => "symlink"u8,
            2 => "char"u8,
            6 => "block"u8,
            1 => "fifo"u8,
            12 => "socket"u8,
            _ => default,
        };
        _json.Write(",\"type\":"u8);
        if (!type.IsEmpty) WriteWord(type);
        else
        {
            _json.Write((byte)'"');
            _json.Number((ulong)(mode >> 12));
            _json.Write((byte)'"');
        }
    }

    private void WriteOwner(ReadOnlySpan<byte> idMember, ReadOnlySpan<byte> nameMember, uint id, bool isGroup)
    {
        WriteNumber(idMember, id);
        if (isGroup ? _interpreter.TryGetGroup(id, out ReadOnlySpan<byte> name) : _interpreter.TryGetUser(id, out name)) WriteString(nameMember, name);
    }

    private void WriteIfAny(ReadOnlySpan<byte> member, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) WriteString(member, value);
    }

    /// <summary>Fields without a place, as they stand in the record.</summary>
    private void WriteMore(in AuditRecord record)
    {
        PathItem again = new();
        int before = _json.Open("\"more\":["u8);
        FieldReader fields = record.Fields;
        int start = fields.Remaining;
        for (int at = 0; fields.TryRead(out Field field) && _json.Length <= _options.MaxBytes; at = start - fields.Remaining)
        {
            int end = start - fields.Remaining;
            if (again.Take(field, at, end)) continue;
            _json.Separate();
            _json.String(record.Body[at..end].TrimStart((byte)' '));
        }
        _json.Close(before, (byte)']');
    }

    /// <summary>
    /// The name as an absolute path without <c>.</c>, <c>..</c> and double slashes; as it is when it is relative to a directory the records do not
    /// name. Empty when it is <c>(null)</c>. Both are valid until the next path.
    /// </summary>
    private ReadOnlySpan<byte> FullPath(AuditEvent auditEvent, EventFacts facts, ReadOnlySpan<byte> body, in PathItem item, out ReadOnlySpan<byte> name)
    {
        FieldReader fields = new(body[item.Name..]);
        fields.TryRead(out Field field);
        name = field.IsNull ? default : Decode(field, 0);
        if (name.IsEmpty) return name;
        if (name[0] == '/') return PathText.IsNormal(name) ? name : Normalize(name, name.Length);
        if (_records.WorkingDirectory < 0 || IsElsewhere(facts)) return name;
        if (!auditEvent[_records.WorkingDirectory].TryGetField("cwd"u8, out Field cwd) || cwd.IsNull) return name;
        int nameLength = name.Length;
        ReadOnlySpan<byte> directory = Decode(cwd, nameLength);
        int total = nameLength + directory.Length + 1 + nameLength;
        if (_path.Length < 2 * total) Array.Resize(ref _path, 2 * total);
        int at = nameLength + directory.Length;
        _path[at] = (byte)'/';
        _path.AsSpan(0, nameLength).CopyTo(_path.AsSpan(at + 1));
        name = _path.AsSpan(0, nameLength);
        return Normalize(_path.AsSpan(nameLength, directory.Length + 1 + nameLength), total);
    }

    /// <summary>True when the call had a directory of its own to start from, or may have had: of io_uring's there is no record of arguments.</summary>
    private bool IsElsewhere(EventFacts facts)
    {
        if (_call is null) return true;
        for (int i = 0, directories = _call.Directories; directories != 0; i++, directories >>= 1)
        {
            if ((directories & 1) == 0) continue;
            if (!facts.Has((FactField)((int)FactField.Argument0 + i)) || unchecked((int)facts.Arguments[i]) != WorkingDirectoryDescriptor) return true;
        }
        return false;
    }

    private ReadOnlySpan<byte> Decode(scoped in Field field, int at)
    {
        if (_path.Length < at + field.Value.Length) Array.Resize(ref _path, 2 * (at + field.Value.Length));
        field.TryDecode(_path.AsSpan(at), out int length);
        return _path.AsSpan(at, length);
    }

    /// <summary>In letters only, as ausearch does: what links do is not known.</summary>
    private ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> path, int used)
    {
        if (_path.Length < used + path.Length + 1) Array.Resize(ref _path, 2 * (used + path.Length + 1));
        return _path.AsSpan(used, PathText.Normalize(path, _path.AsSpan(used)));
    }
}
