using AksAuditd.Node;

namespace AksAuditd.Policy;

/// <summary>What auditd has written to its log since a moment.</summary>
internal static class LogTail
{
    /// <summary>Where distributions have auditd log to.</summary>
    public const string AuditLog = "/var/log/audit/audit.log";

    // What was written before is old news, and a flood must not be read whole.
    private const long MostBytes = 4 * 1024 * 1024;

    /// <summary>The length of a log now; 0 when there is none.</summary>
    public static long Length(string log)
    {
        // One look: auditd may rename it between two.
        FileInfo file = new(log);
        return file.Exists ? file.Length : 0;
    }

    /// <summary>What follows <paramref name="from"/>, the last 4 MiB at the most; the whole log when it has become shorter, because a new one was begun.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="NodeException">It may not be read.</exception>
    public static byte[]? Read(string log, long from) => Read(log, from, out _);

    /// <summary>The whole lines among that, none when it cannot be read; <paramref name="from"/> is then behind them.</summary>
    public static ReadOnlySpan<byte> ReadLines(string log, ref long from)
    {
        if (Read(log, from, out long end) is not { } tail) return [];
        int whole = tail.AsSpan().LastIndexOf((byte)'\n') + 1;
        from = end - (tail.Length - whole);
        return tail.AsSpan(0, whole);
    }

    private static byte[]? Read(string log, long from, out long end)
    {
        end = from;
        try
        {
            using FileStream file = new(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Max(file.Length < from ? 0 : from, file.Length - MostBytes);
            byte[] tail = new byte[file.Length - file.Position];
            file.ReadExactly(tail);
            end = file.Position;
            return tail;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, log, "read");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
