namespace LinuxAudit.Records;

/// <summary>
/// Knows the lines that are no records but the rest of one. auditd's <c>log_format = ENRICHED</c> writes the path of a Unix socket as it is,
/// newlines and all (seen in 3.0.9): whoever calls connect(2) with such a path puts lines of his choice into the log, whole forged records too.
/// The kernel's own part of the record has the path in hexadecimal; from it follows, to the byte, what the next lines must be, and only
/// lines that are just that are taken for its rest. Not thread-safe.
/// </summary>
public sealed class ContinuationLines
{
    // sun_path has 108 bytes.
    private readonly byte[] _path = new byte[128];
    private int _length;
    private int _next;
    private bool _isOpen;

    /// <summary>True when <paramref name="line"/> is the rest of the record observed before. Ask for each line, in order, before it is parsed.</summary>
    public bool IsContinuation(ReadOnlySpan<byte> line)
    {
        return _isOpen && IsRest(line);
    }

    /// <summary>Looks at a record that came as a line; its rest, if it has one, is in the next lines.</summary>
    public void Observe(in AuditRecord record)
    {
        _isOpen = false;
        if (record.Type == RecordType.SocketAddress) ObserveAddress(record);
    }

    private bool IsRest(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\n"u8)) line = line[..^1];
        ReadOnlySpan<byte> rest = _path.AsSpan(_next, _length - _next);
        int end = rest.IndexOf((byte)'\n');
        bool matches = end >= 0 ? line.SequenceEqual(rest[..end])
            : line.StartsWith(rest) && line[rest.Length..].SequenceEqual(" }"u8);
        _isOpen = matches && end >= 0;
        _next += end + 1;
        return matches;
    }

    private void ObserveAddress(in AuditRecord record)
    {
        if (record.Enrichment.IsEmpty) return;
        if (!record.TryGetField("saddr"u8, out Field field) || !field.IsCoded || field.Value.Length > 2 * _path.Length) return;
        Span<byte> bytes = stackalloc byte[_path.Length];
        if (!field.TryDecode(bytes, out int length) || !SocketAddress.TryParse(bytes[..length], out SocketAddress address)) return;
        ReadOnlySpan<byte> path = address.Path;
        // auditd prints up to a zero byte, of abstract names too.
        int zero = path.IndexOf((byte)0);
        if (zero >= 0) path = path[..zero];
        int newline = path.IndexOf((byte)'\n');
        if (newline < 0) return;
        // An auditd that codes newlines has the whole path in this line; then nothing follows.
        ReadOnlySpan<byte> enrichment = record.Enrichment;
        if (!enrichment.EndsWith(path[..newline]) || !enrichment[..^newline].EndsWith(" path="u8)) return;
        path[(newline + 1)..].CopyTo(_path);
        _length = path.Length - newline - 1;
        _next = 0;
        _isOpen = true;
    }
}
