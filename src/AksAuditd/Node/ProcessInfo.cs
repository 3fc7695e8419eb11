namespace AksAuditd.Node;

/// <summary>What /proc says of a process of the node; call it on the node thread.</summary>
internal static class ProcessInfo
{
    /// <summary>Its command name (15 bytes at most), or null when there is no such process or it has ended and waits to be reaped.</summary>
    public static string? Name(int pid)
    {
        try
        {
            // "123 (name with ) inside) S …": the name ends at the last parenthesis, the state follows.
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            int open = stat.IndexOf('('), close = stat.LastIndexOf(')');
            return stat[close + 2] is 'Z' or 'X' ? null : stat[(open + 1)..close];
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
