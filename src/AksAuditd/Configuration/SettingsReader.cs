using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AksAuditd.Configuration;

/// <summary>Merges defaults, the configuration file and the environment, in that order, and collects everything that is wrong.</summary>
internal static class SettingsReader
{
    private const string Prefix = "AA_";

    /// <summary>Reads the configuration of this process.</summary>
    /// <param name="environment">The environment's variables; an empty value counts as not set.</param>
    /// <param name="errors">One line each: where it stands, the key, the value, what is valid. Empty when all is well.</param>
    /// <returns>The settings; with errors, the settings without what is wrong.</returns>
    public static Settings Read(IReadOnlyDictionary<string, string> environment, out IReadOnlyList<string> errors)
    {
        List<string> problems = [];
        Settings settings = new();
        foreach (SettingRow row in SettingTable.Rows.Where(r => r.Default is not null))
            settings = row.Apply(settings, row.Default!) ?? throw new InvalidOperationException($"the default of {row.Key} is not valid");

        settings = ApplyFile(settings, environment, problems);
        settings = ApplyEnvironment(settings, environment, problems);
        if (settings.LogAnalyticsWorkspaceId is { } workspace)
            settings = settings with { OmsDirectory = settings.OmsDirectory.Replace("{workspaceId}", workspace, StringComparison.Ordinal) };
        errors = problems;
        return settings;
    }

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    private static Settings ApplyEnvironment(Settings settings, IReadOnlyDictionary<string, string> environment, List<string> problems)
    {
        foreach ((string name, string value) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (value.Length == 0) continue;
            SettingRow? row = SettingTable.Rows.FirstOrDefault(r => r.Environment == name);
            if (row is not null)
                settings = Apply(row, settings, value, $"environment variable {name}", problems);
            else if (name.StartsWith(Prefix, StringComparison.Ordinal) && name != SettingTable.FileVariable)
                problems.Add($"environment variable {name}: unknown key; {ConfigText.Known(name, SettingTable.Rows.Select(r => r.Environment))}");
        }

        return settings;
    }

    private static Settings ApplyFile(Settings settings, IReadOnlyDictionary<string, string> environment, List<string> problems)
    {
        string? named = environment.TryGetValue(SettingTable.FileVariable, out string? name) && name.Length > 0 ? name : null;
        string path = named ?? SettingTable.DefaultFile;
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && named is null)
        {
            return settings;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: {e.Message}");
            return settings;
        }

        if (!YamlTree.TryRead(text, out YamlNode? root, out Mark at, out string error)) problems.Add($"{ConfigText.At(path, at)}: {error}");
        else if (root is YamlMappingNode map) return ApplyMap(settings, map, path, problems);
        else if (root is not null) problems.Add($"{ConfigText.At(path, root.Start)}: a mapping of keys to values is expected, such as 'pollInterval: 30s'");
        return settings;
    }

    private static Settings ApplyMap(Settings settings, YamlMappingNode map, string path, List<string> problems)
    {
        foreach ((YamlNode keyNode, YamlNode valueNode) in map.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? keyNode.ToString();
            SettingRow? row = SettingTable.Rows.FirstOrDefault(r => r.Key == key);
            if (row is null)
                problems.Add($"{ConfigText.At(path, keyNode.Start)}: unknown key '{ConfigText.OneLine(key)}'; {ConfigText.Known(key, SettingTable.Rows.Select(r => r.Key))}");
            else if (valueNode is not YamlScalarNode scalar)
                problems.Add($"{ConfigText.At(path, valueNode.Start)}: {key}: a single value is expected; valid: {row.Valid}");
            else
                settings = Apply(row, settings, scalar.Value ?? "", ConfigText.At(path, scalar.Start), problems);
        }

        return settings;
    }

    private static Settings Apply(SettingRow row, Settings settings, string value, string origin, List<string> problems)
    {
        if (row.Apply(settings, value) is { } applied) return applied;
        string reason = row.Key == "pollInterval" && !GoDuration.TryParse(value, out _, out string error) ? $" ({error})" : "";
        problems.Add($"{origin}: {row.Key}: '{ConfigText.OneLine(value)}' is not valid{reason}; valid: {row.Valid}");
        return settings;
    }
}
