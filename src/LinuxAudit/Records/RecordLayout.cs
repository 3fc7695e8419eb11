namespace LinuxAudit.Records;

/// <summary>Where the parts of a record lie within its bytes, so that it is parsed once however often it is read.</summary>
internal readonly struct RecordLayout
{
    internal RecordLayout(in AuditRecord record, int start)
    {
        Start = start;
        Length = record.Raw.Length;
        Type = record.Type;
        Id = record.Id;
        NodeStart = Offset(record.Raw, record.Node);
        NodeLength = record.Node.Length;
        TypeNameStart = Offset(record.Raw, record.WrittenTypeName);
        TypeNameLength = record.WrittenTypeName.Length;
        BodyStart = Offset(record.Raw, record.Body);
        BodyLength = record.Body.Length;
        EnrichmentLength = record.Enrichment.Length;
    }

    internal int Start { get; }
    internal int Length { get; }
    internal RecordType Type { get; }
    internal EventId Id { get; }
    internal int NodeStart { get; }
    internal int NodeLength { get; }
    internal int TypeNameStart { get; }
    internal int TypeNameLength { get; }
    internal int BodyStart { get; }
    internal int BodyLength { get; }
    internal int EnrichmentLength { get; }

    private static int Offset(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> part) =>
        whole.Overlaps(part, out int offset) ? offset : 0;
}
