using LinuxAudit.Matching;

namespace AksAuditd.Node;

/// <summary>The directories of this node that are links to others, where programs and configuration are: <c>/bin</c>, <c>/lib64</c>, <c>/var/run</c>.</summary>
internal static class NodeLinks
{
    /// <summary>Looks them up.</summary>
    public static PathLinks Read()
    {
        List<KeyValuePair<string, string>> links = [];
        foreach (string directory in (string[])["/", "/usr", "/var"])
        {
            if (!Directory.Exists(directory)) continue;
            foreach (DirectoryInfo entry in new DirectoryInfo(directory).EnumerateDirectories())
                if (entry.LinkTarget is { } target) links.Add(new(entry.FullName, Path.GetFullPath(target, directory)));
        }

        return new(links);
    }
}
