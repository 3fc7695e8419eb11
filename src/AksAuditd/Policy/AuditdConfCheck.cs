using System.Collections.Immutable;
using AksAuditd.Configuration;
using AksAuditd.Node;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace AksAuditd.Policy;

/// <summary>
/// Checks auditd.conf before it touches the node, where a mistake costs more than anywhere else: an auditd that was told to read a file that it refuses takes
/// over no later one, and does not start with it. A mistake refuses the policy; what only this node lacks leaves the file out.
/// </summary>
internal static class AuditdConfCheck
{
    /// <summary>Checks the file of <paramref name="source"/>.</summary>
    /// <returns>The source, without the file when it is left out.</returns>
    public static SourceVersion Check(SourceVersion source, Settings settings, List<Skipped> skipped, List<string> problems)
    {
        if (source.Files is not [var file]) return source;
        AuditdConf conf = AuditdConfParser.Parse(file.Name, file.Content, out ImmutableArray<Diagnostic> found);
        string[] wrong = [.. found.Where(d => d.IsSourceError).Select(DesiredRules.Line), .. Disagreements(file.Name, conf, settings)];
        problems.AddRange(wrong);
        if (wrong.Length > 0 || Lacks(conf) is not { } reason) return source;
        skipped.Add(new(file.Name, "", reason, [.. conf.Programs.Values, "/etc/group", conf.Get("log_file") ?? "/"]));
        return source with { Files = [] };
    }

    // auditd runs them as root, as it does plugins; and it has to look for its plugins where we put them.
    private static IEnumerable<string> Disagreements(string name, AuditdConf conf, Settings settings)
    {
        foreach ((string key, string program) in conf.Programs)
        {
            if (!settings.AllowedPlugins.Allows(program))
                yield return $"{name}: {key}: {program} is not an allowed program; allowed: {settings.AllowedPlugins} (allowedPlugins, AA_ALLOWED_PLUGINS)";
        }

        if (conf.Get("plugin_dir") is { } directory && directory.TrimEnd('/') != settings.PluginsDirectory.TrimEnd('/'))
            yield return $"{name}: plugin_dir is {directory}, and the plugin files go to {settings.PluginsDirectory} (pluginsDirectory, AA_PLUGINS_DIR)";
    }

    private static string? Lacks(AuditdConf conf)
    {
        if (conf.Programs.Values.Select(PluginCheck.Lacks).FirstOrDefault(r => r is not null) is { } reason) return reason;
        if (conf.Get("log_group") is { } group && !group.All(char.IsAsciiDigit) && new NodeResolver().FindGroup(group) is null) return $"log_group: this node has no group {group}";
        return conf.Get("log_file") is { } log && Path.GetDirectoryName(log) is { } directory && !NodePath.IsDirectory(directory) ? $"log_file: this node has no directory {directory}" : null;
    }
}
