using System.IO.Enumeration;

namespace AksAuditd.Node.Syslog;

/// <summary>Configuration files of the node's services, for reading.</summary>
internal static class ConfigFiles
{
    // rsyslog and journald have a few kilobytes.
    private const int MaxFile = 1024 * 1024;

    /// <summary>The text of a file; empty when it is gone or larger than a configuration is.</summary>
    /// <exception cref="NodeException">It may not be read.</exception>
    public static string Read(string path) => System.Text.Encoding.UTF8.GetString(ReadBytes(path));

    /// <summary>The same as bytes.</summary>
    /// <exception cref="NodeException">It may not be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxFile } ? File.ReadAllBytes(path) : [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, path, "read");
        }
        catch (IOException)
        {
            // It went away meanwhile.
            return [];
        }
    }

    /// <summary>The files that a pattern names, in the order of their names: a path whose last part may have <c>*</c> and <c>?</c>.</summary>
    /// <exception cref="NodeException">The directory may not be read.</exception>
    public static IReadOnlyList<string> Matching(string pattern)
    {
        string directory = Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : "/", name = Path.GetFileName(pattern);
        if (name.AsSpan().IndexOfAny('*', '?') < 0) return [pattern];
        if (!NodePath.IsDirectory(directory)) return [];
        try
        {
            return [.. Directory.EnumerateFiles(directory).Where(f => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(f), ignoreCase: false)).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, directory, "list");
        }
        catch (IOException)
        {
            return [];
        }
    }
}
