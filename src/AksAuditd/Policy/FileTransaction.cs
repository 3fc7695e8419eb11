using AksAuditd.Node;

namespace AksAuditd.Policy;

/// <summary>
/// The changes of a <see cref="SyncPlan"/> as one step that happens or does not. Every new content is staged beside its target and synced before
/// anything is changed, so that a full or read-only disk is met while the node is untouched; then the renames, the removals, and the directories
/// are synced. A failure in between puts back what was there.
/// </summary>
internal sealed class FileTransaction : IDisposable
{
    private readonly SyncPlan _plan;
    private readonly Dictionary<FileSet, NodeDirectory> _directories = [];
    private readonly List<FileChange> _staged = [];

    private FileTransaction(SyncPlan plan) => _plan = plan;

    /// <summary>Stages everything.</summary>
    /// <exception cref="NodeException">It cannot be written; nothing has changed.</exception>
    public static FileTransaction Stage(SyncPlan plan)
    {
        FileTransaction transaction = new(plan);
        try
        {
            foreach (FileSet set in plan.Changes.Select(c => c.Set).Distinct()) transaction._directories.Add(set, set.OpenTarget());
            foreach (FileChange change in plan.Changes.Where(c => c.Desired is not null)) transaction.Stage(change, change.Desired!.Content, change.Set.Mode);
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    /// <summary>Puts back what was there before a plan that has been committed.</summary>
    /// <returns>What could not be done, one line; null when all was.</returns>
    public static string? Revert(SyncPlan plan)
    {
        try
        {
            using FileTransaction transaction = new(plan);
            foreach (FileSet set in plan.Changes.Select(c => c.Set).Distinct()) transaction._directories.Add(set, set.OpenTarget());
            NodeException? failure = transaction.PutBack([.. plan.Changes]);
            foreach (NodeDirectory directory in transaction._directories.Values) directory.Sync();
            return failure?.Message;
        }
        catch (NodeException e)
        {
            return e.Message;
        }
    }

    /// <summary>Puts everything in place.</summary>
    /// <exception cref="NodeException">It could not be done; the message says so too when what was there could not be put back either.</exception>
    public void Commit()
    {
        List<FileChange> done = [];
        try
        {
            foreach (FileChange change in _staged.ToArray())
            {
                done.Add(change);
                _directories[change.Set].Commit(change.Name);
                _staged.Remove(change);
            }

            foreach (FileChange change in _plan.Changes.Where(c => c.Kind == FileChangeKind.Deleted))
            {
                done.Add(change);
                _directories[change.Set].Delete(change.Present!);
            }

            foreach (NodeDirectory directory in _directories.Values) directory.Sync();
        }
        catch (NodeException e)
        {
            throw PutBack(done) is { } also ? new NodeException(e.Path, $"{e.Message}; and what was there could not be put back: {also.Message}") : e;
        }
    }

    /// <summary>Forgets what is staged and not committed.</summary>
    public void Dispose()
    {
        foreach (FileChange change in _staged) _directories[change.Set].Discard(change.Name);
        foreach (NodeDirectory directory in _directories.Values) directory.Dispose();
        _directories.Clear();
        _staged.Clear();
    }

    private void Stage(FileChange change, byte[] content, uint mode)
    {
        _directories[change.Set].Stage(change.Name, content, mode);
        _staged.Add(change);
    }

    private NodeException? PutBack(List<FileChange> done)
    {
        NodeException? failure = null;
        foreach (FileChange change in done)
        {
            try
            {
                NodeDirectory directory = _directories[change.Set];
                if (change.PresentContent is { } content)
                {
                    directory.Stage(change.Name, content, change.Present!.Mode);
                    directory.Commit(change.Name);
                }
                else if (change.Kind == FileChangeKind.New && directory.Stat(change.Name) is { } entry)
                {
                    directory.Delete(entry);
                }
            }
            catch (NodeException e)
            {
                failure ??= e;
            }
        }

        return failure;
    }
}
