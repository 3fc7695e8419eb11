namespace LinuxAudit.Records;

/// <summary>A program's argument, or a piece of a long one. Valid as long as the event it was read from.</summary>
public readonly ref struct Argument
{
    internal Argument(int index, int piece, Field value, long declaredLength)
    {
        Index = index;
        Piece = piece;
        Value = value;
        DeclaredLength = declaredLength;
    }

    /// <summary>The argument's number, from 0.</summary>
    public int Index { get; }

    /// <summary>The piece's number, from 0; -1 for an argument that came whole. The string is the pieces' strings one after the other.</summary>
    public int Piece { get; }

    /// <summary>What was written for it, to be decoded with <see cref="Field.TryDecode"/>.</summary>
    public Field Value { get; }

    /// <summary>
    /// For the first piece: how many digits or characters all pieces together have according to <c>aN_len</c>; -1 when it is not said.
    /// </summary>
    public long DeclaredLength { get; }
}

/// <summary>
/// Reads the arguments of a program from the <c>EXECVE</c> records of its event, each byte once: <c>a0="ls"</c>, and for long arguments
/// <c>a3_len=20000 a3[0]=…</c> over several records. Forward only, no allocation. Numbers may jump where a record was lost.
/// </summary>
public ref struct ArgumentReader
{
    private readonly AuditEvent? _event;
    private FieldReader _fields;
    private int _next;
    private long _length = -1;

    /// <summary>A reader of all <c>EXECVE</c> records of an event.</summary>
    public ArgumentReader(AuditEvent auditEvent) => _event = auditEvent;

    /// <summary>A reader of one <c>EXECVE</c> record.</summary>
    public ArgumentReader(in AuditRecord record) => _fields = record.Fields;

    /// <summary>The next argument or piece. False at the end.</summary>
    public bool TryRead(out Argument argument)
    {
        do
        {
            while (_fields.TryRead(out Field field))
            {
                if (!TryParseName(field.Name, out int index, out int piece, out bool isLength)) continue;
                if (isLength)
                {
                    _length = field.TryGetInt64(out long length) ? length : -1;
                    continue;
                }
                argument = new Argument(index, piece, field, piece == 0 ? _length : -1);
                _length = -1;
                return true;
            }
        }
        while (NextRecord());
        argument = default;
        return false;
    }

    private bool NextRecord()
    {
        while (_event is not null && _next < _event.Count)
        {
            int index = _next++;
            if (_event.TypeOf(index) != RecordType.Execve) continue;
            _fields = _event[index].Fields;
            return true;
        }
        return false;
    }

    /// <summary><c>a12</c>, <c>a12[3]</c> or <c>a12_len</c>.</summary>
    private static bool TryParseName(ReadOnlySpan<byte> name, out int index, out int piece, out bool isLength)
    {
        piece = -1;
        isLength = false;
        index = 0;
        if (name.Length < 2 || name[0] != 'a') return false;
        int used = 1 + ReadNumber(name[1..], out index);
        if (used == 1) return false;
        ReadOnlySpan<byte> rest = name[used..];
        if (rest.IsEmpty) return true;
        isLength = rest.SequenceEqual("_len"u8);
        if (isLength) return true;
        return rest[0] == '[' && rest[^1] == ']' && rest.Length > 2 && ReadNumber(rest[1..^1], out piece) == rest.Length - 2;
    }

    // At most seven digits: the kernel's limit of arguments is far below.
    private static int ReadNumber(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        int i = 0;
        for (; i < text.Length && i < 7 && text[i] is >= (byte)'0' and <= (byte)'9'; i++) number = number * 10 + text[i] - '0';
        return i;
    }
}
