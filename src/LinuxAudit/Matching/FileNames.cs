namespace LinuxAudit.Matching;

/// <summary>
/// The paths that files were seen under, so that a file which is used by descriptor, or by a link, is known by its inode. Bounded: when it is full it starts
/// anew.
/// </summary>
internal sealed class FileNames
{
    internal const int MaxFiles = 65_536;

    private readonly Dictionary<(uint Device, ulong Inode), byte[]> _paths = [];

    /// <summary>The path a file was seen under first; empty when it was not.</summary>
    public ReadOnlySpan<byte> Find(uint device, ulong inode) => _paths.TryGetValue((device, inode), out byte[]? path) ? path : default;

    /// <summary>A file was seen under a path.</summary>
    /// <param name="device">Its file system.</param>
    /// <param name="inode">Its inode.</param>
    /// <param name="path">The path.</param>
    /// <param name="isNew">True when it was made at that moment, so that an older file's path is not its own.</param>
    public void Saw(uint device, ulong inode, ReadOnlySpan<byte> path, bool isNew)
    {
        if (!isNew && _paths.ContainsKey((device, inode))) return;
        if (_paths.Count >= MaxFiles) _paths.Clear();
        _paths[(device, inode)] = path.ToArray();
    }

    /// <summary>A name of a file is gone; its inode may be another file's soon.</summary>
    public void Forget(uint device, ulong inode, ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual(Find(device, inode))) _paths.Remove((device, inode));
    }
}
