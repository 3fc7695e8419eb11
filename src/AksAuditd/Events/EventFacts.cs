using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>
/// What filters, the process table and the encoder want to know of every event, read from its records once. Made to be used again and again; spans
/// are valid until the next <see cref="Read(AuditEvent)"/>. Only what the kernel vouches for is read, never what a program said inside <c>msg='…'</c>.
/// Where a record has a field twice the first counts: the kernel writes its own before any text it was given.
/// </summary>
internal sealed partial class EventFacts
{
    /// <summary>Stands for a process, user or session that the records do not name.</summary>
    public const uint None = uint.MaxValue;

    private const byte KeySeparator = 1;
    private byte[] _text = new byte[1024];
    private int _textLength;
    private Range _executable, _command;
    private Range[] _keys = new Range[4];

    /// <summary>The event's time and serial number.</summary>
    public EventId Id { get; private set; }

    /// <summary>The type of the first record: what the event is about.</summary>
    public RecordType Type { get; private set; }

    /// <summary>True when a system call's record is among them.</summary>
    public bool HasSyscall { get; private set; }

    /// <summary>The system call's number; -1 without.</summary>
    public int Syscall { get; private set; }

    /// <summary>The system call's architecture (<c>arch</c>, an AUDIT_ARCH constant); 0 without.</summary>
    public uint Architecture { get; private set; }

    /// <summary>Whether it went well; null when the records do not say.</summary>
    public bool? Success { get; private set; }

    /// <summary>What the call returned: a process for clone and fork; 0 when the records do not say.</summary>
    public long Exit { get; private set; }

    public uint Pid { get; private set; }

    public uint ParentPid { get; private set; }

    public uint Uid => _ids[0];

    /// <summary>The login user.</summary>
    public uint AuditUid { get; private set; }

    /// <summary>The path of the process's executable, decoded: any bytes; empty when the records do not say.</summary>
    public ReadOnlySpan<byte> Executable => _text.AsSpan(_executable);

    /// <summary>The process's name (<c>comm</c>), decoded: any bytes; empty when the records do not say.</summary>
    public ReadOnlySpan<byte> Command => _text.AsSpan(_command);

    /// <summary>How many keys the rule that made the event has.</summary>
    public int KeyCount { get; private set; }

    /// <summary>A key, from 0 to <see cref="KeyCount"/> - 1, decoded.</summary>
    public ReadOnlySpan<byte> Key(int index) => _text.AsSpan(_keys[index]);

    /// <summary>Reads an event.</summary>
    public void Read(AuditEvent auditEvent)
    {
        Clear(auditEvent);
        AuditRecord main = auditEvent[MainRecord];
        FieldReader fields = main.Fields;
        int start = fields.Remaining;
        for (int at = 0; fields.TryRead(out Field field); at = start - fields.Remaining)
            if (!Take(field)) AddLeftover(at);
    }

    private void Clear(AuditEvent auditEvent)
    {
        Id = auditEvent.Id;
        Type = auditEvent.TypeOf(0);
        MainRecord = 0;
        HasSyscall = false;
        for (int i = 0; i < auditEvent.Count && !HasSyscall; i++)
        {
            HasSyscall = auditEvent.TypeOf(i) == RecordType.Syscall;
            if (HasSyscall) MainRecord = i;
        }
        Syscall = -1;
        Architecture = 0;
        Success = null;
        Exit = 0;
        Pid = ParentPid = AuditUid = Session = None;
        _items = 0;
        LeftoverCount = 0;
        _executable = _command = default;
        _textLength = KeyCount = 0;
        _ids.AsSpan().Fill(None);
        _seen = 0;
        if (_text.Length < auditEvent.Length) _text = new byte[auditEvent.Length];
    }

    /// <summary>False when the field is to be found among the rest, <see cref="Leftover"/>.</summary>
    private bool Take(in Field field)
    {
        FactField id = FactFields.Of(field.Name);
        if (id == FactField.Other || Has(id)) return false;
        bool taken = Set(id, field);
        if (taken) _seen |= 1u << (int)id;
        // Their place is that of a system call's; without one they are just fields of their record.
        return taken && (HasSyscall || id is not (FactField.Architecture or FactField.Syscall or FactField.Items
            or (>= FactField.Argument0 and <= FactField.Argument3)));
    }

    private bool Set(FactField id, in Field field)
    {
        switch (id)
        {
            case FactField.Architecture:
                if (!field.TryGetHex(out ulong architecture) || architecture > uint.MaxValue) return false;
                Architecture = (uint)architecture;
                return true;
            case FactField.Syscall:
                if (!field.TryGetUInt64(out ulong call) || call > int.MaxValue) return false;
                Syscall = (int)call;
                return true;
            case FactField.Success or FactField.Result:
                if (Success is not null) return false;
                Success = Result(field.Value);
                return Success is not null;
            case FactField.Exit:
                bool isNumber = field.TryGetInt64(out long exit);
                Exit = exit;
                return isNumber;
            case >= FactField.Argument0 and <= FactField.Argument3: return field.TryGetHex(out _arguments[id - FactField.Argument0]);
            case FactField.Items: return TryGetNumber(field, out _items);
            case >= FactField.Uid and <= FactField.FilesystemGid: return TryGetNumber(field, out _ids[id - FactField.Uid]);
            case FactField.ParentPid or FactField.Pid or FactField.AuditUid or FactField.Session:
                if (!TryGetNumber(field, out uint number)) return false;
                if (id == FactField.Pid) Pid = number;
                else if (id == FactField.ParentPid) ParentPid = number;
                else if (id == FactField.AuditUid) AuditUid = number;
                else Session = number;
                return true;
            case FactField.Command: _command = Text(field); return true;
            case FactField.Executable: _executable = Text(field); return true;
            case FactField.Key: ReadKeys(field); return true;
            // No terminal, which is how it is without the field.
            case FactField.Terminal: return field.Value.SequenceEqual("(none)"u8);
            default: return false;
        }
    }

    /// <summary>A number, <see cref="None"/> for what is unset.</summary>
    private static bool TryGetNumber(in Field field, out uint number)
    {
        bool valid = field.TryGetInt64(out long value) && value is >= -1 and <= uint.MaxValue;
        number = valid ? unchecked((uint)value) : None;
        return valid;
    }

    private static bool? Result(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("yes"u8) || value.SequenceEqual("1"u8) || value.SequenceEqual("success"u8) ? true
        : value.SequenceEqual("no"u8) || value.SequenceEqual("0"u8) || value.SequenceEqual("failed"u8) ? false
        : null;

    private Range Text(in Field field)
    {
        if (field.IsNull) return default;
        // No longer than the event: decoding never makes a value longer.
        field.TryDecode(_text.AsSpan(_textLength), out int written);
        int start = _textLength;
        _textLength += written;
        return start.._textLength;
    }

    private void ReadKeys(in Field field)
    {
        Range all = Text(field);
        (int start, int length) = all.GetOffsetAndLength(_textLength);
        int end = start + length;
        while (start < end)
        {
            int separator = _text.AsSpan(start..end).IndexOf(KeySeparator);
            int keyEnd = separator < 0 ? end : start + separator;
            if (KeyCount == _keys.Length) Array.Resize(ref _keys, KeyCount * 2);
            if (keyEnd > start) _keys[KeyCount++] = start..keyEnd;
            start = keyEnd + 1;
        }
    }
}
