using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>One value that this library and ausearch interpret differently.</summary>
internal sealed record Difference(string Type, string Field, string Ours, string Theirs, string Line);

/// <summary>Compares every value of a log with <c>ausearch -i</c>'s.</summary>
internal static class AusearchParity
{
    private static readonly ConcurrentDictionary<string, Task<string[]>> Begun = [];

    /// <summary>Begins to run ausearch on a log: it takes its time, and is not the only one that has something to do.</summary>
    internal static void Begin(string log, params string[] arguments) =>
        Begun.TryAdd(Key(log, arguments), Task.Factory.StartNew(() => Run(log, arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <summary>Runs ausearch on a log, in UTC and the C locale; its output is Latin-1, one character a byte.</summary>
    internal static string[] Ausearch(string log, params string[] arguments) =>
        Begun.TryRemove(Key(log, arguments), out Task<string[]>? begun) ? begun.GetAwaiter().GetResult() : Run(log, arguments);

    private static string Key(string log, string[] arguments) => string.Join(' ', [log, .. arguments]);

    private static string[] Run(string log, string[] arguments)
    {
        ProcessStartInfo start = new("ausearch", [.. arguments, "-if", log]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.Latin1 };
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C";
        start.RedirectStandardInput = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process.StandardOutput.ReadToEnd().Split('\n');
    }

    /// <summary>The differences, and how many records and values were equal or not.</summary>
    internal static (List<Difference> Differences, int Records, int Values) Compare(string log, Interpreter interpreter)
    {
        Dictionary<string, List<string>> theirs = [];
        foreach (string line in Ausearch(log, "-i"))
        {
            int end = line.IndexOf(" : ", StringComparison.Ordinal);
            if (end < 0 || !line.Contains("type=", StringComparison.Ordinal)) continue;
            string header = line[..(end + 3)];
            if (!theirs.TryGetValue(header, out List<string>? lines)) theirs[header] = lines = [];
            lines.Add(line[(end + 3)..]);
        }
        List<Difference> differences = [];
        int records = 0, values = 0;
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(log);
        ContinuationLines continuation = new();
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            if (bytes[range].IsEmpty || continuation.IsContinuation(bytes[range])) continue;
            if (!AuditRecord.TryParse(bytes[range], out AuditRecord record))
            {
                differences.Add(new Difference("", "", "(not a record)", "", InterpretedText.Latin1(bytes[range])));
                continue;
            }
            continuation.Observe(record);
            records++;
            string header = InterpretedText.Header(record);
            string name = InterpretedText.Latin1(record.TypeName);
            if (!theirs.TryGetValue(header, out List<string>? lines) || lines.Count == 0)
            {
                differences.Add(new Difference(name, "", "(a record)", "(no record)", header));
                continue;
            }
            List<Segment> segments = InterpretedText.Segments(record, interpreter);
            // ausearch prints PATH records in an order of its own: the one that begins the same way, item=0.
            string start = segments[0].Before + segments[0].Value + " ";
            int index = Math.Max(0, lines.FindIndex(l => l.StartsWith(start, StringComparison.Ordinal)));
            values += Compare(name, segments, lines[index], differences);
            lines.RemoveAt(index);
        }
        foreach ((string header, List<string> lines) in theirs)
            foreach (string line in lines) differences.Add(new Difference("", "", "(no record)", "(a record)", header + line));
        return (differences, records, values);
    }

    /// <summary>Walks along the texts between values, which both have.</summary>
    private static int Compare(string type, List<Segment> ours, string theirs, List<Difference> differences)
    {
        int position = 0, values = 0;
        for (int i = 0; i < ours.Count; i++)
        {
            Segment segment = ours[i];
            string before = segment.Before;
            if (i == ours.Count - 1 && before.Length == 0) break;
            if (string.CompareOrdinal(theirs, position, before, 0, before.Length) != 0)
            {
                if (theirs[position..].Trim(' ') != before.Trim(' '))
                    differences.Add(new Difference(type, segment.Name, before + segment.Value, theirs[position..], theirs));
                return values;
            }
            position += before.Length;
            if (segment.Name.Length == 0) break;
            string next = ours[i + 1].Before;
            bool equal = string.CompareOrdinal(theirs, position, segment.Value, 0, segment.Value.Length) == 0
                && (theirs.Length == position + segment.Value.Length || string.CompareOrdinal(theirs, position + segment.Value.Length, next, 0, next.Length) == 0);
            int end = equal ? position + segment.Value.Length
                : next.Length == 0 ? theirs.TrimEnd(' ').Length
                : theirs.IndexOf(next, position, StringComparison.Ordinal);
            if (end < 0) end = theirs.TrimEnd(' ').Length;
            values++;
            if (!equal) differences.Add(new Difference(type, segment.Name, segment.Value, theirs[position..Math.Max(position, end)], theirs));
            position = end;
        }
        return values;
    }
}
