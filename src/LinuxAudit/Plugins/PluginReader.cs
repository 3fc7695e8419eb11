using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>The state of reading one plugin file: values so far, and where each stands.</summary>
internal sealed class PluginReader(string file, DiagnosticBag bag)
{
    private const int MaxArguments = 2;
    private const string BuiltinProgram = "/sbin/audisp-af_unix";

    private static readonly string[] Keys = ["active", "direction", "path", "type", "args", "format"];

    private readonly Dictionary<string, SourceLocation> _seen = new(StringComparer.Ordinal);
    private SourceLocation _activeAt;
    private bool _active;
    private bool _pathIsWrong;
    private string? _path;
    private string _arguments = "";

    /// <summary>auditd starts no plugin whose file name has a second dot.</summary>
    public void CheckName()
    {
        string name = Path.GetFileName(file);
        if (name.IndexOf('.', StringComparison.Ordinal) == name.LastIndexOf('.')) return;
        bag.Add(new(PluginDiagnostics.BackupName, new(file, 1, 1, 0), $"auditd takes {Show(name)} for a backup copy and passes over it")
        {
            Expected = "a name with one dot",
            Fix = $"call it {Show(Path.GetFileNameWithoutExtension(name).Replace('.', '-') + ".conf")}",
        });
    }

    public void ReadLine(PluginLine line)
    {
        PluginWord key = line.Words[0];
        string name = key.Text.ToLowerInvariant();
        if (!Keys.Contains(name))
        {
            line.Report(PluginDiagnostics.UnknownKey, key, $"there is no key {Show(key.Text)}", string.Join(", ", Keys), Suggestion.For(name, Keys));
            return;
        }

        if (_seen.TryGetValue(name, out SourceLocation first))
            line.Report(PluginDiagnostics.SecondKey, key, $"{name} was given at {first} already; this one counts", related: first);
        _seen[name] = line.Locate(key);
        PluginWord[] values = [.. line.Words.Skip(2)];
        if (values.Length == 0)
        {
            line.Report(PluginDiagnostics.MissingValue, line.End, $"{name} has no value, and auditd refuses the file",
                name == "args" ? "one or two arguments" : null, name == "args" ? "leave the line out" : null);
            return;
        }

        int most = name == "args" ? MaxArguments : 1;
        if (values.Length > most)
        {
            line.Report(PluginDiagnostics.TooManyValues, values[most], $"{name} has {values.Length} values",
                most == 1 ? "one value" : "two arguments at the most (before auditd 4)", most == 1 ? null : "let the program read a file of its own");
            return;
        }

        ReadValues(line, name, values);
    }

    public PluginFile Finish()
    {
        if (_active && _path is null && !_pathIsWrong)
            bag.Add(new(PluginDiagnostics.NoPath, _activeAt, "the plugin is active and names no program") { Expected = "a line such as \"path = /sbin/audisp-syslog\"" });
        return new(_active, _path, _arguments);
    }

    private static string Show(string text) => PluginLine.Show(text);

    private void ReadValues(PluginLine line, string name, PluginWord[] values)
    {
        switch (name)
        {
            case "active":
                _active = line.OneOf(name, values[0], ["yes", "no"]) == "yes";
                _activeAt = line.Locate(values[0]);
                break;
            case "direction":
                line.OneOf(name, values[0], ["out"]);
                break;
            case "type" when line.OneOf(name, values[0], ["always", "builtin"]) == "builtin":
                line.Report(PluginDiagnostics.Obsolete, values[0], "auditd has no builtin plugins any more and takes this for always", "always", "write \"type = always\"");
                break;
            case "format":
                line.OneOf(name, values[0], ["string", "binary"]);
                break;
            case "args":
                _arguments = string.Join(' ', values.Select(v => v.Text));
                break;
            case "path":
                _path = ReadPath(line, values[0]);
                _pathIsWrong = _path is null;
                break;
        }
    }

    private static string? ReadPath(PluginLine line, PluginWord value)
    {
        string path = value.Text;
        if (path.StartsWith("builtin_", StringComparison.OrdinalIgnoreCase))
        {
            line.Report(PluginDiagnostics.Obsolete, value, $"auditd takes {Show(path)} for {BuiltinProgram}", "the path of a program", $"write \"path = {BuiltinProgram}\"");
            return BuiltinProgram;
        }

        string? wrong = path[0] != '/' || path.Split('/').Contains("..") ? "an absolute path without '..' is expected"
            : path.EndsWith('/') ? "it ends with a slash, and a program is expected"
            : path.LastIndexOf('/') < 4 ? "auditd refuses a program in a directory whose name is shorter than /bin"
            : null;
        if (wrong is null) return path;
        line.Report(PluginDiagnostics.BadPath, value, $"{Show(path)}: {wrong}", "a path such as /sbin/audisp-syslog");
        return null;
    }
}
