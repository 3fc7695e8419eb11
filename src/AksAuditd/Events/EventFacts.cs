using AksAuditd.Events.Selection;
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

    private readonly ActorTable _actors = new();
    private readonly Actor _own = new(0);
    private AuditEvent? _event;

    public EventFacts() => Actor = _own;

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

    public uint Uid => Actor.IdOf(FactField.Uid);

    /// <summary>The login user.</summary>
    public uint AuditUid => Actor.AuditUid;

    /// <summary>The path of the process's executable, decoded: any bytes; empty when the records do not say.</summary>
    public ReadOnlySpan<byte> Executable => Actor.Executable;

    /// <summary>The process's name (<c>comm</c>), decoded: any bytes; empty when the records do not say.</summary>
    public ReadOnlySpan<byte> Command => Actor.Command;

    /// <summary>How many keys the rule that made the event has.</summary>
    public int KeyCount => Actor.KeyCount;

    /// <summary>A key, from 0 to <see cref="KeyCount"/> - 1, decoded.</summary>
    public ReadOnlySpan<byte> Key(int index) => Actor.Key(index);

    /// <summary>True when a record of the event has a type of such a name; only until the event is disposed.</summary>
    public bool HasType(TextPattern pattern)
    {
        for (int i = 0; i < _event!.Count; i++)
            if (RecordTypes.TryGetName(_event.TypeOf(i), out ReadOnlySpan<byte> name) && pattern.Matches(name)) return true;
        return false;
    }

    /// <summary>Reads an event.</summary>
    public void Read(AuditEvent auditEvent)
    {
        Clear(auditEvent);
        if (HasSyscall && TryReadParts(auditEvent.BodyOf(MainRecord))) return;
        ClearNumbers();
        Actor = _own;
        _own.Clear();
        ActorStart = 0;
        ReadFields(auditEvent[MainRecord].Fields);
    }

    /// <summary>False when the record is not as the kernel writes it: what a system call did, then from <c>auid=</c> on who did it.</summary>
    private bool TryReadParts(ReadOnlySpan<byte> body)
    {
        if (!TryReadUsual(body, out int start))
        {
            ClearNumbers();
            start = body.IndexOf(" auid="u8);
            if (start < 0) return false;
            _own.Clear();
            Actor = _own;
            ReadFields(new FieldReader(body[..start]));
            if (_own.LeftoverCount > 0 || _own.Seen != 0) return false;
        }
        ActorStart = start;
        if (_actors.TryGet(body[start..], out Actor? known))
        {
            Actor = known!;
            return true;
        }
        if (known is null) return false;
        known.Clear();
        Actor = known;
        uint seen = _seen;
        ReadFields(new FieldReader(body[start..]));
        if (_seen != seen)
        {
            // Something of the first part stands in the second.
            known.Clear();
            return false;
        }
        known.Keep(body[start..]);
        return true;
    }

    private void ReadFields(FieldReader fields)
    {
        int start = fields.Remaining;
        for (int at = 0; fields.TryRead(out Field field); at = start - fields.Remaining)
            if (!Take(field)) Actor.AddLeftover(at);
    }

    private void Clear(AuditEvent auditEvent)
    {
        _event = auditEvent;
        Id = auditEvent.Id;
        Type = auditEvent.TypeOf(0);
        MainRecord = 0;
        HasSyscall = false;
        for (int i = 0; i < auditEvent.Count && !HasSyscall; i++)
        {
            HasSyscall = auditEvent.TypeOf(i) == RecordType.Syscall;
            if (HasSyscall) MainRecord = i;
        }
        ClearNumbers();
    }

    private void ClearNumbers()
    {
        Syscall = -1;
        Architecture = 0;
        Success = null;
        Exit = 0;
        Pid = ParentPid = None;
        _items = 0;
        _seen = 0;
    }

    /// <summary>False when the field is to be found among the rest, <see cref="Leftover"/>.</summary>
    private bool Take(in Field field)
    {
        FactField id = FactFields.Of(field.Name);
        if (id == FactField.Other || Has(id)) return false;
        bool taken = id >= FactField.AuditUid ? SetActor(id, field) : Set(id, field);
        if (taken && id >= FactField.AuditUid) Actor.Seen |= 1u << (int)id;
        else if (taken) _seen |= 1u << (int)id;
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
                Success = Outcome(field.Value);
                return Success is not null;
            case FactField.Exit:
                bool isNumber = field.TryGetInt64(out long exit);
                Exit = exit;
                return isNumber;
            case >= FactField.Argument0 and <= FactField.Argument3: return field.TryGetHex(out _arguments[id - FactField.Argument0]);
            case FactField.Items: return TryGetNumber(field, out _items);
            case FactField.ParentPid or FactField.Pid:
                if (!TryGetNumber(field, out uint number)) return false;
                if (id == FactField.Pid) Pid = number;
                else ParentPid = number;
                return true;
            default: return false;
        }
    }

    private bool SetActor(FactField id, in Field field)
    {
        switch (id)
        {
            case >= FactField.Uid and <= FactField.FilesystemGid: return TryGetNumber(field, out Actor.IdOf(id));
            case FactField.AuditUid or FactField.Session:
                if (!TryGetNumber(field, out uint number)) return false;
                if (id == FactField.AuditUid) Actor.AuditUid = number;
                else Actor.Session = number;
                return true;
            case FactField.Command: Actor.SetCommand(field); return true;
            case FactField.Executable: Actor.SetExecutable(field); return true;
            case FactField.Key: Actor.SetKeys(field); return true;
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

    private static bool? Outcome(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("yes"u8) || value.SequenceEqual("1"u8) || value.SequenceEqual("success"u8) ? true
        : value.SequenceEqual("no"u8) || value.SequenceEqual("0"u8) || value.SequenceEqual("failed"u8) ? false
        : null;
}
