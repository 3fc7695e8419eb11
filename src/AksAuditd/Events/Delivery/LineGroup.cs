namespace AksAuditd.Events.Delivery;

/// <summary>
/// An event of several lines, which the queue, the spool and the accounts take as one: each line has a newline behind it, the last one too. What has no newline at
/// its end is one line, and none is searched for inside.
/// </summary>
internal static class LineGroup
{
    /// <summary>Whether it is a group.</summary>
    public static bool IsGroup(ReadOnlySpan<byte> line) => line is [.., (byte)'\n'];

    /// <summary>How many lines it has: 1 when it is no group.</summary>
    public static int Count(ReadOnlySpan<byte> line) => IsGroup(line) ? line.Count((byte)'\n') : 1;

    /// <summary>Whether no line of it is longer than <paramref name="maximum"/> bytes, its newline aside.</summary>
    public static bool Fits(ReadOnlySpan<byte> line, int maximum)
    {
        if (line.Length <= maximum) return true;
        if (!IsGroup(line)) return false;
        while (TryTake(ref line, out ReadOnlySpan<byte> one))
        {
            if (one.Length > maximum) return false;
        }

        return true;
    }

    /// <summary>Takes the first line of a group off it; false when there is none left.</summary>
    /// <param name="rest">A group, or what is left of one.</param>
    /// <param name="line">Without its newline.</param>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        int end = rest.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end];
        rest = rest[(end + 1)..];
        return end >= 0;
    }
}
