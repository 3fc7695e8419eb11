namespace LinuxAudit.Records;

/// <summary>Absolute paths as records name them, in letters only: what links do is not known, and no file is looked at.</summary>
public static class PathText
{
    /// <summary>
    /// True when an absolute path has no <c>.</c>, no <c>..</c>, no double slash and none at its end: <see cref="Normalize"/> would leave it as it is. False for a name
    /// that begins with a dot too.
    /// </summary>
    public static bool IsNormal(ReadOnlySpan<byte> path) =>
        path.IndexOf("/."u8) < 0 && path.IndexOf("//"u8) < 0 && (path.Length == 1 || path[^1] != '/');

    /// <summary>Takes <c>.</c>, <c>..</c> and superfluous slashes out of a path.</summary>
    /// <param name="path">The path; it is taken for an absolute one.</param>
    /// <param name="destination">At least <c>path.Length + 1</c> bytes.</param>
    /// <returns>How many bytes were written; at least 1.</returns>
    public static int Normalize(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        foreach (Range part in path.Split((byte)'/')) Append(path[part], destination, ref length);
        if (length == 0) destination[length++] = (byte)'/';
        return length;
    }

    /// <summary>Goes one part further: into a directory, out of one, or nowhere. True when a name was appended.</summary>
    internal static bool Append(ReadOnlySpan<byte> part, Span<byte> destination, ref int length)
    {
        if (part.IsEmpty || part.SequenceEqual("."u8)) return false;
        if (part.SequenceEqual(".."u8))
        {
            length = Math.Max(0, destination[..length].LastIndexOf((byte)'/'));
            return false;
        }
        destination[length++] = (byte)'/';
        part.CopyTo(destination[length..]);
        length += part.Length;
        return true;
    }
}
