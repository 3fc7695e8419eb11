using AksAuditd.Node;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>Says at once that something changed in a source, by inotify. A source that cannot be watched (yet) is left to the poll.</summary>
internal sealed class SourceWatcher(IReadOnlyList<FileSet> sets, NodeRoot root, Action changed, ILogger log) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher> _watchers = [];
    private readonly HashSet<string> _said = [];

    /// <summary>Watches every source that is there and is not watched yet; cheap to call at every poll.</summary>
    public void Refresh()
    {
        foreach (string source in sets.Select(s => root.FromContainer(s.Source)))
        {
            if (_watchers.TryGetValue(source, out FileSystemWatcher? watcher))
            {
                if (watcher.EnableRaisingEvents && Directory.Exists(source)) continue;
                watcher.Dispose();
                _watchers.Remove(source);
            }

            if (Directory.Exists(source)) Watch(source);
        }
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers.Values) watcher.Dispose();
    }

    private void Watch(string source)
    {
        try
        {
            FileSystemWatcher watcher = new(source)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(source, watcher);
            _said.Remove(source);
        }
        catch (IOException e)
        {
            // Out of inotify instances or watches: the poll still sees every change.
            if (_said.Add(source)) log.LogWarning("{Source}: cannot be watched, changes are seen at each poll: {Reason}", source, e.Message);
        }
    }
}
