using System.Runtime.CompilerServices;

namespace LinuxAudit.Records;

public readonly ref partial struct AuditRecord
{
    /// <summary>The byte between what the kernel wrote and what auditd added (auditd.conf(5), <c>log_format = ENRICHED</c>).</summary>
    public const byte EnrichmentSeparator = 0x1D;

    // "type=" before a type's name and " msg=" behind it.
    private const int AroundUsualType = 10;

    /// <summary>
    /// Parses a line of audit.log, or of what auditd gives its plugins with <c>format = string</c>:
    /// <c>[node=NAME ]type=TYPE msg=audit(SECONDS.MMM:SERIAL): fields[0x1D fields]</c>, with or without a final newline.
    /// </summary>
    /// <param name="line">One line. Lines are split by the caller; a newline inside is a byte like any other.</param>
    /// <param name="record">The record, pointing into <paramref name="line"/>.</param>
    /// <returns>False when the line is not a record: keep it as it is and count it. Never throws.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out AuditRecord record) => TryParse(line, null, out record);

    /// <summary>As <see cref="TryParse(ReadOnlySpan{byte}, out AuditRecord)"/>, for lines one after the other: <paramref name="last"/> is for the same in the next.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, IdMemory? last, out AuditRecord record)
    {
        if (!line.IsEmpty && line[^1] == '\n') line = line[..^1];
        record = default;
        RecordCursor cursor = new(line);
        if (!TrySkipType(ref cursor, out RecordType type, out int typeLength, out int nodeLength)) return false;
        if (!TryReadId(ref cursor, last, out EventId id)) return false;
        Split(type, cursor.Rest, out int bodyLength, out int enrichmentLength);
        record = new AuditRecord(line, new RecordLayout
        {
            Type = type,
            Id = id,
            Length = line.Length,
            NodeLength = nodeLength,
            TypeNameLength = typeLength,
            BodyStart = line.Length - cursor.Rest.Length,
            BodyLength = bodyLength,
            EnrichmentLength = enrichmentLength,
        });
        return true;
    }

    /// <summary>Parses a message of the kernel's audit socket: <c>audit(SECONDS.MMM:SERIAL): fields</c>.</summary>
    /// <param name="type">The message's number, <c>nlmsg_type</c>; at least 1.</param>
    /// <param name="payload">What follows the message's header; zero bytes at its end are padding.</param>
    /// <param name="record">The record, pointing into <paramref name="payload"/>.</param>
    /// <returns>False when the payload is not a record: replies to requests, for one. Never throws.</returns>
    public static bool TryParse(int type, ReadOnlySpan<byte> payload, out AuditRecord record)
    {
        record = default;
        payload = payload.TrimEnd((byte)0);
        if (payload.EndsWith("\n"u8)) payload = payload[..^1];
        RecordCursor cursor = new(payload);
        if (type is < 1 or > ushort.MaxValue || !TryReadId(ref cursor, null, out EventId id)) return false;
        Split((RecordType)type, cursor.Rest, out int bodyLength, out int enrichmentLength);
        record = new AuditRecord(payload, new RecordLayout
        {
            Type = (RecordType)type,
            Id = id,
            Length = payload.Length,
            BodyStart = payload.Length - cursor.Rest.Length,
            BodyLength = bodyLength,
            EnrichmentLength = enrichmentLength,
        });
        return true;
    }

    /// <summary>Records of the types that nearly all have, with an id that follows from the one before. False for all others.</summary>
    internal static bool TryParseUsual(ReadOnlySpan<byte> line, IdMemory last, out AuditRecord record)
    {
        int start = StartOfUsualId(line, out RecordType type);
        if (start == 0 || line[^1] == '\n' || !last.TryRead(line[start..], out EventId id, out int length))
        {
            record = default;
            return false;
        }

        int body = start + length, separator = ByteSearch.IndexOf(line[body..], EnrichmentSeparator);
        int bodyLength = separator < 0 ? line.Length - body : separator;
        record = new AuditRecord(line, new RecordLayout
        {
            Type = type,
            Id = id,
            Length = line.Length,
            TypeNameLength = start - AroundUsualType,
            BodyStart = body,
            BodyLength = bodyLength,
            EnrichmentLength = separator < 0 ? 0 : line.Length - body - bodyLength - 1,
        });
        return true;
    }

    /// <summary>Where the id begins; 0 for a type that is not among these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StartOfUsualId(ReadOnlySpan<byte> line, out RecordType type)
    {
        type = RecordType.Unknown;
        if (line.Length < "type=CWD msg=".Length) return 0;
        switch (line[6])
        {
            case (byte)'Y' when line.StartsWith("type=SYSCALL msg="u8):
                type = RecordType.Syscall;
                return "type=SYSCALL msg=".Length;
            case (byte)'A' when line.StartsWith("type=PATH msg="u8):
                type = RecordType.Path;
                return "type=PATH msg=".Length;
            case (byte)'R' when line.StartsWith("type=PROCTITLE msg="u8):
                type = RecordType.ProcessTitle;
                return "type=PROCTITLE msg=".Length;
            case (byte)'W' when line.StartsWith("type=CWD msg="u8):
                type = RecordType.WorkingDirectory;
                return "type=CWD msg=".Length;
            case (byte)'X' when line.StartsWith("type=EXECVE msg="u8):
                type = RecordType.Execve;
                return "type=EXECVE msg=".Length;
            default:
                return 0;
        }
    }

    private static bool TrySkipType(ref RecordCursor cursor, out RecordType type, out int length, out int nodeLength)
    {
        (type, length, nodeLength) = (RecordType.Unknown, 0, 0);
        if (cursor.TrySkip("node="u8))
        {
            if (!cursor.TryReadTo((byte)' ', out ReadOnlySpan<byte> node) || node.IsEmpty) return false;
            nodeLength = node.Length;
        }

        if (!cursor.TrySkip("type="u8) || !cursor.TryReadTo((byte)' ', out ReadOnlySpan<byte> name)) return false;
        length = name.Length;
        // A name no table knows is Unknown: newer kernels than this code have newer types.
        return (RecordTypes.TryParse(name, out type) || IsTypeName(name)) && cursor.TrySkip("msg="u8);
    }

    private static bool TryReadId(ref RecordCursor cursor, IdMemory? last, out EventId id)
    {
        id = default;
        ReadOnlySpan<byte> before = cursor.Rest;
        if (!cursor.TrySkip("audit("u8) || !cursor.TryReadTo((byte)')', out ReadOnlySpan<byte> text, EventId.MaxLength)) return false;
        if (!EventId.TryParse(text, out id) || !cursor.TrySkip(":"u8)) return false;
        cursor.TrySkip(" "u8);
        last?.Set(before[..^cursor.Rest.Length], id);
        return true;
    }

    private static bool IsTypeName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > 64) return false;
        foreach (byte b in name)
            if (b is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'[' or (byte)']')) return false;
        return true;
    }

    /// <summary>
    /// Separates the kernel's part from auditd's. The kernel never writes the separator itself, it codes such strings in hexadecimal, so the first
    /// one is auditd's. Only the text of a message of user space may hold any byte: the kernel closes it with a quote, auditd's part
    /// never ends with one, and what it adds holds no separator.
    /// </summary>
    private static void Split(RecordType type, ReadOnlySpan<byte> fields, out int bodyLength, out int enrichmentLength)
    {
        int separator = !RecordTypes.IsUserMessage(type) || type == RecordType.UserTty ? ByteSearch.IndexOf(fields, EnrichmentSeparator)
            : fields.EndsWith("'"u8) ? -1
            : fields.LastIndexOf("'\u001D"u8) is >= 0 and int quote ? quote + 1
            : fields.IndexOf(EnrichmentSeparator);
        bodyLength = separator < 0 ? fields.Length : separator;
        enrichmentLength = separator < 0 ? 0 : fields.Length - separator - 1;
    }
}
