namespace AksAuditd.Node.Setup;

/// <summary>
/// auditd's logs while its package is removed. They are evidence, and Debian's package deletes their directory when it is purged; it is purged because
/// only so nothing of its configuration stays. Every step may be done twice, after a crash between them too.
/// </summary>
/// <param name="directory">Where they are: the one that the package deletes.</param>
internal sealed class AuditLogs(string directory = "/var/log/audit")
{
    private readonly string _aside = $"{directory}.kept-by-aks-auditd";

    /// <summary>Where they are.</summary>
    public string Directory => directory;

    /// <summary>Renames the directory.</summary>
    /// <returns>Why that cannot be; null when nothing of the logs can be deleted now.</returns>
    public string? PutAside()
    {
        if (!System.IO.Directory.Exists(directory)) return null;
        if (Path.Exists(_aside)) return $"cannot be put aside: {_aside} is there";
        try
        {
            System.IO.Directory.Move(directory, _aside);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be put aside: {NodeException.From(e, directory, "rename").Message}";
        }
    }

    /// <summary>Gives it its name back.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="NodeException">It cannot be renamed; the logs are beside it.</exception>
    public bool PutBack()
    {
        if (!System.IO.Directory.Exists(_aside)) return false;
        try
        {
            System.IO.Directory.Move(_aside, directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(directory, $"cannot be given its name back: {NodeException.From(e, _aside, "rename").Message}; the audit logs are in {_aside}");
        }
    }
}
