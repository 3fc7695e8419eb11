using System.Collections.Immutable;
using AksAuditd.Configuration;
using AksAuditd.Node;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace AksAuditd.Policy;

/// <summary>
/// Checks plugin files, auditd.conf and events.yaml before they touch the node: auditd runs what they name as root, so a program has to be on the allow-list, be there, and belong
/// to root alone. A file that is wrong refuses the policy; a program that only this node lacks leaves that file out.
/// </summary>
internal static class PluginCheck
{
    private const uint WritableByOthers = 0x12; // 0022

    /// <summary>Checks every plugin file, auditd.conf and events.yaml of <paramref name="policy"/>.</summary>
    /// <returns>The policy without the files that are left out, what was left out, and why the policy must be refused.</returns>
    public static (DesiredPolicy Policy, IReadOnlyList<Skipped> Skipped, IReadOnlyList<string> Problems) Check(
        DesiredPolicy policy, Settings settings)
    {
        List<Skipped> skipped = [];
        List<string> problems = [];
        SourceVersion[] sources =
        [
            .. policy.Sources.Select(source => source.Set.Name switch
            {
                FileSet.Plugins => Check(source, settings, skipped, problems),
                FileSet.Auditd => AuditdConfCheck.Check(source, settings, skipped, problems),
                FileSet.Events => EventsFileCheck.Check(source, settings.Mode, problems),
                _ => source,
            }),
        ];
        return (policy with { Sources = sources }, skipped, problems);
    }

    private static SourceVersion Check(SourceVersion source, Settings settings, List<Skipped> skipped, List<string> problems)
    {
        List<PolicyFile> usable = [];
        foreach (PolicyFile file in source.Files)
        {
            PluginFile plugin = PluginParser.Parse(file.Name, file.Content, out ImmutableArray<Diagnostic> found);
            string[] wrong = [.. found.Where(d => d.IsSourceError).Select(DesiredRules.Line)];
            problems.AddRange(wrong);
            if (wrong.Length > 0) continue;
            if (plugin is { Active: true, Path: { } path })
            {
                if (!settings.AllowedPlugins.Allows(path))
                {
                    problems.Add($"{file.Name}: {path} is not an allowed plugin; allowed: {settings.AllowedPlugins} (allowedPlugins, AA_ALLOWED_PLUGINS)");
                    continue;
                }

                if (Lacks(path) is { } reason)
                {
                    skipped.Add(new(file.Name, "", reason, path));
                    continue;
                }
            }

            usable.Add(file);
        }

        return source with { Files = usable };
    }

    /// <summary>Why auditd could not run a program on this node; null when it could.</summary>
    public static string? Lacks(string path)
    {
        try
        {
            if (NodePath.Find(path) is null) return $"{path} is not on this node";
            // The last component may be a link, as /sbin is on merged systems; what counts is what auditd would run.
            string real = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            if (!NodePath.IsFile(real)) return $"{path} is not on this node";
            NodeEntry entry = NodeDirectory.StatPath(real);
            return entry.Kind != EntryKind.Regular ? $"{path} is not a regular file"
                : entry.Uid != 0 ? $"{path} belongs to user {entry.Uid} and not to root"
                : (entry.Mode & WritableByOthers) != 0 ? $"{path} can be written by others (mode {Convert.ToString(entry.Mode, 8)})"
                : (entry.Mode & 0x168) != 0x168 ? $"{path} has mode {Convert.ToString(entry.Mode, 8)}; auditd wants 0550 at least"
                : null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
