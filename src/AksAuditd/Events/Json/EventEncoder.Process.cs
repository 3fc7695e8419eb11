using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    // TASK_COMM_LEN, its zero byte not counted.
    private const int LongestCommand = 15;

    private void WriteProcess(AuditEvent auditEvent, EventFacts facts, in ProcessContext context, in Budget budget, ActorFragments.Entry? actor)
    {
        int before = _json.Length;
        _json.Write(",\"process\":{"u8);
        if (facts.Pid != EventFacts.None)
        {
            _json.Write("\"pid\":"u8);
            _json.Number(facts.Pid);
        }

        if (facts.Pid == EventFacts.None || actor is null) WriteProgram(facts);
        else _json.Write(actor.Program);
        bool hasArguments = _records.FirstArguments >= 0;
        if (hasArguments) WriteArguments(auditEvent, budget);
        if (_records.Title >= 0) WriteTitle(auditEvent, hasArguments, budget.IsShortened);
        if (_records.WorkingDirectory >= 0) WriteWorkingDirectory(auditEvent, budget.IsShortened);
        if (facts.ParentPid != EventFacts.None || context.ParentExecutable is not null)
        {
            int parent = _json.Open("\"parent\":{"u8);
            WriteNumber("\"pid\":"u8, facts.ParentPid);
            if (context.ParentExecutable is not null) WriteString("\"executable\":"u8, context.ParentExecutable);
            _json.Close(parent, (byte)'}');
        }
        _json.Close(before, (byte)'}');
    }

    private void WriteProgram(EventFacts facts)
    {
        if (!facts.Command.IsEmpty && !IsNameOf(facts.Command, facts.Executable)) WriteString("\"name\":"u8, facts.Command);
        if (!facts.Executable.IsEmpty) WriteString("\"executable\":"u8, facts.Executable);
    }

    /// <summary>True when the kernel made the name from the executable's: then it says nothing new.</summary>
    private static bool IsNameOf(ReadOnlySpan<byte> command, ReadOnlySpan<byte> executable)
    {
        ReadOnlySpan<byte> file = executable[(executable.LastIndexOf((byte)'/') + 1)..];
        return command.SequenceEqual(file.Length > LongestCommand ? file[..LongestCommand] : file);
    }

    /// <summary>What the process calls itself; left out when it is what its arguments are.</summary>
    private void WriteTitle(AuditEvent auditEvent, bool hasArguments, bool isShortened)
    {
        ReadOnlySpan<byte> body = auditEvent.BodyOf(_records.Title);
        if (!hasArguments && !isShortened && _titles.TryGet(body, out ReadOnlySpan<byte> known))
        {
            _json.Separate();
            _json.Write(known);
            return;
        }
        if (!auditEvent[_records.Title].TryGetField("proctitle"u8, out Field field) || field.IsNull) return;
        Span<byte> title = Scratch(field.Value.Length);
        field.TryDecode(title, out int length);
        title = title[..length];
        if (hasArguments && AreArguments(auditEvent, title)) return;
        _json.Separate();
        int before = _json.Length;
        _json.Write("\"title\":["u8);
        while (true)
        {
            int end = title.IndexOf((byte)0);
            _json.Separate();
            _json.String(end < 0 ? title : title[..end]);
            if (end < 0 || _json.Length > _options.MaxBytes) break;
            title = title[(end + 1)..];
        }
        _json.Write((byte)']');
        if (!isShortened && _json.LeftOut == 0 && _json.Length <= _options.MaxBytes) _titles.Set(body, _json.Written[before..]);
    }

    private void WriteWorkingDirectory(AuditEvent auditEvent, bool isShortened)
    {
        ReadOnlySpan<byte> body = auditEvent.BodyOf(_records.WorkingDirectory);
        if (!isShortened && _directories.TryGet(body, out ReadOnlySpan<byte> known))
        {
            _json.Separate();
            _json.Write(known);
            return;
        }
        if (!auditEvent[_records.WorkingDirectory].TryGetField("cwd"u8, out Field field) || field.IsNull) return;
        _json.Separate();
        int before = _json.Length;
        _json.Write("\"working_directory\":"u8);
        WriteDecoded(field);
        if (!isShortened && _json.LeftOut == 0) _directories.Set(body, _json.Written[before..]);
    }

    private void WriteString(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _json.Name(name);
        _json.String(value);
    }

    /// <summary>A number, or nothing when the records do not say.</summary>
    private void WriteNumber(ReadOnlySpan<byte> name, uint value)
    {
        if (value == EventFacts.None) return;
        _json.Name(name);
        _json.Number(value);
    }

    private void WriteDecoded(in Field field)
    {
        if (!field.IsCoded)
        {
            _json.String(field.Value);
            return;
        }
        Span<byte> decoded = Scratch(field.Value.Length);
        field.TryDecode(decoded, out int length);
        _json.String(decoded[..length]);
    }
}
