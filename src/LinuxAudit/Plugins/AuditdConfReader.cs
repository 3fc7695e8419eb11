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
        if (Size("space_left") is var (space, inPercent) && Size("admin_space_left") is var (admin, alsoInPercent) && inPercent == alsoInPercent && space <= admin)
            NotTogether("admin_space_left", $"space_left ({_values["space_left"]}) is not larger than admin_space_left ({_values["admin_space_left"]}), and auditd refuses the file", "a smaller admin_space_left");
        return new(_values, _programs);
    }

    private void NotTogether(string key, string message, string expected) => bag.Add(new(PluginDiagnostics.NotTogether, _seen[key], message) { Expected = expected });

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
                return word is not null;
            case ConfValueKind.Number:
                return IsNumber(value.Text, key.Least, key.Most) || Wrong(line, name, value, $"a number from {key.Least} to {key.Most}");
            case ConfValueKind.Size:
                return IsNumber(value.Text, 0, int.MaxValue) || (value.Text.EndsWith('%') && IsNumber(value.Text[..^1], 1, 99)) || Wrong(line, name, value, "a number of megabytes, or 1% to 99%");
            case ConfValueKind.Ports:
                string[] ports = value.Text.Split('-');
                return (ports.Length <= 2 && ports.All(p => IsNumber(p, 1, 65535)) && Number(ports[0]) <= Number(ports[^1])) || Wrong(line, name, value, "a port, or two such as 1024-65535");
            case ConfValueKind.Path:
                return IsPath(line, value);
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

    private static bool Wrong(PluginLine line, string name, PluginWord value, string expected)
    {
        line.Report(PluginDiagnostics.BadValue, value, $"{name}: {PluginLine.Show(value.Text)} is not valid", expected);
        return false;
    }

    private (long Value, bool InPercent)? Size(string key) =>
        _values.TryGetValue(key, out string? text) ? (Number(text.TrimEnd('%')), text.EndsWith('%')) : null;

    private static bool IsNumber(string text, long least, long most) => text.Length is > 0 and < 12 && text.All(char.IsAsciiDigit) && Number(text) >= least && Number(text) <= most;

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
