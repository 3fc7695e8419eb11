using System.Globalization;
using System.Text;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>Compares the summary of every event of a log with a row of <c>ausearch --format csv</c>.</summary>
internal static class CsvParity
{
    /// <summary>The differences, and how many events and columns were compared.</summary>
    internal static (List<Difference> Differences, int Events, int Columns) Compare(string log, Interpreter interpreter)
    {
        Dictionary<string, List<string[]>> theirs = [];
        foreach (string line in AusearchParity.Ausearch(log, "--format", "csv").Skip(1))
        {
            string[] row = Split(line);
            if (row.Length != 16) continue;
            string key = $"{row[2]} {row[3]} {row[4]}";
            if (!theirs.TryGetValue(key, out List<string[]>? rows)) theirs[key] = rows = [];
            rows.Add(row);
        }
        List<Difference> differences = [];
        EventSummarizer summarizer = new(interpreter);
        EventSummary summary = new();
        EventAssembler assembler = new();
        int events = 0;
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(log);
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            if (bytes[range].IsEmpty) assembler.Flush();
            else assembler.Add(bytes[range]);
            while (assembler.TryTake(out AuditEvent? e))
            {
                using (e)
                {
                    events++;
                    summarizer.Summarize(e, summary);
                    Compare(e, summary, theirs, differences);
                }
            }
        }
        foreach (string[] row in theirs.Values.SelectMany(rows => rows)) differences.Add(new Difference(row[1], "EVENT", "(no event)", "(an event)", string.Join(',', row)));
        return (differences, events, events * 12);
    }

    private static void Compare(AuditEvent e, EventSummary summary, Dictionary<string, List<string[]>> theirs, List<Difference> differences)
    {
        string key = e.Id.Time.ToString("MM/dd/yy HH:mm:ss", CultureInfo.InvariantCulture) + " " + e.Id.Serial.ToString(CultureInfo.InvariantCulture);
        string type = InterpretedText.Latin1(summary[SummaryColumn.Event]);
        // Their columns without node, date, time and serial.
        string[] columns = ["EVENT", "EVENT_KIND", "SESSION", "SUBJ_PRIME", "SUBJ_SEC", "SUBJ_KIND", "ACTION", "RESULT", "OBJ_PRIME", "OBJ_SEC", "OBJ_KIND", "HOW"];
        int index = theirs.TryGetValue(key, out List<string[]>? rows) ? rows.FindIndex(r => r[1] == type) : -1;
        if (index < 0 && rows is { Count: > 0 }) index = 0;
        if (index < 0)
        {
            differences.Add(new Difference(type, "EVENT", "(an event)", "(no event)", key));
            return;
        }
        string[] row = rows![index];
        rows.RemoveAt(index);
        for (int i = 0; i < columns.Length; i++)
        {
            string ours = InterpretedText.Escape(InterpretedText.Latin1(summary[(SummaryColumn)i]));
            string other = row[i == 0 ? 1 : i + 4];
            string call = e.TryGetRecord(RecordType.Syscall, out AuditRecord syscall) && syscall.TryGetField("syscall"u8, out Field number) ? " " + InterpretedText.Latin1(number.Value) : "";
            // ausearch does not double the quotes inside a quoted column.
            if (ours.Replace("\"", "", StringComparison.Ordinal) != other.Replace("\"", "", StringComparison.Ordinal))
                differences.Add(new Difference(type + call, columns[i], ours, other, string.Join(',', row)));
        }
    }

    private static string[] Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(c);
        }
        fields.Add(field.ToString());
        return [.. fields];
    }
}
