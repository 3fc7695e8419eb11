namespace LinuxAudit.Records;

/// <summary>
/// The text of the id that was read last, and what it is: the records of an event come one after the other, and the same text needs no second reading.
/// Not thread-safe.
/// </summary>
internal sealed class IdMemory
{
    // Before and behind the id, the space included that nearly every record has.
    private const int Around = 9;

    private readonly byte[] _text = new byte[EventId.MaxLength + Around];
    private int _length;
    private EventId _id;

    /// <summary>True when <paramref name="rest"/> begins with the text; it is as long as <paramref name="used"/>.</summary>
    internal bool TryGet(ReadOnlySpan<byte> rest, out EventId id, out int used)
    {
        id = _id;
        used = _length;
        return used > 0 && rest.StartsWith(_text.AsSpan(0, used));
    }

    /// <summary>Remembers a text, from <c>audit(</c> to the space behind the colon. Without the space it is not remembered.</summary>
    internal void Set(ReadOnlySpan<byte> text, in EventId id)
    {
        _length = 0;
        if (text.Length > _text.Length || !text.EndsWith((byte)' ')) return;
        text.CopyTo(_text);
        _length = text.Length;
        _id = id;
    }
}
