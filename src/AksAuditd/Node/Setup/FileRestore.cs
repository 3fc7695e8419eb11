namespace AksAuditd.Node.Setup;

/// <summary>Gives directories back as a snapshot has them. Touches files that were ours or that are gone, and no others.</summary>
internal static class FileRestore
{
    // What auditd's own tools make of the rules files.
    private static readonly string[] Generated = ["/etc/audit/audit.rules", "/etc/audit/audit.rules.prev"];

    /// <summary>Restores.</summary>
    /// <param name="directories">What there was.</param>
    /// <param name="owned">Paths of the files that the agent put on the node, or replaced.</param>
    /// <returns>What was done, one line a file.</returns>
    public static IReadOnlyList<string> Apply(IReadOnlyList<DirectorySnapshot> directories, IReadOnlyCollection<string> owned)
    {
        List<string> done = [];
        foreach (DirectorySnapshot was in directories.Where(d => Directory.Exists(d.Path)))
        {
            using NodeDirectory directory = NodeDirectory.Open(was.Path);
            directory.Sweep();
            foreach (FileSnapshot file in was.Files)
            {
                NodeEntry? now = directory.Stat(file.Name);
                if (now is not null && (IsSame(directory, now, file) || !IsOurs(file.Name))) continue;
                directory.Stage(file.Name, file.Content, file.Mode, file.Uid, file.Gid);
                directory.Commit(file.Name);
                done.Add($"restored {was.Path}/{file.Name}");
            }

            foreach (NodeEntry entry in directory.List().Where(e => e.Kind == EntryKind.Regular && IsOurs(e.Name) && !was.Files.Any(f => f.Name == e.Name)))
            {
                directory.Delete(entry);
                done.Add($"removed {was.Path}/{entry.Name}");
            }

            directory.Sync();

            bool IsOurs(string name) => owned.Contains($"{was.Path}/{name}") || Generated.Contains($"{was.Path}/{name}");
        }

        return done;
    }

    /// <summary>Of the files that the agent put on the node, those that are there and in none of these directories: <see cref="Apply"/> leaves them.</summary>
    public static IEnumerable<string> Unrecorded(IReadOnlyList<DirectorySnapshot> directories, IReadOnlyCollection<string> owned) =>
        owned.Where(path => File.Exists(path) && !directories.Any(d => d.Path == Path.GetDirectoryName(path)));

    private static bool IsSame(NodeDirectory directory, NodeEntry now, FileSnapshot was) =>
        now.Kind == EntryKind.Regular && now.Mode == was.Mode && now.Uid == was.Uid && now.Gid == was.Gid && now.Size == was.Content.Length
        && directory.Read(now.Name, was.Content.Length) is { } content && content.AsSpan().SequenceEqual(was.Content);
}
