namespace LinuxAudit.Records;

/// <summary>
/// Reads the fields of a record one after the other, forward only, without allocating. It never fails: any bytes are some sequence of
/// fields and words, and every byte is looked at once. Points into the record's bytes and is valid only as long as they are.
/// </summary>
public ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;
    private readonly bool _isUserMessage;

    /// <summary>
    /// A reader of <paramref name="fields"/>: a record's <see cref="AuditRecord.Body"/>, <see cref="AuditRecord.Enrichment"/> or
    /// <see cref="AuditRecord.UserMessage"/>.
    /// </summary>
    /// <param name="fields">The bytes; empty has no fields.</param>
    /// <param name="isUserMessage">
    /// True for the body of a record that a program of user space sent: its <c>msg='</c> then ends at the last quote of the record, whatever
    /// quotes, fields or records that program put inside.
    /// </param>
    public FieldReader(ReadOnlySpan<byte> fields, bool isUserMessage = false)
    {
        _rest = fields;
        _isUserMessage = isUserMessage;
    }

    /// <summary>How many bytes have not been read: what tells where in a record a field stands.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>The next field. False at the end, where <paramref name="field"/> is empty.</summary>
    public bool TryRead(out Field field)
    {
        ReadOnlySpan<byte> rest = _rest;
        // One space is between most fields, and most names are a few bytes: a loop is faster than a vector.
        int start = 0;
        while (start < rest.Length && rest[start] == ' ') start++;
        rest = rest[start..];
        _rest = rest;
        if (rest.IsEmpty)
        {
            field = default;
            return false;
        }
        int end = 0;
        while (end < rest.Length && rest[end] is not ((byte)'=' or (byte)' ')) end++;
        if (end == rest.Length || rest[end] == ' ')
        {
            field = new Field(default, Take(end), ValueForm.Bare);
            return true;
        }
        ReadOnlySpan<byte> name = rest[..end];
        _rest = rest[(end + 1)..];
        field = _rest.IsEmpty ? new Field(name, default, ValueForm.Bare) : ReadValue(name);
        return true;
    }

    /// <summary>Reads on to the field called <paramref name="name"/>. False, everything read, when there is none.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out Field field)
    {
        while (TryRead(out field))
            if (field.Name.SequenceEqual(name)) return true;
        return false;
    }

    private Field ReadValue(ReadOnlySpan<byte> name)
    {
        switch (_rest[0])
        {
            case (byte)'"':
                _rest = _rest[1..];
                return new Field(name, Take(_rest.IndexOf((byte)'"'), delimiter: 1), ValueForm.Quoted);
            case (byte)'\'' when name.SequenceEqual("msg"u8):
                _rest = _rest[1..];
                return new Field(name, Take(_isUserMessage ? _rest.LastIndexOf((byte)'\'') : _rest.IndexOf((byte)'\''), delimiter: 1), ValueForm.Message);
            case (byte)'{':
                _rest = _rest[1..];
                // A socket's path may hold braces; nothing follows the address in its record but the end.
                return new Field(name, Take(_rest.LastIndexOf((byte)'}'), delimiter: 1).Trim((byte)' '), ValueForm.Braced);
            default:
                return new Field(name, Take(NextSpace(_rest)), ValueForm.Bare);
        }
    }

    /// <summary>Numbers are short, strings in hexadecimal are not.</summary>
    private static int NextSpace(ReadOnlySpan<byte> rest)
    {
        const int longestNumber = 12;
        int i = 0;
        for (; i < rest.Length && i < longestNumber; i++)
            if (rest[i] == ' ') return i;
        int more = rest[i..].IndexOf((byte)' ');
        return more < 0 ? -1 : i + more;
    }

    /// <summary>Takes <paramref name="length"/> bytes and the delimiter behind them; everything when the length is negative: no end was found.</summary>
    private ReadOnlySpan<byte> Take(int length, int delimiter = 0)
    {
        ReadOnlySpan<byte> taken = length < 0 ? _rest : _rest[..length];
        _rest = length < 0 ? default : _rest[(length + delimiter)..];
        return taken;
    }
}
