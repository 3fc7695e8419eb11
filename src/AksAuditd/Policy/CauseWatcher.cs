using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Says at once that what a part of the policy lacks on this node may have come: a directory that is made, a user that is added. Watches, by inotify, only
/// while something is left out. What cannot be watched, and what comes by a mount, is left to the poll.
/// </summary>
internal sealed class CauseWatcher(Action changed, ILogger log) : IDisposable
{
    private readonly Dictionary<(string Directory, string Name), FileSystemWatcher> _watchers = [];
    private readonly HashSet<string> _said = [];

    /// <summary>Watches for these and no others; cheap when they are the same as before.</summary>
    /// <param name="missing">Paths on the node: of what is not there, or of what has to change (/etc/passwd).</param>
    public void Watch(IEnumerable<string> missing)
    {
        HashSet<(string, string)> wanted = [.. missing.Select(Nearest).OfType<(string, string)>()];
        foreach ((string Directory, string Name) gone in _watchers.Keys.Except(wanted).ToArray())
        {
            _watchers[gone].Dispose();
            _watchers.Remove(gone);
        }

        foreach ((string directory, string name) in wanted.Except(_watchers.Keys).ToArray()) Add(directory, name);
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers.Values) watcher.Dispose();
    }

    /// <summary>Where a path's appearance, or that of its first missing directory, shows: the nearest directory that is there, and the name to wait for in it.</summary>
    public static (string Directory, string Name)? Nearest(string path)
    {
        string name = path;
        for (string? directory = Path.GetDirectoryName(path); directory is not null; (name, directory) = (directory, Path.GetDirectoryName(directory)))
            if (Directory.Exists(directory)) return (directory, Path.GetFileName(name));
        return null;
    }

    private void Add(string directory, string name)
    {
        try
        {
            FileSystemWatcher watcher = new(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite };
            watcher.Created += Tell;
            watcher.Changed += Tell;
            watcher.Renamed += Tell;
            watcher.Error += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            _watchers.Add((directory, name), watcher);

            // It may have come between the look that missed it and this.
            changed();
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            if (_said.Add(directory)) log.LogWarning("{Directory}: cannot be watched; what is left out is tried again at each poll: {Reason}", directory, e.Message);
        }

        void Tell(object sender, FileSystemEventArgs e)
        {
            if (e.Name == name) changed();
        }
    }
}
