using System.Globalization;
using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>The state of reading auditd.conf: values so far, and where each stands.</summary>
internal sealed class AuditdConfReader(DiagnosticBag bag)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceLocation> _seen = new(StringComparer.Ordinal);

    public void ReadLine(PluginLine line)
    {
        PluginWord word = line.Words[0];
        string name = word.Text.ToLowerInvariant();
        if (!AuditdConfKeys.All.TryGetValue(name, out ConfKey? key))
        {
            line.Report(PluginDiagnostics.UnknownKey, word, $"there is no key {PluginLine.Show(word.Text)}, and auditd refuses the file", "a key of auditd.conf(5)",
                Suggestion.For(name, AuditdConfKeys.All.Keys));
            return;
        }

        if (_seen.TryGetValue(name, out SourceLocation first))
            line.Report(PluginDiagnostics.SecondKey, word, $"{name} was given at {first} already; this one counts", related: first);
        _seen[name] = line.Locate(word);
        if (key.IsNewer) line.Report(PluginDiagnostics.NewerKey, word, $"auditd 3.0 does not know {name} and refuses the file", fix: "leave the line out while the cluster has nodes with auditd 3.0");

        if (line.Words.Count == 2)
        {
            line.Report(PluginDiagnostics.MissingValue, line.End, $"{name} has no value, and auditd refuses the file", fix: "leave the line out");
            return;
        }

        PluginWord value = line.Words[2];
        _programs.Remove(name);
        bool executes = key.Words?.Contains(AuditdConfKeys.Execute) == true && value.Text.Equals(AuditdConfKeys.Execute, StringComparison.OrdinalIgnoreCase);
        int most = executes ? 4 : 3;
        if (line.Words.Count > most)
        {
            line.Report(PluginDiagnostics.TooManyValues, line.Words[most], $"{name} has {line.Words.Count - 2} values, and auditd refuses the file", executes ? "exec and a program, without arguments" : "one value");
            return;
        }

        if (executes && !ReadProgram(line, name)) return;
        if (IsValid(line, name, key, value)) _values[name] = value.Text;
    }

    public AuditdConf Finish()
    {
        if (_values.TryGetValue("name_format", out string? format) && format.Equals("user", StringComparison.OrdinalIgnoreCase) && !_values.ContainsKey("name"))
            NotTogether("name_format", "name_format is user, and no name is given: auditd does not start", "a line such as \"name = node1\"");
        if (_seen.Count > 0) CheckTogether();
        return new(_values, _programs);
    }

    // What auditd 3.0.9 looks at when it has read all lines of a file that has any. A number that is not given is 0 then.
    private void CheckTogether()
    {
        if (NumberOf("space_left") is { } space && NumberOf("admin_space_left") is { } admin && space <= admin)
            NotTogether(_seen.ContainsKey("admin_space_left") ? "admin_space_left" : "space_left",
                $"space_left ({Given("space_left")}) is not larger than admin_space_left ({Given("admin_space_left")}), and auditd refuses the file", "a space_left larger than admin_space_left");
        if (_values.TryGetValue("flush", out string? flush) && flush.StartsWith("incremental", StringComparison.OrdinalIgnoreCase) && NumberOf("freq") == 0)
            NotTogether("flush", $"flush is {flush} and freq ({Given("freq")}) is 0: auditd refuses the file", "a line such as \"freq = 50\"");
        if (_values.TryGetValue("log_group", out string? group) && group != "root" && group.Trim('0').Length > 0 && _values.TryGetValue("log_file", out string? log) && DirectoryOf(log) == "/var/log")
            NotTogether("log_group", $"log_group is {group} and log_file is in /var/log itself, and auditd refuses the file: it would give /var/log to the group", "log_group = root, or a log_file in a directory of its own");
    }

    private void NotTogether(string key, string message, string expected) =>
        bag.Add(new(PluginDiagnostics.NotTogether, _seen.TryGetValue(key, out SourceLocation place) ? place : _seen.Values.First() with { Line = 1, Column = 1, Length = 0 }, message) { Expected = expected });

    private string Given(string key) => _values.GetValueOrDefault(key, "not given");

    private bool ReadProgram(PluginLine line, string name)
    {
        if (line.Words.Count == 3)
        {
            line.Report(PluginDiagnostics.MissingValue, line.End, "exec without a program, and auditd refuses the file", "exec and the path of a program");
            return false;
        }

        if (!IsPath(line, line.Words[3])) return false;
        _programs[name] = line.Words[3].Text;
        return true;
    }

    private static bool IsValid(PluginLine line, string name, ConfKey key, PluginWord value)
    {
        switch (key.Kind)
        {
            case ConfValueKind.Word:
                string? word = line.OneOf(name, value, key.Words!);
                if (word == "nolog") line.Report(PluginDiagnostics.Obsolete, value, "log_format = nolog is an old way to say write_logs = no", "raw or enriched", "write \"write_logs = no\"");
                if (name == "log_format" && word == "raw")
                    line.Report(PluginDiagnostics.CutsRecords, value, "auditd 4.2 and 4.2.1 cut the last 16 bytes off each event that a plugin gets with this format (audit-userspace issue 544)", "enriched, while the cluster has nodes with these versions");
                return word is not null;
            case ConfValueKind.Number:
                return IsNumber(value.Text, key.Least, key.Most) || Wrong(line, name, value, $"a number from {key.Least} to {key.Most}");
            case ConfValueKind.Size:
                return IsNumber(value.Text, 0, int.MaxValue) || (value.Text.EndsWith('%') && IsNumber(value.Text[..^1], 1, 99)) || Wrong(line, name, value, "a number of megabytes, or 1% to 99%");
            case ConfValueKind.Ports:
                string[] ports = value.Text.Split('-');
                return (ports.Length <= 2 && ports.All(p => IsNumber(p, 1, 65535)) && Number(ports[0]) <= Number(ports[^1])) || Wrong(line, name, value, "a port, or two such as 1024-65535");
            case ConfValueKind.Path:
                return IsPath(line, value) && (name != "log_file" || HasDirectory(line, value));
            case ConfValueKind.Ignored:
                line.Report(PluginDiagnostics.Obsolete, line.Words[0], $"auditd has no use for {name} any more", fix: "leave the line out");
                return true;
            default:
                return name != "action_mail_acct" || !value.Text.Contains('@') || value.Text[value.Text.IndexOf('@')..].Contains('.') || Wrong(line, name, value, "a user, or an address whose domain has a dot");
        }
    }

    private static bool IsPath(PluginLine line, PluginWord value)
    {
        string path = value.Text;
        if (path[0] == '/' && !path.Split('/').Contains("..")) return true;
        line.Report(PluginDiagnostics.BadPath, value, $"{PluginLine.Show(path)}: an absolute path without '..' is expected", "an absolute path");
        return false;
    }

    private static bool HasDirectory(PluginLine line, PluginWord value)
    {
        string directory = DirectoryOf(value.Text);
        if (directory.Length >= 4) return true;
        line.Report(PluginDiagnostics.BadPath, value, $"log_file: auditd takes no directory whose path is as short as {PluginLine.Show(directory)}, and refuses the file", "a file such as /var/log/audit/audit.log");
        return false;
    }

    // As dirname(3) has it.
    private static string DirectoryOf(string path)
    {
        string file = path.TrimEnd('/');
        string directory = file[..Math.Max(0, file.LastIndexOf('/'))].TrimEnd('/');
        return directory.Length == 0 ? "/" : directory;
    }

    private static bool Wrong(PluginLine line, string name, PluginWord value, string expected)
    {
        line.Report(PluginDiagnostics.BadValue, value, $"{name}: {PluginLine.Show(value.Text)} is not valid", expected);
        return false;
    }

    // 0 when the key is not given; null for a percentage, which auditd compares with nothing, and for a value with a mistake.
    private long? NumberOf(string key) =>
        !_values.TryGetValue(key, out string? text) ? (_seen.ContainsKey(key) ? null : 0) : text.EndsWith('%') ? null : Number(text);

    private static bool IsNumber(string text, long least, long most) => text.Length is > 0 and < 12 && text.All(char.IsAsciiDigit) && Number(text) >= least && Number(text) <= most;

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
