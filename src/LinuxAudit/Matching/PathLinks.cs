using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>
/// Directories that are symbolic links to others, such as <c>/bin</c> to <c>/usr/bin</c>: the kernel compares files, a log has the names that programs
/// used. Immutable.
/// </summary>
public sealed class PathLinks
{
    private readonly (byte[] Link, byte[] Target)[] _links;

    /// <summary>Of absolute paths: a link, and the directory that it stands for.</summary>
    public PathLinks(params IEnumerable<KeyValuePair<string, string>> links) =>
        _links = [.. links.Select(l => (RuleText.ToBytes(l.Key), RuleText.ToBytes(l.Value)))];

    /// <summary>No links.</summary>
    public static PathLinks None { get; } = new();

    /// <summary>
    /// Writes a path as an absolute one without <c>.</c>, <c>..</c>, double slashes and links. Text alone is looked at, no file.
    /// </summary>
    /// <param name="directory">What a relative path starts from; itself absolute.</param>
    /// <param name="path">The path.</param>
    /// <param name="destination">At least <c>directory.Length + path.Length + 2</c> bytes, and what the links make longer.</param>
    /// <returns>How many bytes were written; at least 1.</returns>
    internal int Write(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        if (!path.StartsWith("/"u8)) Append(directory, destination, ref length);
        Append(path, destination, ref length);
        if (length == 0) destination[length++] = (byte)'/';
        return length;
    }

    /// <summary>By how much links make a path longer at the most.</summary>
    internal int Growth
    {
        get
        {
            int most = 0;
            foreach ((byte[] link, byte[] target) in _links) most = Math.Max(most, target.Length - link.Length);
            return most * 4;
        }
    }

    private void Append(ReadOnlySpan<byte> path, Span<byte> destination, ref int length)
    {
        // The last part of a path may be a link that is meant itself, but a directory's name seldom is.
        foreach (Range part in path.Split((byte)'/'))
            if (PathText.Append(path[part], destination, ref length)) Follow(destination, ref length);
    }

    private void Follow(Span<byte> destination, ref int length)
    {
        foreach ((byte[] link, byte[] target) in _links)
        {
            if (!destination[..length].SequenceEqual(link)) continue;
            target.CopyTo(destination);
            length = target.Length;
            return;
        }
    }
}
