using System.Diagnostics.CodeAnalysis;

namespace LinuxAudit.Records;

/// <summary>
/// One record: its type, its event, and its fields. Holds no bytes of its own: every span points into the bytes it was parsed from and is
/// valid only as long as they are.
/// </summary>
public readonly ref partial struct AuditRecord
{
    private readonly RecordLayout _layout;

    /// <summary>A record of a layout that was measured on these bytes, or on equal ones.</summary>
    internal AuditRecord(ReadOnlySpan<byte> raw, scoped in RecordLayout layout)
    {
        Raw = raw;
        _layout = layout;
    }

    /// <summary>Where its parts lie.</summary>
    [UnscopedRef]
    internal ref readonly RecordLayout Layout => ref _layout;

    /// <summary>The type; <see cref="RecordType.Unknown"/> for a name no table knows.</summary>
    public RecordType Type => _layout.Type;

    /// <summary>The event the record belongs to, together with <see cref="Node"/>.</summary>
    public EventId Id => _layout.Id;

    /// <summary>What was parsed, without a final newline.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>The machine, from <c>node=</c> before the type; empty when the record does not say.</summary>
    public ReadOnlySpan<byte> Node => Raw.Slice(_layout.NodeStart, _layout.NodeLength);

    /// <summary>The name of the type as the record or the tables have it; empty for a message of the kernel whose number no table knows.</summary>
    public ReadOnlySpan<byte> TypeName =>
        _layout.TypeNameLength > 0 ? Raw.Slice(_layout.TypeNameStart, _layout.TypeNameLength)
        : RecordTypes.TryGetName(Type, out ReadOnlySpan<byte> name) ? name : default;

    /// <summary>The fields as the kernel wrote them.</summary>
    public ReadOnlySpan<byte> Body => Raw.Slice(_layout.BodyStart, _layout.BodyLength);

    /// <summary>
    /// What auditd added with <c>log_format = ENRICHED</c>: names of users, groups, the system call, the architecture, in capitals; empty without.
    /// It is a convenience of the machine the record comes from: what decides is <see cref="Body"/>.
    /// </summary>
    public ReadOnlySpan<byte> Enrichment => Raw[^_layout.EnrichmentLength..];

    /// <summary>The fields of <see cref="Body"/>.</summary>
    public FieldReader Fields => new(Body, RecordTypes.IsUserMessage(Type));

    /// <summary>The fields of <see cref="Enrichment"/>.</summary>
    public FieldReader EnrichedFields => new(Enrichment);

    /// <summary>
    /// What stands in <c>msg='…'</c> of a record that a program of user space sent, up to the last quote of the record; empty for all others. The
    /// kernel vouches for the fields before it, for none inside: a program may write anything there.
    /// </summary>
    public ReadOnlySpan<byte> UserMessage
    {
        get
        {
            if (!RecordTypes.IsUserMessage(Type)) return default;
            FieldReader fields = Fields;
            return fields.TryFind("msg"u8, out Field message) && message.Form == ValueForm.Message ? message.Value : default;
        }
    }

    /// <summary>The fields a program of user space wrote into <see cref="UserMessage"/>; none for other records.</summary>
    public FieldReader UserFields => new(UserMessage);

    /// <summary>The field called <paramref name="name"/> of <see cref="Body"/>, the first of several. Reads from the start each time.</summary>
    public bool TryGetField(ReadOnlySpan<byte> name, out Field field)
    {
        FieldReader fields = Fields;
        return fields.TryFind(name, out field);
    }
}
