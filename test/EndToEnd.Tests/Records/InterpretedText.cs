using System.Buffers;
using System.Globalization;
using System.Text;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>One value of a record as text, and what stands before it. Name and value are empty for what stands behind the last.</summary>
internal sealed record Segment(string Before, string Name, string Value);

/// <summary>
/// A record as <c>ausearch -i</c> prints it, from this library's parts: what stands between values is copied, values are interpreted, and control
/// characters are escaped as for a terminal. Text is Latin-1: one character a byte.
/// </summary>
internal static class InterpretedText
{
    internal static string Header(in AuditRecord record)
    {
        string node = record.Node.IsEmpty ? "" : $"node={Latin1(record.Node)} ";
        string time = record.Id.Time.ToString("MM/dd/yy HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return FormattableString.Invariant($"{node}type={Latin1(record.TypeName)} msg=audit({time}:{record.Id.Serial}) : ");
    }

    internal static List<Segment> Segments(in AuditRecord record, Interpreter interpreter)
    {
        List<Segment> segments = [];
        Add(segments, record, "", record.Body, record.Fields, interpreter);
        return segments;
    }

    private static void Add(List<Segment> segments, in AuditRecord record, string before, ReadOnlySpan<byte> body, FieldReader fields, Interpreter interpreter)
    {
        RecordContext context = RecordContext.Of(record);
        int position = 0;
        while (fields.TryRead(out Field field))
        {
            if (field.Name.IsEmpty || field.Value.IsEmpty || !body.Overlaps(field.Value, out int start)) continue;
            int quote = field.Form is ValueForm.Quoted or ValueForm.Braced ? 1 : 0;
            before += Latin1(body[position..(start - quote)]);
            // A string without its last quote ends with the record.
            position = Math.Min(body.Length, start + field.Value.Length + quote);
            if (field.Form == ValueForm.Message) Add(segments, record, before, field.Value, new FieldReader(field.Value), interpreter);
            else segments.Add(new Segment(before, Latin1(field.Name), Value(context, field, interpreter)));
            before = "";
        }
        segments.Add(new Segment(before + Latin1(body[position..]), "", ""));
    }

    private static string Value(in RecordContext context, in Field field, Interpreter interpreter)
    {
        ArrayBufferWriter<byte> output = new(Interpreter.MaxLength(field));
        if (interpreter.Interpret(context, field, output) == Interpretation.Unchanged)
            return field.Form == ValueForm.Quoted ? $"\"{Latin1(field.Value)}\"" : Latin1(field.Value);
        string value = Latin1(output.WrittenSpan);
        return FieldKinds.Of(context.Type, field.Name) switch
        {
            FieldKind.ProcessTitle => Escape(value.Replace('\0', ' ')),
            FieldKind.Key => Escape(value.Replace("\u0001", " key=", StringComparison.Ordinal)),
            _ => Escape(value),
        };
    }

    internal static string Escape(string value)
    {
        if (!value.Any(c => c < ' ' || c == 0x7F)) return value;
        return string.Concat(value.Select(c => c < ' ' || c == 0x7F ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString()));
    }

    internal static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
