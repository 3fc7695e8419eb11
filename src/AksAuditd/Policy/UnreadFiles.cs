namespace AksAuditd.Policy;

/// <summary>
/// Files that were put in place for auditd and that it may not have read: the agent was stopped or killed in between, or auditd did not answer. They are noted before they
/// are put in place, so that whoever comes next has auditd read them although it finds them as they should be.
/// </summary>
internal static class UnreadFiles
{
    /// <summary>Those that a plan adds to the ones before, by path.</summary>
    public static IReadOnlyList<string> After(IReadOnlyList<string> unread, PolicyPlan plan) =>
        [.. unread.Union(plan.Files.Changes.Where(c => IsRead(c.Set)).Select(c => c.Path))];

    /// <summary>What an earlier pass left, as changes; of what was there before nothing is known.</summary>
    /// <param name="unread">By path.</param>
    /// <param name="plan">What it changes itself, and what it holds, is not among them.</param>
    /// <param name="restored">auditd.conf as it was before ours, for a policy that has none.</param>
    public static IReadOnlyList<FileChange> Changes(IReadOnlyList<string> unread, PolicyPlan plan, PolicyFile? restored)
    {
        List<FileChange> changes = [];
        foreach (string path in unread.Except(plan.Files.Changes.Select(c => c.Path)).Except(plan.Held))
        {
            (string? directory, string name) = (Path.GetDirectoryName(path), Path.GetFileName(path));
            if (plan.Policy.Sources.FirstOrDefault(s => IsRead(s.Set) && s.Set.Target == directory && s.Set.Owns(name)) is not { } source) continue;
            PolicyFile? file = source.Files.FirstOrDefault(f => f.Name == name) ?? (source.Set.Name == FileSet.Auditd ? restored : null);
            if (file is not null) changes.Add(new(source.Set, name, FileChangeKind.Changed, file));
            else if (source.Set.Name != FileSet.Auditd) changes.Add(new(source.Set, name, FileChangeKind.Deleted, null));
        }

        return changes;
    }

    private static bool IsRead(FileSet set) => set.Name is FileSet.Plugins or FileSet.Events or FileSet.Auditd;
}
