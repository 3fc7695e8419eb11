using AksAuditd.Events;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Check;

/// <summary>
/// Finds the rules and plugin files in Kubernetes YAML: the <c>.rules</c> and <c>.conf</c> entries of ConfigMaps, also inside Lists. Works on the
/// parser's events and follows an alias only to a text, so that neither nesting nor aliases cost more than the length of the file.
/// </summary>
internal sealed class ConfigMapReader
{
    private const string RenderFirst = "render the template first: helm template … | aks-auditd check -";
    private const int MaxDepth = 100;
    private const int MaxEntry = 1024 * 1024;

    private readonly TextFile _file;
    private readonly InputSet _set;
    private readonly string _text;
    private readonly TextIndex _index;

    private ConfigMapReader(TextFile file, InputSet set)
    {
        (_file, _set) = (file, set);
        _text = RuleText.FromBytes(file.Bytes);
        _index = new(_text);
    }

    /// <summary>Adds a group for each ConfigMap of <paramref name="file"/> that has something to check, and what is wrong with the YAML. Documents that name no such entry are passed over.</summary>
    public static void Read(TextFile file, InputSet set)
    {
        ConfigMapReader reader = new(file, set);
        int start = 0;
        while (start < reader._text.Length)
        {
            int end = YamlDocument.End(reader._text, start);
            reader.ReadDocument(start, end);
            start = end;
        }
    }

    private void ReadDocument(int start, int end)
    {
        ReadOnlySpan<char> text = _text.AsSpan(start, end - start);
        if (!text.Contains(".rules", StringComparison.Ordinal) && !text.Contains(".conf", StringComparison.Ordinal)) return;
        YamlDocument document = new(_text, start, end);
        try
        {
            if (!document.MoveToRoot()) return;
            if (document.Current is MappingStart) ReadObject(document, 0);
        }
        catch (YamlException e)
        {
            // The YAML parser's own words, which may have the place in front of them.
            string message = e.Message[(e.Message.LastIndexOf("): ", StringComparison.Ordinal) is >= 0 and int colon ? colon + 3 : 0)..];
            bool template = text.Contains("{{", StringComparison.Ordinal);
            int at = start + (int)e.Start.Index;
            // For a tab the parser names the start of the mapping it is in.
            if (message.Contains("tab", StringComparison.Ordinal) && _text.IndexOf("\n\t", at, end - at, StringComparison.Ordinal) is >= 0 and int tab) at = tab + 1;
            Report(InputDiagnostics.BadYaml, at, at, $"not valid YAML: {message.ReplaceLineEndings(" ")}",
                fix: template ? RenderFirst : null);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The YAML parser throws these for some texts that are not YAML.
            Report(InputDiagnostics.BadYaml, document.Position, document.Position, "not valid YAML");
        }
    }

    // On the start of a mapping; returns on the event after its end, or false when it gave up: the rest of the document is not looked at.
    private bool ReadObject(YamlDocument document, int depth)
    {
        string? kind = null;
        List<EntryNode> entries = [];
        document.Next();
        while (document.Current is not MappingEnd)
        {
            string? key = (document.Current as Scalar)?.Value;
            if (!Skip(document)) return false;
            switch (document.Current)
            {
                case Scalar scalar when key == "kind":
                    kind = scalar.Value;
                    document.Remember();
                    document.Next();
                    break;
                case MappingStart when key is "data" or "binaryData":
                    if (!ReadEntries(document, key == "binaryData", entries)) return false;
                    break;
                case SequenceStart when key == "items" && depth == 0:
                    document.Next();
                    while (document.Current is not SequenceEnd)
                    {
                        bool goesOn = document.Current is MappingStart ? ReadObject(document, depth + 1) : Skip(document);
                        if (!goesOn || document.IsAtEnd) return false;
                    }

                    document.Next();
                    break;
                default:
                    if (!Skip(document)) return false;
                    break;
            }
        }

        document.Next();
        if (kind == "ConfigMap") AddGroup(document, entries);
        return true;
    }

    private bool ReadEntries(YamlDocument document, bool isBinary, List<EntryNode> entries)
    {
        document.Next();
        while (document.Current is not MappingEnd)
        {
            Scalar? key = document.Current as Scalar;
            int keyStart = document.Position;
            if (!Skip(document)) return false;
            if (key is not null && (IsRead(key.Value) || (document.Resolve(out _) is { } text && StrayRules.Is(key.Value, text.Value))))
                entries.Add(new(key.Value, keyStart, document.Resolve(out int start), start, isBinary));
            if (!Skip(document)) return false;
        }

        document.Next();
        return true;
    }

    // Over the node that begins here; false, and reported, when it is too deep to be worth its while.
    private bool Skip(YamlDocument document)
    {
        int start = document.Position;
        if (document.Skip(MaxDepth)) return true;
        Report(InputDiagnostics.TooDeep, start, start, $"more than {MaxDepth} levels of nesting; the rest of the document is not looked at");
        return false;
    }

    private void AddGroup(YamlDocument document, List<EntryNode> entries)
    {
        InputGroup group = new();
        HashSet<string> keys = new(StringComparer.Ordinal);
        bool hasRules = entries.Exists(e => IsRules(e.Key));
        foreach (EntryNode stray in entries.Where(e => hasRules && !IsRead(e.Key)))
            _set.Diagnostics.Add(StrayRules.Report(stray.Key, _index.Locate(_file.Name, stray.KeyStart, stray.KeyStart + stray.Key.Length)));
        entries.RemoveAll(e => !IsRead(e.Key));
        // Other programs have an events.yaml too: ours stands beside a plugin file.
        if (!entries.Exists(e => IsConf(e.Key))) entries.RemoveAll(e => e.Key == EventsSettings.FileName);
        foreach (EntryNode entry in entries)
        {
            int keyEnd = entry.KeyStart + entry.Key.Length;
            if (!keys.Add(entry.Key))
                Report(InputDiagnostics.SecondEntry, entry.KeyStart, keyEnd, $"the ConfigMap has {entry.Key} already", fix: "give one of them another name");
            else if (entry.IsBinary)
                Report(InputDiagnostics.BinaryData, entry.KeyStart, keyEnd, $"{entry.Key} is under binaryData and is not looked into", fix: "put it under data");
            else if (entry.Value is not { } value || (value.Style == ScalarStyle.Plain && value.Value is "" or "~" or "null"))
                Report(InputDiagnostics.NotText, entry.KeyStart, keyEnd, $"{entry.Key} is not a text", "a text, such as a block that starts with |", _text.AsSpan(entry.Start).StartsWith("{{") ? RenderFirst : null);
            else if (value.Value.Length > MaxEntry)
                Report(InputDiagnostics.TooLarge, entry.KeyStart, keyEnd, $"{entry.Key} has more than 1 MiB", "a ConfigMap holds 1 MiB in all", "split the rules");
            else
                Add(group, entry.Key, value, entry.Start);
        }

        if (group.Inputs.Count > 0) _set.Groups.Add(group);
    }

    private void Add(InputGroup group, string key, Scalar value, int start)
    {
        byte[] bytes = RuleText.ToBytes(value.Value);
        InputKind kind = IsRules(key) ? InputKind.Rules : key == AuditdConf.FileName ? InputKind.Configuration
            : key == EventsSettings.FileName ? InputKind.Events : InputKind.Plugin;
        if (kind == InputKind.Plugin && !InputReader.LooksLikePlugin(bytes))
        {
            _set.LeftOut.Add($"{_file.Name}: {key}: not a plugin file");
            return;
        }

        if (value.Style == ScalarStyle.Folded) CheckFolded(kind, value.Value, start);
        EntryPlaces places = new(value.Value, ScalarMap.Create(_text, start, value), _index);
        group.Inputs.Add(new($"{_file.Name}/{key}", kind, bytes, _file, places));
    }

    // To fold one long rule is fair; to make one of several is not.
    private void CheckFolded(InputKind kind, string value, int start)
    {
        int first = _text.IndexOf('\n', start) + 1, indent = -1, lines = 0;
        bool startsAnother = false;
        for (int at = first; first > 0 && at < _text.Length;)
        {
            int end = _text.IndexOf('\n', at) is >= 0 and int found ? found : _text.Length;
            ReadOnlySpan<char> line = _text.AsSpan(at, end - at).TrimEnd('\r');
            at = end + 1;
            ReadOnlySpan<char> text = line.TrimStart(' ');
            if (text.IsEmpty) continue;
            if (indent < 0) indent = line.Length - text.Length;
            if (line.Length - text.Length < indent || indent == 0) break;
            startsAnother |= lines++ > 0 && (kind != InputKind.Rules || text[0] == '#' || StrayRules.StartsRule(text));
        }

        int kept = 0;
        foreach (ReadOnlySpan<char> line in value.AsSpan().EnumerateLines()) kept += line.Trim(' ').IsEmpty ? 0 : 1;
        if (!startsAnother || kept >= lines) return;
        int mark = Math.Max(start, _text.IndexOf('>', start));
        Report(InputDiagnostics.Folded, mark, mark + 1, "the text begins with >, which joins its lines to one", fix: "write | for >");
    }

    private static bool IsRead(string key) => IsRules(key) || IsConf(key) || key == EventsSettings.FileName;

    private static bool IsRules(string key) => key.EndsWith(".rules", StringComparison.Ordinal) && !key.StartsWith('.');

    private static bool IsConf(string key) => key.EndsWith(".conf", StringComparison.Ordinal) && !key.StartsWith('.');

    private void Report(DiagnosticKind kind, int start, int end, string message, string? expected = null, string? fix = null) =>
        _set.Diagnostics.Add(new(kind, _index.Locate(_file.Name, start, end), message) { Expected = expected, Fix = fix });

    /// <summary>An entry as it stands in the YAML.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="KeyStart">Where the key starts.</param>
    /// <param name="Value">Its text; null when it is something else.</param>
    /// <param name="Start">Where the text starts.</param>
    /// <param name="IsBinary">Whether it stands under binaryData.</param>
    private sealed record EntryNode(string Key, int KeyStart, Scalar? Value, int Start, bool IsBinary);
}
