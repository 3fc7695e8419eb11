using System.Globalization;
using AksAuditd.Configuration;
using AksAuditd.Node;
using LinuxAudit.Interop;

namespace AksAuditd.Policy;

/// <summary>What happens to one file of the node.</summary>
internal enum FileChangeKind { New, Changed, Mode, Deleted }

/// <summary>One change of one file.</summary>
/// <param name="Set">The set it belongs to.</param>
/// <param name="Name">The file.</param>
/// <param name="Kind">New, changed content, only mode or owner changed, or to be deleted.</param>
/// <param name="Desired">The new content; null for <see cref="FileChangeKind.Deleted"/>.</param>
/// <param name="Present">What the node has; null for <see cref="FileChangeKind.New"/>.</param>
/// <param name="PresentContent">Its content; null when there is none, or when it is not a file that could be ours.</param>
internal sealed record FileChange(
    FileSet Set, string Name, FileChangeKind Kind, PolicyFile? Desired, NodeEntry? Present = null, byte[]? PresentContent = null)
{
    /// <summary>Where it is on the node, as a log may have it.</summary>
    public string Path => $"{Set.Target}/{ConfigMapVolume.Printable(Name)}";

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Path}";

    /// <summary>One line for a log, where it undoes what somebody did.</summary>
    public string AsRepair() => Kind == FileChangeKind.Deleted ? $"removed {Path}" : $"put back {Path}";
}

/// <summary>A file of the node that is not the policy's.</summary>
internal sealed record ForeignFile(FileSet Set, PolicyFile File);

/// <summary>The difference between a policy's files and the node's, by sha256, mode and owner.</summary>
/// <param name="Changes">In the order of sets, then names.</param>
/// <param name="Foreign">Files of the node that are not the policy's and stay (<see cref="SyncMode.Overlay"/>), with their content.</param>
/// <param name="Problems">Why it must not be carried out; empty when it may.</param>
internal sealed record SyncPlan(IReadOnlyList<FileChange> Changes, IReadOnlyList<ForeignFile> Foreign, IReadOnlyList<string> Problems)
{
    /// <summary>Compares; writes nothing.</summary>
    /// <param name="owned">The files that we put there earlier; what <see cref="SyncMode.Overlay"/> may remove.</param>
    /// <param name="restored">auditd.conf as it was before ours, for a policy that has none; null: what is there stays.</param>
    public static SyncPlan Create(DesiredPolicy policy, SyncMode sync, IReadOnlySet<string> owned, PolicyFile? restored = null)
    {
        List<FileChange> changes = [];
        List<ForeignFile> foreign = [];
        List<string> problems = [];
        foreach (SourceVersion source in policy.Sources)
        {
            try
            {
                SourceVersion wanted = source.Set.Name == FileSet.Auditd && source.Files.Count == 0 && restored is not null ? source with { Files = [restored] } : source;
                if (wanted.Set.Name != FileSet.Auditd || wanted.Files.Count > 0) Compare(wanted, sync, owned, changes, foreign, problems);
            }
            catch (NodeException e) when (e.Errno == Errno.ENOENT && source.Set.Name == FileSet.Events)
            {
                // Our own directory, which is not made before there is something to keep.
                changes.AddRange(source.Files.Select(f => new FileChange(source.Set, f.Name, FileChangeKind.New, f)));
            }
            catch (NodeException e)
            {
                problems.Add(e.Message);
            }
        }

        return new(changes, foreign, problems);
    }

    private static void Compare(
        SourceVersion source, SyncMode sync, IReadOnlySet<string> owned,
        List<FileChange> changes, List<ForeignFile> foreign, List<string> problems)
    {
        FileSet set = source.Set;
        List<(NodeEntry Entry, byte[]? Content)> present = Scan(set);
        Dictionary<string, (NodeEntry Entry, byte[]? Content)> byName = present.ToDictionary(p => p.Entry.Name, StringComparer.Ordinal);

        foreach (PolicyFile file in source.Files)
        {
            if (!byName.TryGetValue(file.Name, out (NodeEntry Entry, byte[]? Content) there))
                changes.Add(new(set, file.Name, FileChangeKind.New, file));
            else if (there.Entry.Kind != EntryKind.Regular)
                problems.Add($"{set.Target}/{file.Name}: refused: {ConfigMapVolume.Describe(there.Entry.Kind)}; remove it and the file is put in its place");
            else if (there.Content is null || !Same(there.Content, file))
                changes.Add(new(set, file.Name, FileChangeKind.Changed, file, there.Entry, there.Content));
            else if (there.Entry.Mode != set.Mode || there.Entry.Uid != 0 || there.Entry.Gid != 0)
                changes.Add(new(set, file.Name, FileChangeKind.Mode, file, there.Entry, there.Content));
        }

        HashSet<string> desired = [.. source.Files.Select(f => f.Name)];
        foreach ((NodeEntry entry, byte[]? content) in present.Where(p => !desired.Contains(p.Entry.Name)).OrderBy(p => p.Entry.Name, StringComparer.Ordinal))
        {
            if (sync == SyncMode.Overlay && !owned.Contains($"{set.Target}/{entry.Name}"))
            {
                if (content is not null) foreign.Add(new(set, new(entry.Name, FileSet.Normalize(content), "")));
                continue;
            }

            if (entry.Kind == EntryKind.Directory)
                problems.Add($"{set.Target}/{ConfigMapVolume.Printable(entry.Name)}: refused: it is a directory where only files belong; remove it");
            else
                changes.Add(new(set, entry.Name, FileChangeKind.Deleted, null, entry, content));
        }
    }

    private static bool Same(byte[] content, PolicyFile file) =>
        Sha256.Hex(content) == file.Sha256;

    // A file that cannot be ours because of its size is only compared by name: it will be replaced or removed.
    private static List<(NodeEntry Entry, byte[]? Content)> Scan(FileSet set)
    {
        using NodeDirectory? directory = OpenIfAny(set);
        if (directory is null) return [];
        return directory.List().FindAll(e => set.Owns(e.Name))
            .ConvertAll(e => (e, e.Kind == EntryKind.Regular && e.Size <= FileSet.MaximumFileSize ? directory.Read(e.Name, FileSet.MaximumFileSize) : null));
    }

    private static NodeDirectory? OpenIfAny(FileSet set)
    {
        try
        {
            return NodeDirectory.Open(set.Target);
        }
        catch (NodeException e) when (set.IsOurs && e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>One line for a log: <c>1 new, 2 changed</c>.</summary>
    public string Summary() => string.Join(", ", Changes.GroupBy(c => c.Kind)
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")));
}
