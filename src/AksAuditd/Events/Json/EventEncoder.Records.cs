using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    // More fields than any record of the kernel has; what a program makes up beyond is kept as text.
    private const int MostFields = 64, MostWords = 64, LongestName = 64;

    private readonly uint[] _namesSeen = new uint[MostFields];
    private bool _hasCapabilities;

    /// <summary>Records without a place of their own, each as an object.</summary>
    private void WriteRecords(AuditEvent auditEvent, EventFacts facts, in Budget budget)
    {
        int before = _json.Open("\"records\":["u8);
        int leftOut = 0;
        for (int i = 0; i < _records.OtherCount; i++)
        {
            int number = _records.Other(i), element = _json.Length;
            if (_hasCapabilities && number == _records.Capabilities) continue;
            WriteRecord(auditEvent[number], number == facts.MainRecord && !facts.HasSyscall ? facts : null);
            if (_json.Length <= budget.Line - RoomForTheEnd) continue;
            if (!budget.IsShortened && _json.Length > budget.Line) break;
            if (!budget.IsShortened) continue;
            _json.Cut(element);
            leftOut++;
        }
        _json.Close(before, (byte)']');
        if (leftOut > 0) WriteNumber("\"records_left_out\":"u8, (uint)leftOut);
    }

    /// <param name="facts">The facts when they were read from this record: what they say is not said again.</param>
    private void WriteRecord(in AuditRecord record, EventFacts? facts)
    {
        _json.Separate();
        _json.Write("{\"type\":\""u8);
        ReadOnlySpan<byte> type = record.TypeName;
        if (!type.IsEmpty) _json.Text(type);
        else
        {
            _json.Write("UNKNOWN["u8);
            _json.Number((ulong)record.Type);
            _json.Write((byte)']');
        }
        _json.Write((byte)'"');
        bool isUserMessage = RecordTypes.IsUserMessage(record.Type);
        WriteFields(record, record.Body, isUserMessage, facts);
        ReadOnlySpan<byte> message = isUserMessage ? record.UserMessage : default;
        if (!message.IsEmpty)
        {
            _json.Write(",\"untrusted\":{"u8);
            WriteFields(record, message, false, null);
            _json.Write((byte)'}');
        }
        _json.Write((byte)'}');
    }

    /// <summary>The fields as members, and what cannot be one as text: words, a second field of one name, and names or numbers of fields nobody has.</summary>
    private void WriteFields(in AuditRecord record, ReadOnlySpan<byte> body, bool isUserMessage, EventFacts? facts)
    {
        RecordContext context = RecordContext.Of(record);
        int count = 0, words = 0, leftover = 0, at = 0;
        FieldReader fields = new(body, isUserMessage);
        for (; count < MostFields && words < MostWords && fields.TryRead(out Field field); at = body.Length - fields.Remaining)
        {
            if (facts is not null && !IsLeftover(facts, at, ref leftover)) continue;
            if (field.Form == ValueForm.Message && isUserMessage && field.Name.SequenceEqual("msg"u8)) continue;
            if (!IsMember(field, count))
            {
                words++;
                continue;
            }
            count++;
            _json.Separate();
            _json.Write((byte)'"');
            _json.Text(field.Name);
            _json.Write("\":"u8);
            WriteValue(context, field);
        }
        int rest = at;
        if (words == 0 && body[rest..].IndexOfAnyExcept((byte)' ') < 0) return;
        // Once more: words stand together behind the members.
        _json.Name("\"more\":["u8);
        fields = new FieldReader(body, isUserMessage);
        count = leftover = 0;
        for (at = 0; at < rest && fields.TryRead(out Field field); at = body.Length - fields.Remaining)
        {
            if (facts is not null && !IsLeftover(facts, at, ref leftover)) continue;
            if (field.Form == ValueForm.Message && isUserMessage && field.Name.SequenceEqual("msg"u8)) continue;
            if (IsMember(field, count)) count++;
            else WriteElement(body[at..^fields.Remaining]);
        }
        WriteElement(body[rest..]);
        _json.Write((byte)']');
    }

    private void WriteElement(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty) return;
        _json.Separate();
        _json.String(text);
    }

    private static bool IsLeftover(EventFacts facts, int at, ref int next)
    {
        if (next >= facts.LeftoverCount || facts.Leftover(next) != at) return false;
        next++;
        return true;
    }

    /// <summary>True for a name that no member of the object has yet. Two names of one hash: the second is written as text, which loses nothing.</summary>
    private bool IsMember(in Field field, int count)
    {
        ReadOnlySpan<byte> name = field.Name;
        if (name.IsEmpty || name.Length > LongestName) return false;
        if (name.SequenceEqual("type"u8) || name.SequenceEqual("more"u8) || name.SequenceEqual("untrusted"u8)) return false;
        HashCode hash = default;
        hash.AddBytes(name);
        uint hashed = (uint)hash.ToHashCode();
        if (_namesSeen.AsSpan(0, count).Contains(hashed)) return false;
        _namesSeen[count] = hashed;
        return true;
    }

    /// <summary>A string; of what has a meaning the value as it is written, and the meaning in brackets: <c>1000(alice)</c>.</summary>
    private void WriteValue(in RecordContext context, in Field field)
    {
        FieldKind kind = FieldKinds.Of(context.Type, field.Name);
        if (kind is FieldKind.Plain or FieldKind.Session or FieldKind.Result)
        {
            _json.String(field.Value);
            return;
        }
        if (kind <= FieldKind.TerminalInput)
        {
            WriteDecoded(field);
            return;
        }
        // Longer values are no numbers.
        const int longestNumber = 300;
        Span<byte> meaning = stackalloc byte[4096];
        _json.Write((byte)'"');
        _json.Text(field.Value);
        if (field.Value.Length <= longestNumber && _interpreter.Interpret(context, field, meaning, out int length) == Interpretation.Written
            && IsWorthwhile(field.Value, meaning[..length])) WriteMeaning(meaning[..length]);
        _json.Write((byte)'"');
    }

    /// <summary>False for a list too long to be read, as of all capabilities, and for what only repeats the value.</summary>
    private static bool IsWorthwhile(ReadOnlySpan<byte> value, ReadOnlySpan<byte> meaning) =>
        meaning.Length <= 100 && !meaning.EndsWith(value) && !meaning.StartsWith("unknown("u8) && !meaning.SequenceEqual("unset"u8) && !meaning.SequenceEqual("none"u8);
}
