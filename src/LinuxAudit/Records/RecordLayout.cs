namespace LinuxAudit.Records;

/// <summary>Where the parts of a record lie within its bytes, so that it is parsed once however often it is read.</summary>
internal readonly record struct RecordLayout
{
    private const int NodePrefix = 5, TypePrefix = 5;

    internal RecordType Type { get; init; }
    internal EventId Id { get; init; }
    /// <summary>Of all of the record.</summary>
    internal int Length { get; init; }
    internal int NodeLength { get; init; }
    /// <summary>0 for a message of the kernel, which has only a number.</summary>
    internal int TypeNameLength { get; init; }
    internal int BodyStart { get; init; }
    internal int BodyLength { get; init; }
    /// <summary>It ends the record.</summary>
    internal int EnrichmentLength { get; init; }

    /// <summary>Behind <c>node=</c>.</summary>
    internal int NodeStart => NodeLength == 0 ? 0 : NodePrefix;

    /// <summary>Behind <c>type=</c>, which a node may be before.</summary>
    internal int TypeNameStart => TypeNameLength == 0 ? 0 : TypePrefix + (NodeLength == 0 ? 0 : NodePrefix + NodeLength + 1);
}
