using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>AUD127: rules beside others, under a name that neither augenrules nor the agent reads.</summary>
internal static class StrayRules
{
    private const string Options = "aAdwWDbfeicr";

    /// <summary>Who gives a file such a name does not want it read.</summary>
    private static readonly string[] PutAside = ["~", ".bak", ".old", ".orig", ".save", ".disabled", ".off"];

    /// <summary>Whether rules are what this is, although its name does not say so: its first line that is no comment starts with an option.</summary>
    public static bool Is(string name, ReadOnlySpan<char> text)
    {
        if (name.StartsWith('.') || Array.Exists(PutAside, s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase))) return false;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            ReadOnlySpan<char> start = line.TrimStart(' ');
            if (!start.IsEmpty && start[0] != '#') return StartsRule(start);
        }

        return false;
    }

    /// <summary>Whether a line starts with an option that a line of rules starts with.</summary>
    public static bool StartsRule(ReadOnlySpan<char> line) =>
        line.Length >= 2 && line[0] == '-' && Options.Contains(line[1], StringComparison.Ordinal) && (line.Length == 2 || line[2] == ' ');

    /// <summary>The warning.</summary>
    public static Diagnostic Report(string name, SourceLocation at) =>
        new(InputDiagnostics.NotRead, at, $"{name} is not named *.rules: it is not read")
        {
            Fix = $"rename it to {(Path.GetExtension(name).ToLowerInvariant() is ".rule" or ".rules" or ".txt" ? Path.GetFileNameWithoutExtension(name) : name).Replace(".rules", "", StringComparison.OrdinalIgnoreCase)}.rules",
        };
}
