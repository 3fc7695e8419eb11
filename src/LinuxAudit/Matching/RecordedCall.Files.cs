using LinuxAudit.Records;

namespace LinuxAudit.Matching;

/// <content>The files of <c>PATH</c> records, the address and the flags that a call was given in memory.</content>
internal sealed partial class RecordedCall
{
    private const uint CurrentDirectory = unchecked((uint)-100);

    private readonly FileNames _files = new();

    private void ReadOthers(AuditEvent auditEvent)
    {
        // CWD comes before PATH, but records may have been mixed up on their way.
        for (int i = 0; i < auditEvent.Count; i++)
            if (auditEvent.TypeOf(i) == RecordType.WorkingDirectory && auditEvent[i].TryGetField("cwd"u8, out Field cwd)) _workingDirectory = Keep(cwd);
        bool byDescriptor = UsesDescriptor();
        for (int i = 0; i < auditEvent.Count; i++)
        {
            switch (auditEvent.TypeOf(i))
            {
                case RecordType.Path: ReadPath(auditEvent[i].Fields, byDescriptor); break;
                case RecordType.SocketAddress: ReadAddress(auditEvent[i]); break;
                case RecordType.OpenAt2: ReadOpen(auditEvent[i]); break;
            }
        }
    }

    private bool UsesDescriptor()
    {
        for (int i = 0, directories = DirectoryArguments.Of((uint)Machine, Syscall); directories != 0; i++, directories >>= 1)
            if ((directories & 1) != 0 && Argument(i) != CurrentDirectory) return true;
        return false;
    }

    private void ReadPath(FieldReader fields, bool byDescriptor)
    {
        Range written = default;
        bool hasName = false, isParent = false, isDeleted = false, isCreated = false;
        ulong? inode = null;
        uint device = 0, special = 0, mode = 0;
        uint? uid = null, gid = null;
        while (fields.TryRead(out Field field))
        {
            ReadOnlySpan<byte> name = field.Name;
            if (name.SequenceEqual("name"u8) && !hasName) (written, hasName) = (Keep(field), !field.IsNull);
            else if (name.SequenceEqual("inode"u8) && field.TryGetUInt64(out ulong number)) inode = number;
            else if (name.SequenceEqual("dev"u8)) device = Device(field.Value);
            else if (name.SequenceEqual("rdev"u8)) special = Device(field.Value);
            else if (name.SequenceEqual("mode"u8)) mode = Octal(field.Value);
            else if (name.SequenceEqual("ouid"u8) && field.TryGetInt64(out long owner)) uid = (uint)owner;
            else if (name.SequenceEqual("ogid"u8) && field.TryGetInt64(out long group)) gid = (uint)group;
            else if (name.SequenceEqual("nametype"u8))
            {
                isParent = field.Value.SequenceEqual("PARENT"u8);
                isDeleted = field.Value.SequenceEqual("DELETE"u8);
                isCreated = field.Value.SequenceEqual("CREATE"u8);
            }
        }

        // Of a relative path from a descriptor the kernel writes the working directory as the parent, which it is not.
        bool isKnown = hasName && !(byDescriptor && (isParent || !Text(written).StartsWith("/"u8)));
        Range path = isKnown ? Absolute(written) : default;
        isKnown = !Text(path).IsEmpty;
        Range other = inode is { } there ? Known(device, there) : default;
        // A link, or a rename, makes a name of a file that is there already.
        bool isNew = isCreated && !IsNamed(device, inode);
        _names.Add(isKnown || other.Equals(default) ? new(path, other, inode, device, special, mode, uid, gid) : new(other, default, inode, device, special, mode, uid, gid));
        if (inode is not { } file) return;
        if (isDeleted) _files.Forget(device, file, Text(path));
        else if (isKnown) _files.Saw(device, file, Text(path), isNew);
    }

    private bool IsNamed(uint device, ulong? inode)
    {
        foreach (RecordedName name in _names)
            if (name.Inode == inode && name.Device == device) return true;
        return false;
    }

    /// <summary>Default, which is empty, when there is no telling.</summary>
    private Range Absolute(Range written)
    {
        bool isRelative = !Text(written).StartsWith("/"u8);
        if (isRelative && !Text(_workingDirectory).StartsWith("/"u8)) return default;
        int longest = Text(written).Length + Text(_workingDirectory).Length + 2 + links.Growth;
        Reserve(longest);
        int length = links.Write(Text(_workingDirectory), Text(written), _text.AsSpan(_textLength));
        int start = _textLength;
        _textLength += length;
        return start.._textLength;
    }

    private Range Known(uint device, ulong inode)
    {
        ReadOnlySpan<byte> path = _files.Find(device, inode);
        if (path.IsEmpty) return default;
        Reserve(path.Length);
        path.CopyTo(_text.AsSpan(_textLength));
        int start = _textLength;
        _textLength += path.Length;
        return start.._textLength;
    }

    private void ReadAddress(in AuditRecord record)
    {
        if (!record.TryGetField("saddr"u8, out Field address)) return;
        Range kept = Keep(address);
        if (SocketAddress.TryParse(Text(kept), out SocketAddress parsed)) AddressFamily = (uint)parsed.Family;
    }

    private void ReadOpen(in AuditRecord record)
    {
        if (record.TryGetField("oflag"u8, out Field flags)) OpenFlags = Octal(flags.Value);
    }

    /// <summary><c>fd:01</c>.</summary>
    private static uint Device(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        return colon > 0 && Numbers.TryParseHex(text[..colon], out ulong major) && Numbers.TryParseHex(text[(colon + 1)..], out ulong minor)
            ? ((uint)major << 20) | ((uint)minor & 0xFFFFF) : 0;
    }

    private static uint Octal(ReadOnlySpan<byte> text)
    {
        uint value = 0;
        foreach (byte b in text)
        {
            if (b is < (byte)'0' or > (byte)'7') return 0;
            value = value << 3 | (uint)(b - '0');
        }

        return value;
    }
}
