using System.Globalization;
using LinuxAudit.Rules;

namespace AksAuditd.Node;

/// <summary>
/// The node's users, groups and paths, for rules that name them. Reads /etc/passwd and /etc/group itself: name services would load the node's
/// libraries into this process. Each file is read once an instance.
/// </summary>
internal sealed class NodeResolver : IIdentityResolver, IPathResolver
{
    private Dictionary<string, uint>? _users;
    private Dictionary<string, uint>? _groups;

    public uint? FindUser(string name) => Find(_users ??= Load("/etc/passwd"), name);

    public uint? FindGroup(string name) => Find(_groups ??= Load("/etc/group"), name);

    public PathKind Find(string path)
    {
        try
        {
            return NodePath.Find(path) switch { null => PathKind.Missing, EntryKind.Directory => PathKind.Directory, _ => PathKind.File };
        }
        catch (NodeException)
        {
            // A denial does not mean that the path is missing. The kernel gets the rule, and its errno is reported with the rule.
            return PathKind.File;
        }
    }

    private static uint? Find(Dictionary<string, uint> ids, string name) => ids.TryGetValue(name, out uint id) ? id : null;

    private static Dictionary<string, uint> Load(string file)
    {
        Dictionary<string, uint> ids = new(StringComparer.Ordinal);
        foreach (string line in Lines(file))
        {
            string[] fields = line.Split(':', 4);
            if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint id)) ids.TryAdd(fields[0], id);
        }

        return ids;
    }

    private static IEnumerable<string> Lines(string file)
    {
        if (!NodePath.IsFile(file)) return [];
        try
        {
            return File.ReadAllLines(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, file, "read");
        }
    }
}
