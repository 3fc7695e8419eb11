namespace LinuxAudit.Records;

/// <summary>
/// What other fields of a record say about the meaning of one: its type, the architecture, the system call and its arguments. Made once for a
/// record; a plain value.
/// </summary>
public readonly struct RecordContext
{
    private readonly ulong _a0, _a1, _a2, _a3;

    private RecordContext(RecordType type, uint architecture, int syscall, ReadOnlySpan<ulong> arguments)
    {
        Type = type;
        Architecture = architecture;
        Syscall = syscall;
        _a0 = arguments[0];
        _a1 = arguments[1];
        _a2 = arguments[2];
        _a3 = arguments[3];
    }

    /// <summary>The record's type.</summary>
    public RecordType Type { get; }

    /// <summary>The architecture, a value of <c>AUDIT_ARCH_*</c>; 0 when the record does not say.</summary>
    public uint Architecture { get; }

    /// <summary>The system call's number in its architecture; -1 when the record does not say.</summary>
    public int Syscall { get; }

    /// <summary>The context of a record. Only records of system calls and of seccomp have more than their type.</summary>
    public static RecordContext Of(in AuditRecord record)
    {
        Span<ulong> arguments = [0, 0, 0, 0];
        uint architecture = 0;
        int syscall = -1;
        if (record.Type is RecordType.Syscall or RecordType.Seccomp)
        {
            FieldReader fields = record.Fields;
            // In a SYSCALL record they come first, before anything long.
            while (fields.TryRead(out Field field))
            {
                if (field.Name.SequenceEqual("arch"u8)) architecture = field.TryGetHex(out ulong arch) ? (uint)arch : 0;
                else if (field.Name.SequenceEqual("syscall"u8)) syscall = field.TryGetUInt64(out ulong number) && number <= int.MaxValue ? (int)number : -1;
                else if (field.Name.Length == 2 && field.Name[0] == 'a' && (uint)(field.Name[1] - '0') < 4) field.TryGetHex(out arguments[field.Name[1] - '0']);
                else if (field.Name.SequenceEqual("items"u8)) break;
            }
        }
        return new RecordContext(record.Type, architecture, syscall, arguments);
    }

    /// <summary>The context of a <c>SYSCALL</c> record that has been read already: what <see cref="Of"/> would give, for less.</summary>
    /// <param name="architecture">As <see cref="Architecture"/>.</param>
    /// <param name="syscall">As <see cref="Syscall"/>.</param>
    /// <param name="arguments">The first four arguments; fewer are filled up with 0.</param>
    public static RecordContext OfSyscall(uint architecture, int syscall, ReadOnlySpan<ulong> arguments)
    {
        Span<ulong> four = [0, 0, 0, 0];
        arguments[..Math.Min(4, arguments.Length)].CopyTo(four);
        return new RecordContext(RecordType.Syscall, architecture, syscall, four);
    }

    /// <summary>An argument of the system call, from 0 to 3; 0 when the record does not say.</summary>
    public ulong Argument(int index) => index switch { 0 => _a0, 1 => _a1, 2 => _a2, _ => _a3 };
}
