using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>
/// What filters, the process table and the encoder want to know of every event, read from its records once. Made to be used again and again; spans
/// are valid until the next <see cref="Read(AuditEvent)"/>. Only what the kernel vouches for is read, never what a program said inside <c>msg='…'</c>.
/// </summary>
internal sealed class EventFacts
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

    public uint Uid { get; private set; }

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
        AuditRecord main = auditEvent.TryGetRecord(RecordType.Syscall, out AuditRecord syscall) ? syscall : auditEvent[0];
        HasSyscall = main.Type == RecordType.Syscall;
        FieldReader fields = main.Fields;
        while (fields.TryRead(out Field field)) Read(field);
    }

    private void Clear(AuditEvent auditEvent)
    {
        Id = auditEvent.Id;
        Type = auditEvent.TypeOf(0);
        Syscall = -1;
        Architecture = 0;
        Success = null;
        Exit = 0;
        Pid = ParentPid = Uid = AuditUid = None;
        _executable = _command = default;
        _textLength = KeyCount = 0;
        if (_text.Length < auditEvent.Length) _text = new byte[auditEvent.Length];
    }

    private void Read(in Field field)
    {
        ReadOnlySpan<byte> name = field.Name;
        if (name.SequenceEqual("pid"u8)) Pid = Number(field);
        else if (name.SequenceEqual("ppid"u8)) ParentPid = Number(field);
        else if (name.SequenceEqual("uid"u8)) Uid = Number(field);
        else if (name.SequenceEqual("auid"u8)) AuditUid = Number(field);
        else if (name.SequenceEqual("exe"u8)) _executable = Text(field);
        else if (name.SequenceEqual("comm"u8)) _command = Text(field);
        else if (name.SequenceEqual("key"u8)) ReadKeys(field);
        else if (name.SequenceEqual("exit"u8)) Exit = field.TryGetInt64(out long exit) ? exit : 0;
        else if (name.SequenceEqual("success"u8) || name.SequenceEqual("res"u8)) Success = Result(field.Value);
        else if (name.SequenceEqual("syscall"u8)) Syscall = field.TryGetUInt64(out ulong call) && call <= int.MaxValue ? (int)call : -1;
        else if (name.SequenceEqual("arch"u8)) Architecture = field.TryGetHex(out ulong arch) ? (uint)arch : 0;
    }

    private static uint Number(in Field field) => field.TryGetUInt64(out ulong value) && value < None ? (uint)value : None;

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
