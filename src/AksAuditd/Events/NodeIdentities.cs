using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>The node's users and groups, read again when its files have changed.</summary>
internal sealed class NodeIdentities : IIdentityNames
{
    private const int MaxFile = 16 * 1024 * 1024;
    private readonly string _passwd, _group;
    private IdentityTable _table = IdentityTable.Empty;
    private (DateTime, DateTime) _read;

    /// <param name="root">The node's root directory; empty when it is this process's.</param>
    public NodeIdentities(string root)
    {
        (_passwd, _group) = ($"{root}/etc/passwd", $"{root}/etc/group");
        Refresh();
    }

    /// <summary>Reads them if they have changed.</summary>
    /// <returns>True when names may be others than before.</returns>
    public bool Refresh()
    {
        (DateTime, DateTime) now = (File.GetLastWriteTimeUtc(_passwd), File.GetLastWriteTimeUtc(_group));
        if (now == _read) return false;
        _read = now;
        _table = IdentityTable.Parse(Read(_passwd), Read(_group));
        return true;
    }

    public bool TryGetUser(uint uid, out ReadOnlySpan<byte> name) => _table.TryGetUser(uid, out name);

    public bool TryGetGroup(uint gid, out ReadOnlySpan<byte> name) => _table.TryGetGroup(gid, out name);

    // Without the file there are numbers only.
    private static byte[] Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxFile } ? File.ReadAllBytes(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
