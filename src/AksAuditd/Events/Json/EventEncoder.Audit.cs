using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    private const uint X86_64 = 0xC000003E, Aarch64 = 0xC00000B7;

    // What follows the last record or path of a line that is shortened.
    private const int RoomForTheEnd = 256;

    private readonly byte[] _meaning = new byte[1024];

    /// <summary>What has no place of its own in the convention.</summary>
    private void WriteAudit(AuditEvent auditEvent, EventFacts facts, in Budget budget)
    {
        int before = _json.Open("\"auditd\":{"u8);
        WriteNumber("\"session\":"u8, facts.Session);
        if (facts.HasSyscall) WriteSyscall(auditEvent, facts);
        else if (facts.Has(FactField.Exit)) WriteExit(facts);
        _hasCapabilities = TryWriteCapabilities(auditEvent);
        WriteOtherPaths(auditEvent, facts, budget);
        WriteRecords(auditEvent, facts, budget);
        WriteCompleteness(auditEvent, facts);
        if (budget.Raw > 0) WriteMessages(auditEvent, budget.Raw);
        if (_json.LeftOut > 0)
        {
            _json.Name("\"shortened\":"u8);
            _json.Number(_json.LeftOut);
        }
        _json.Close(before, (byte)'}');
    }

    private void WriteSyscall(AuditEvent auditEvent, EventFacts facts)
    {
        SyscallFragments.Call call = _call!;
        // That a program was started the action says.
        if ((!call.IsExec || _records.FirstArguments < 0) && facts.Has(FactField.Syscall))
        {
            _json.Name("\"syscall\":"u8);
            if (call.Name is not null) WriteWord(call.Name);
            else WriteNumberWord(facts.Syscall);
        }
        if (facts.Has(FactField.Architecture) && facts.Architecture is not (X86_64 or Aarch64))
        {
            _json.Name("\"arch\":"u8);
            if (Interpreter.TryGetArchitecture(facts.Architecture, out ReadOnlySpan<byte> architecture)) WriteWord(architecture);
            else WriteNumberWord(facts.Architecture);
        }
        if (facts.Has(FactField.Exit)) WriteExit(facts);
        // What execve is given are addresses in the memory of a program that is gone.
        if (!call.IsExec) WriteSyscallArguments(facts, call);
        if (facts.Has(FactField.Items) && facts.Items != _records.PathCount) WriteNumber("\"items\":"u8, facts.Items);
        WriteSyscallRest(auditEvent, facts);
    }

    private void WriteExit(EventFacts facts)
    {
        if (facts.Exit == 0) return;
        _json.Name("\"exit\":"u8);
        if (Interpreter.TryGetError(facts.Exit, out ReadOnlySpan<byte> error)) WriteWord(error);
        else WriteNumberWord(facts.Exit);
    }

    private void WriteSyscallArguments(EventFacts facts, SyscallFragments.Call call)
    {
        for (int i = 0; i < facts.Arguments.Length; i++)
        {
            if (!facts.Has((FactField)((int)FactField.Argument0 + i))) continue;
            ulong value = facts.Arguments[i];
            ArgumentMeaning meaning = call.Meanings[i];
            if (meaning == ArgumentMeaning.ValueOfNewFile)
                meaning = Interpreter.CreatesFile(facts.Arguments[i - 1]) ? ArgumentMeaning.Value : ArgumentMeaning.None;
            if (meaning != ArgumentMeaning.Value)
            {
                WriteSyscallArgument(facts, i, value, meaning != ArgumentMeaning.None);
                continue;
            }
            if (!_calls.TryGet(call, i, value, out ReadOnlySpan<byte> known))
            {
                int before = _json.Length;
                WriteSyscallArgument(facts, i, value, true);
                if (_json.LeftOut == 0) _calls.Set(call, i, value, _json.MembersSince(before));
                continue;
            }
            if (known.IsEmpty) continue;
            _json.Separate();
            _json.Write(known);
        }
    }

    private void WriteSyscallArgument(EventFacts facts, int argument, ulong value, bool mayMean)
    {
        int length = 0;
        bool means = mayMean && TryInterpret(facts, argument, out length);
        if (!means && value == 0) return;
        _json.Name(argument switch { 0 => "\"a0\":\""u8, 1 => "\"a1\":\""u8, 2 => "\"a2\":\""u8, _ => "\"a3\":\""u8 });
        _json.Hex(value);
        if (means) WriteMeaning(_meaning.AsSpan(0, length));
        _json.Write((byte)'"');
    }

    private bool TryInterpret(EventFacts facts, int argument, out int length) =>
        _interpreter.TryInterpretArgument(RecordContext.OfSyscall(facts.Architecture, facts.Syscall, facts.Arguments), argument, _meaning, out length)
        && !_meaning.AsSpan(0, length).StartsWith("0x"u8);

    /// <summary>In brackets, after the value.</summary>
    private void WriteMeaning(ReadOnlySpan<byte> meaning)
    {
        _json.Write((byte)'(');
        _json.Text(meaning);
        _json.Write((byte)')');
    }

    /// <summary>Fields of the system call that not every record has.</summary>
    private void WriteSyscallRest(AuditEvent auditEvent, EventFacts facts)
    {
        if (facts.LeftoverCount == 0) return;
        ReadOnlySpan<byte> body = auditEvent.BodyOf(facts.MainRecord);
        bool hasTerminal = false, hasSubject = false, hasMore = false;
        for (int i = 0; i < facts.LeftoverCount; i++)
        {
            FieldReader fields = new(body[facts.Leftover(i)..]);
            fields.TryRead(out Field field);
            FactField id = FactFields.Of(field.Name);
            if (id == FactField.Terminal && !hasTerminal) WriteOnce("\"tty\":"u8, field, ref hasTerminal);
            else if (id == FactField.Subject && !hasSubject) WriteOnce("\"subj\":"u8, field, ref hasSubject);
            else hasMore = true;
        }
        if (!hasMore) return;
        hasTerminal = hasSubject = false;
        _json.Name("\"more\":["u8);
        for (int i = 0; i < facts.LeftoverCount && _json.Length <= _options.MaxBytes; i++)
        {
            int at = facts.Leftover(i);
            FieldReader fields = new(body[at..]);
            fields.TryRead(out Field field);
            FactField id = FactFields.Of(field.Name);
            if (id == FactField.Terminal && !hasTerminal) hasTerminal = true;
            else if (id == FactField.Subject && !hasSubject) hasSubject = true;
            else
            {
                _json.Separate();
                _json.String(body[at..^fields.Remaining].TrimStart((byte)' '));
            }
        }
        _json.Write((byte)']');
    }

    private void WriteOnce(ReadOnlySpan<byte> member, in Field field, ref bool written)
    {
        written = true;
        _json.Name(member);
        WriteDecoded(field);
    }

    private void WriteOtherPaths(AuditEvent auditEvent, EventFacts facts, in Budget budget)
    {
        int before = _json.Open("\"paths\":["u8);
        int leftOut = 0;
        for (int i = 0; i < _records.PathCount; i++)
        {
            if (i == _file || _paths[i].Record < 0) continue;
            int element = _json.Length;
            _json.Separate();
            _json.Write((byte)'{');
            WriteNumber("\"item\":"u8, _paths[i].Item);
            WritePath(auditEvent, facts, i, budget);
            _json.Write((byte)'}');
            if (_json.Length <= budget.Line - RoomForTheEnd) continue;
            // It is too long already, or what must follow would make it so.
            if (!budget.IsShortened && _json.Length > budget.Line) break;
            if (!budget.IsShortened) continue;
            _json.Cut(element);
            leftOut++;
        }
        _json.Close(before, (byte)']');
        if (leftOut > 0) WriteNumber("\"paths_left_out\":"u8, (uint)leftOut);
    }

    /// <summary>What tells that records are missing.</summary>
    private void WriteCompleteness(AuditEvent auditEvent, EventFacts facts)
    {
        if (auditEvent.DroppedRecords > 0) WriteNumber("\"dropped_records\":"u8, (uint)auditEvent.DroppedRecords);
        if (auditEvent.End == EventEnd.Evicted) _json.Name("\"evicted\":true"u8);
        if (auditEvent.IsLate) _json.Name("\"late\":true"u8);
        ReadOnlySpan<byte> node = auditEvent.Node;
        if (!node.IsEmpty && !node.SequenceEqual(_nodeName)) WriteString("\"node\":"u8, node);
    }

    private void WriteNumberWord(long number)
    {
        _json.Write((byte)'"');
        _json.Number(number);
        _json.Write((byte)'"');
    }
}
