using AksAuditd.Node;

namespace AksAuditd.Policy;

/// <summary>
/// Carries out a <see cref="SyncPlan"/> on the node: every new content is staged and synced in every directory first, so that a full or
/// read-only disk is met before anything was changed; then the renames, then the removals, then the directories are synced.
/// </summary>
internal static class SyncExecutor
{
    /// <summary>Runs on the node thread. On <see cref="NodeException"/> while staging the node is as it was.</summary>
    public static void Execute(SyncPlan plan)
    {
        Dictionary<FileSet, NodeDirectory> directories = [];
        List<FileChange> staged = [];
        try
        {
            foreach (FileSet set in plan.Changes.Select(c => c.Set).Distinct()) directories.Add(set, NodeDirectory.Open(set.Target));
            foreach (FileChange change in plan.Changes.Where(c => c.Desired is not null))
            {
                directories[change.Set].Stage(change.Name, change.Desired!.Content, change.Set.Mode);
                staged.Add(change);
            }

            foreach (FileChange change in staged.ToArray())
            {
                directories[change.Set].Commit(change.Name);
                staged.Remove(change);
            }

            foreach (FileChange change in plan.Changes.Where(c => c.Kind == FileChangeKind.Deleted))
                directories[change.Set].Delete(change.Present!);
            foreach (NodeDirectory directory in directories.Values) directory.Sync();
        }
        finally
        {
            foreach (FileChange change in staged) directories[change.Set].Discard(change.Name);
            foreach (NodeDirectory directory in directories.Values) directory.Dispose();
        }
    }
}
