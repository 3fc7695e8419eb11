using System.Globalization;

namespace AksAuditd.Node;

/// <summary>What /proc says of the node's processes.</summary>
internal static class ProcessInfo
{
    /// <summary>A process's command name (15 bytes at most), or null when there is none or it has ended and waits to be reaped.</summary>
    public static string? Name(int pid) => Stat(pid) is { State: not ('Z' or 'X') } stat ? stat.Name : null;

    /// <summary>The children of a process, with the words each was started with: its program first, or, of a script, its interpreter before it.</summary>
    public static IEnumerable<(int Pid, string[] Words)> Children(int parent)
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) continue;
            if (Stat(pid) is not { State: not ('Z' or 'X') } stat || stat.Parent != parent) continue;
            if (ReadText($"/proc/{pid}/cmdline") is { } commandLine) yield return (pid, commandLine.Split('\0'));
        }
    }

    /// <summary>The program files that processes run, as far as they may be seen.</summary>
    public static IEnumerable<string> Programs()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out _)) continue;
            string? target = null;
            try
            {
                target = new FileInfo($"{directory}/exe").LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended, or is a thread of the kernel.
            }

            if (target is not null) yield return target;
        }
    }

    private static (string Name, char State, int Parent)? Stat(int pid)
    {
        // "123 (name with ) inside) S 1 …": the name ends at the last parenthesis.
        if (ReadText($"/proc/{pid}/stat") is not { } stat) return null;
        int open = stat.IndexOf('('), close = stat.LastIndexOf(')');
        string[] rest = stat[(close + 2)..].Split(' ', 3);
        return (stat[(open + 1)..close], rest[0][0], int.Parse(rest[1], CultureInfo.InvariantCulture));
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
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
