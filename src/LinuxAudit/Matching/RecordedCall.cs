using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>
/// What the records of an event say about what rules ask for: the fields of the system call's record, or else of the first, and the files of <c>PATH</c>
/// records. Made to be used again and again; allocates nothing once its buffers have grown. What a program said inside <c>msg='…'</c> is not read.
/// </summary>
internal sealed partial class RecordedCall(PathLinks links)
{
    // In the order in which the kernel writes them, so that each is found at the first look.
    private static readonly byte[][] FieldNames =
    [
        .. "arch syscall per success exit a0 a1 a2 a3 ppid pid auid uid gid euid suid fsuid egid sgid fsgid ses exe key".Split(' ')
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private const int Arch = 0, Call = 1, Personality = 2, Outcome = 3, Exit = 4, FirstArgument = 5, ParentPid = 9, Pid = 10, AuditUid = 11, Session = 20, Exe = 21, Key = 22;

    private readonly uint[] _values = new uint[FieldNames.Length];
    private readonly List<RecordedName> _names = [];
    private byte[] _text = new byte[1024];
    private int _textLength;
    private uint _seen;
    private Range _executable, _workingDirectory;

    /// <summary>True when a system call's record is among the event's.</summary>
    public bool HasSyscall { get; private set; }

    /// <summary>The system call's number; -1 when the records do not say.</summary>
    public int Syscall => Has(Call) ? (int)_values[Call] : -1;

    /// <summary>The system call's architecture; 0 when the records do not say.</summary>
    public Machine Machine => (Machine)_values[Arch];

    /// <summary>Whether the call has returned, and so has an outcome.</summary>
    public bool HasOutcome => Has(Outcome);

    /// <summary>Whether it went well.</summary>
    public bool Success => _values[Outcome] != 0;

    /// <summary>The family of the address that the call was given; null without one.</summary>
    public uint? AddressFamily { get; private set; }

    /// <summary>The flags of openat2, which it has in memory.</summary>
    public uint OpenFlags { get; private set; }

    /// <summary>True when the rule that recorded it had a key.</summary>
    public bool HasKey => Has(Key);

    /// <summary>The files, in the order in which the kernel looked them up.</summary>
    public List<RecordedName> Names => _names;

    /// <summary>The path of the program, real and absolute; empty when the process had none.</summary>
    public ReadOnlySpan<byte> Executable => _text.AsSpan(_executable);

    /// <summary>A part of the paths of <see cref="Names"/>.</summary>
    public ReadOnlySpan<byte> Text(Range range) => _text.AsSpan(range);

    /// <summary>An argument's lower 32 bits, which are what the kernel compares.</summary>
    public uint Argument(int index) => _values[FirstArgument + index];

    /// <summary>The number that a rule's field looks at; false when the records do not say.</summary>
    public bool TryGet(RuleField field, out uint value)
    {
        int place = field switch
        {
            RuleField.Pid => Pid,
            RuleField.Ppid => ParentPid,
            RuleField.Auid => AuditUid,
            >= RuleField.Uid and <= RuleField.FsUid => field switch { RuleField.Uid => 12, RuleField.Euid => 14, RuleField.Suid => 15, _ => 16 },
            >= RuleField.Gid and <= RuleField.FsGid => field switch { RuleField.Gid => 13, RuleField.Egid => 17, RuleField.Sgid => 18, _ => 19 },
            RuleField.SessionId => Session,
            RuleField.Arch => Arch,
            RuleField.Pers => Personality,
            RuleField.Exit => Exit,
            >= RuleField.A0 and <= RuleField.A3 => FirstArgument + (int)(field - RuleField.A0),
            _ => -1,
        };
        value = place < 0 ? 0 : _values[place];
        // The kernel leaves it out when it is the usual one.
        return place >= 0 && (Has(place) || (place == Personality && HasSyscall));
    }

    /// <summary>Whether the program's path is known.</summary>
    public bool HasExecutable => Has(Exe);

    /// <summary>Reads an event.</summary>
    public void Read(AuditEvent auditEvent)
    {
        Array.Clear(_values);
        _names.Clear();
        (_seen, _textLength, _executable, _workingDirectory, AddressFamily, OpenFlags) = (0, 0, default, default, null, 0);
        int main = 0;
        HasSyscall = false;
        for (int i = 0; i < auditEvent.Count && !HasSyscall; i++)
        {
            HasSyscall = auditEvent.TypeOf(i) == RecordType.Syscall;
            if (HasSyscall) main = i;
        }

        ReadMain(auditEvent[main].Fields);
        if (HasSyscall) ReadOthers(auditEvent);
    }

    private bool Has(int place) => (_seen & 1u << place) != 0;

    private void ReadMain(FieldReader fields)
    {
        int next = 0;
        while (fields.TryRead(out Field field))
        {
            int place = PlaceOf(field.Name, next);
            if (place < 0 || Has(place)) continue;
            next = place + 1;
            if (Take(place, field)) _seen |= 1u << place;
        }
    }

    private static int PlaceOf(ReadOnlySpan<byte> name, int expected)
    {
        for (int i = 0; i < FieldNames.Length; i++)
        {
            int place = (expected + i) % FieldNames.Length;
            if (name.SequenceEqual(FieldNames[place])) return place;
        }

        return -1;
    }

    private bool Take(int place, in Field field)
    {
        switch (place)
        {
            case Outcome:
                _values[place] = field.Value.SequenceEqual("yes"u8) ? 1u : 0;
                return _values[place] == 1 || field.Value.SequenceEqual("no"u8);
            case Exe:
                _executable = Keep(field);
                return true;
            case Key: return !field.IsNull;
            case Arch or Personality or (>= FirstArgument and < ParentPid):
                bool isHex = field.TryGetHex(out ulong hex);
                _values[place] = (uint)hex;
                return isHex;
            default:
                bool isNumber = field.TryGetInt64(out long number);
                _values[place] = (uint)number;
                return isNumber;
        }
    }

    private Range Keep(in Field field)
    {
        if (field.IsNull) return default;
        Reserve(field.Value.Length);
        field.TryDecode(_text.AsSpan(_textLength), out int written);
        int start = _textLength;
        _textLength += written;
        return start.._textLength;
    }

    private void Reserve(int bytes)
    {
        if (_text.Length < _textLength + bytes) Array.Resize(ref _text, 2 * (_textLength + bytes));
    }
}
