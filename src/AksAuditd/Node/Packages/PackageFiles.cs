namespace AksAuditd.Node.Packages;

/// <summary>Package files of the container, lent to the node while they are installed: its package manager cannot see the container.</summary>
internal sealed class PackageFiles : IDisposable
{
    private readonly string _copies;

    private PackageFiles(string copies, IReadOnlyList<string> paths)
    {
        _copies = copies;
        Paths = paths;
    }

    /// <summary>Where they are on the node.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Copies every package file of a directory.</summary>
    /// <param name="directory">In the container.</param>
    /// <param name="suffix">How their names end.</param>
    /// <param name="root">Where the container is.</param>
    /// <param name="stateDirectory">On the node; they are copied to a directory in it.</param>
    /// <exception cref="NodeException">There are none, or they cannot be copied.</exception>
    public static PackageFiles Copy(string directory, string suffix, NodeRoot root, string stateDirectory)
    {
        PackageFiles files = new($"{stateDirectory}/packages", []);
        try
        {
            using NodeDirectory from = NodeDirectory.Open(directory, root.Container);
            using NodeDirectory to = NodeDirectory.OpenOrCreate(files._copies);
            List<string> paths = [];
            foreach (NodeEntry entry in from.List().Where(e => e.Kind == EntryKind.Regular && e.Name.EndsWith(suffix, StringComparison.Ordinal)).OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                using FileStream content = from.OpenFile(entry.Name)!;
                to.Stage(entry.Name, content, 0x1a4);
                to.Commit(entry.Name);
                paths.Add($"{files._copies}/{entry.Name}");
            }

            return paths.Count > 0 ? new(files._copies, paths) : throw new NodeException(directory, $"has no *{suffix} file (--packages)");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose() => NodeDirectory.RemoveTree(_copies);
}
