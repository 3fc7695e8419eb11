using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    // What a shortened line says more than a whole one: how much is missing, and how many arguments there were.
    private const int RoomForMarks = 96;

    // Fewer bytes of a string say nothing.
    private const int ShortestText = 16;

    private readonly ByteStrings _strings = new();

    /// <summary>Writes the line again so that it fits: first without all arguments, then with ever shorter strings, then only what it must have.</summary>
    private void WriteShortened(AuditEvent auditEvent, EventFacts facts, in ProcessContext context)
    {
        Shortened++;
        int line = _options.MaxBytes;
        Budget budget = new(line, line, 0, 0);
        if (_records.FirstArguments >= 0 || _options.Raw)
        {
            Write(auditEvent, facts, context, budget);
            int room = line - _json.Length - RoomForMarks;
            if (room >= line / 4)
            {
                Write(auditEvent, facts, context, budget with { Arguments = room });
                AddMessages(auditEvent, facts, context, budget with { Arguments = room });
                if (_json.Length <= line) return;
            }
        }
        for (int text = line / 2; text >= ShortestText; text /= 2)
        {
            budget = new Budget(line, text, 2 * text, 0);
            Write(auditEvent, facts, context, budget);
            if (_json.Length > line) continue;
            AddMessages(auditEvent, facts, context, budget);
            return;
        }
        WriteLeast(facts, context);
    }

    /// <summary>Writes the line once more, with as much of its records as there is room for.</summary>
    private void AddMessages(AuditEvent auditEvent, EventFacts facts, in ProcessContext context, in Budget budget)
    {
        int room = _options.MaxBytes - _json.Length - RoomForMarks;
        if (_options.Raw && room > RoomForMarks) Write(auditEvent, facts, context, budget with { Raw = room });
    }

    private void WriteLeast(EventFacts facts, in ProcessContext context)
    {
        _json.Clear();
        _json.StringLimit = ShortestText * 4;
        _json.Write("{\"@timestamp\":"u8);
        _json.Time(facts.Id.Time);
        _json.Write(",\"event\":{\"sequence\":"u8);
        _json.Number((ulong)facts.Id.Serial);
        _json.Write("},\"process\":{"u8);
        WriteNumber("\"pid\":"u8, facts.Pid);
        if (!facts.Executable.IsEmpty) WriteString("\"executable\":"u8, facts.Executable);
        _json.Write("},\"auditd\":{\"minimal\":true}"u8);
        int before = _json.Length;
        _containers.Write(context, _json);
        if (_json.Length + _host.Length + 1 > _options.MaxBytes) _json.Cut(before);
        _json.Write(_host);
        _json.Write((byte)'}');
    }

    private void WriteArgumentsWithin(AuditEvent auditEvent, int room)
    {
        _strings.Clear();
        ArgumentReader reader = auditEvent.Arguments;
        bool more = reader.TryRead(out Argument argument);
        int next = 0;
        while (more)
        {
            next = argument.Index + 1;
            _strings.Begin();
            bool isPiece = argument.Piece >= 0;
            int index = argument.Index;
            do
            {
                _strings.Append(argument.Value);
                more = reader.TryRead(out argument);
            }
            while (more && isPiece && argument.Piece > 0 && argument.Index == index);
            _strings.End();
        }
        _json.Name("\"args\":["u8);
        _strings.Write(_json, room);
        _json.Write((byte)']');
        _json.Name("\"args_count\":"u8);
        AuditRecord first = auditEvent[_records.FirstArguments];
        _json.Number(first.TryGetField("argc"u8, out Field field) && field.TryGetUInt64(out ulong count) ? count : (ulong)next);
    }

    /// <summary>The records as they came.</summary>
    private void WriteMessages(AuditEvent auditEvent, int room)
    {
        _json.Name("\"messages\":["u8);
        if (room == int.MaxValue)
        {
            for (int i = 0; i < auditEvent.Count && _json.Length <= _options.MaxBytes; i++)
            {
                _json.Separate();
                _json.String(auditEvent[i].Raw);
            }
        }
        else
        {
            _strings.Clear();
            for (int i = 0; i < auditEvent.Count; i++)
            {
                _strings.Begin();
                _strings.Append(auditEvent[i].Raw);
                _strings.End();
            }
            _strings.Write(_json, room);
        }
        _json.Write((byte)']');
    }
}
