using System.Text;

namespace AksAuditd.Policy;

/// <summary>One plugin file of auditd, as <c>auditd-plugins(5)</c> describes it.</summary>
/// <param name="Active">Whether auditd starts it.</param>
/// <param name="Path">Its program; null when the file names none.</param>
/// <param name="Arguments">Its arguments as written.</param>
internal sealed record PluginFile(bool Active, string? Path, string Arguments)
{
    private static readonly Dictionary<string, string[]?> Keys = new(StringComparer.Ordinal)
    {
        ["active"] = ["yes", "no"],
        ["direction"] = ["out", "in"],
        ["path"] = null,
        ["type"] = ["always", "builtin"],
        ["args"] = null,
        ["format"] = ["string", "binary"],
    };

    /// <summary>Reads a file.</summary>
    /// <param name="problems">Every line that auditd would refuse, as <c>file:line: reason</c>.</param>
    public static PluginFile Parse(PolicyFile file, out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        string[] lines = Encoding.UTF8.GetString(file.Content).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (ParseLine(line, values) is { } problem) found.Add($"{file.Name}:{i + 1}: {problem}");
        }

        if (values.GetValueOrDefault("active") == "yes" && !values.ContainsKey("path")) found.Add($"{file.Name}:1: it is active and names no path");
        problems = found;
        return new(values.GetValueOrDefault("active") == "yes", values.GetValueOrDefault("path"), values.GetValueOrDefault("args", ""));
    }

    private static string? ParseLine(string line, Dictionary<string, string> values)
    {
        int equals = line.IndexOf('=');
        if (equals < 0) return $"'{ConfigMapVolume.Printable(line)}' has no '='; 'key = value' is expected";
        string key = line[..equals].Trim(), value = line[(equals + 1)..].Trim();
        if (!Keys.TryGetValue(key, out string[]? valid)) return $"unknown key '{ConfigMapVolume.Printable(key)}'; valid: {string.Join(", ", Keys.Keys)}";
        if (value.Length == 0) return key == "args" ? null : $"{key} has no value";
        if (valid is not null && !valid.Contains(value)) return $"{key}: '{ConfigMapVolume.Printable(value)}' is not valid; valid: {string.Join(" or ", valid)}";
        if (key == "path" && (value[0] != '/' || value.Split('/').Contains(".."))) return "path: an absolute path without '..' is expected";
        if (key == "args" && value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > 2) return "args: auditd gives a plugin two arguments at the most";
        values[key] = value;
        return null;
    }

    /// <summary>The same file, but not active: what auditd has to see for a moment before it starts a plugin with other arguments.</summary>
    public static byte[] Deactivated(byte[] content)
    {
        IEnumerable<string> lines = Encoding.UTF8.GetString(content).Split('\n')
            .Select(l => l.TrimStart().StartsWith("active", StringComparison.Ordinal) && l.Contains('=') ? "active = no" : l);
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
