using System.Globalization;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

internal sealed record ReferenceField(string Name, string Value, ValueForm Form);

/// <summary>The plain parser the fast one must equal: strings (Latin-1, one character a byte), one step after the other, nothing clever.</summary>
internal sealed class ReferenceParser
{
    internal string Node = "", TypeName = "", Body = "", Enrichment = "", UserMessage = "";
    internal int Type;
    internal EventId Id;

    internal List<ReferenceField> Fields => ReadFields(Body, IsUser);
    internal List<ReferenceField> EnrichedFields => ReadFields(Enrichment, false);
    internal List<ReferenceField> UserFields => ReadFields(UserMessage, false);

    private bool IsUser => Type == 1005 || Type is >= 1100 and <= 1199 || Type is >= 2100 and <= 2999;

    /// <summary>Null when the line is no record.</summary>
    internal static ReferenceParser? Parse(string line)
    {
        ReferenceParser r = new();
        if (line.EndsWith('\n')) line = line[..^1];
        if (line.StartsWith("node=", StringComparison.Ordinal))
        {
            int space = line.IndexOf(' ');
            if (space <= 5 || space - 5 > 1024) return null;
            r.Node = line[5..space];
            line = line[(space + 1)..];
        }
        if (!line.StartsWith("type=", StringComparison.Ordinal)) return null;
        int end = line.IndexOf(' ');
        if (end < 0) return null;
        r.TypeName = line[5..end];
        if (!ReadType(r)) return null;
        line = line[(end + 1)..];
        if (!line.StartsWith("msg=audit(", StringComparison.Ordinal)) return null;
        int close = line.IndexOf(')');
        if (close < 0 || !ReadId(line[10..close], r) || line.Length < close + 2 || line[close + 1] != ':') return null;
        line = line[(close + 2)..];
        if (line.StartsWith(' ')) line = line[1..];
        r.Split(line);
        foreach (ReferenceField field in r.Fields)
        {
            if (!r.IsUser || field.Name != "msg") continue;
            if (field.Form == ValueForm.Message) r.UserMessage = field.Value;
            break;
        }
        return r;
    }

    private static bool ReadType(ReferenceParser r)
    {
        string name = r.TypeName;
        if (RecordTypesByName.All.TryGetValue(name, out r.Type)) return true;
        if (name.StartsWith("UNKNOWN[", StringComparison.Ordinal) && name.EndsWith(']') && IsDigits(name[8..^1])
            && ulong.TryParse(name[8..^1], CultureInfo.InvariantCulture, out ulong number) && number is > 0 and < 65536)
        {
            r.Type = (int)number;
            return true;
        }
        return name.Length is > 0 and <= 64 && name.All(c => c is >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '[' or ']');
    }

    private static bool ReadId(string text, ReferenceParser r)
    {
        string[] parts = text.Split('.', ':');
        if (parts.Length != 3 || text.IndexOf('.') != parts[0].Length || text.IndexOf(':') != parts[0].Length + 4 || parts[1].Length != 3 || !parts.All(IsDigits)) return false;
        if (parts[0].Length > 12 || parts[2].Length > 12) return false;
        long seconds = long.Parse(parts[0], CultureInfo.InvariantCulture), serial = long.Parse(parts[2], CultureInfo.InvariantCulture);
        if (seconds > 253402300799 || serial > uint.MaxValue) return false;
        r.Id = new EventId(seconds, int.Parse(parts[1], CultureInfo.InvariantCulture), (uint)serial);
        return true;
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(c => c is >= '0' and <= '9');

    private void Split(string text)
    {
        int at = text.IndexOf('\x1D');
        if (IsUser && Type != 1124)
        {
            if (text.EndsWith('\'')) at = -1;
            else if (text.LastIndexOf("'\x1D", StringComparison.Ordinal) is >= 0 and int quote) at = quote + 1;
        }
        Body = at < 0 ? text : text[..at];
        Enrichment = at < 0 ? "" : text[(at + 1)..];
    }

    private static List<ReferenceField> ReadFields(string text, bool isUser)
    {
        List<ReferenceField> fields = [];
        int i = 0;
        while (true)
        {
            while (i < text.Length && text[i] == ' ') i++;
            if (i == text.Length) return fields;
            int start = i;
            while (i < text.Length && text[i] != ' ' && text[i] != '=') i++;
            if (i == text.Length || text[i] == ' ')
            {
                fields.Add(new ReferenceField("", text[start..i], ValueForm.Bare));
                continue;
            }
            string name = text[start..i++];
            char first = i < text.Length ? text[i] : ' ';
            string rest = i < text.Length ? text[(i + 1)..] : "";
            if (first == '"') fields.Add(Take(name, rest, rest.IndexOf('"'), ValueForm.Quoted, ref i));
            else if (first == '\'' && name == "msg") fields.Add(Take(name, rest, isUser ? rest.LastIndexOf('\'') : rest.IndexOf('\''), ValueForm.Message, ref i));
            else if (first == '{')
            {
                ReferenceField field = Take(name, rest, rest.LastIndexOf('}'), ValueForm.Braced, ref i);
                fields.Add(field with { Value = field.Value.Trim(' ') });
            }
            else
            {
                int end = i;
                while (end < text.Length && text[end] != ' ') end++;
                fields.Add(new ReferenceField(name, text[i..end], ValueForm.Bare));
                i = end;
            }
        }
    }

    private static ReferenceField Take(string name, string rest, int end, ValueForm form, ref int i)
    {
        i += end < 0 ? rest.Length + 1 : end + 2;
        return new ReferenceField(name, end < 0 ? rest : rest[..end], form);
    }
}

/// <summary>The names of record types the tables know, the other way round.</summary>
internal static class RecordTypesByName
{
    internal static readonly Dictionary<string, int> All = Build();

    private static Dictionary<string, int> Build()
    {
        Dictionary<string, int> all = [];
        for (int i = 1; i <= ushort.MaxValue; i++)
            if (RecordTypes.TryGetName((RecordType)i, out ReadOnlySpan<byte> name)) all.Add(System.Text.Encoding.Latin1.GetString(name), i);
        return all;
    }
}
