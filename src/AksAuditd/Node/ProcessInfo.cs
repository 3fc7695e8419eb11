using System.Globalization;

namespace AksAuditd.Node;

/// <summary>
/// What /proc says of the node's processes. A process that may not be looked at is an error (<see cref="NodeException"/>) and not one that is gone; what
/// is looked up at each poll is in <c>/proc/PID/status</c> and <c>cmdline</c>, which need no right to trace the process (ptrace(2)). <c>/proc/PID/stat</c> asks for that
/// right, and AppArmor writes a denial to the audit log although the file can be read.
/// </summary>
internal static class ProcessInfo
{
    // PF_KTHREAD (include/linux/sched.h).
    private const uint KernelThread = 0x00200000;

    /// <summary>A process's command name (15 bytes at most), or null when there is none or it has ended and waits to be reaped.</summary>
    public static string? Name(int pid) => Status(pid)?.Name;

    /// <summary>The names of all processes, threads of the kernel among them.</summary>
    public static IEnumerable<string> Names() => Pids().Select(Name).OfType<string>();

    /// <summary>The children of a process, with the words each was started with: its program first, or, of a script, its interpreter before it.</summary>
    public static IEnumerable<(int Pid, string[] Words)> Children(int parent)
    {
        foreach (int pid in Pids())
        {
            if (Status(pid)?.Parent != parent) continue;
            if (ReadText($"/proc/{pid}/cmdline") is { } commandLine) yield return (pid, commandLine.Split('\0'));
        }
    }

    /// <summary>When a process started, in hundredths of a second after the boot; null when there is none or it has ended and waits to be reaped.</summary>
    public static long? StartTicks(int pid) => Stat(pid) is { State: not ('Z' or 'X') } stat ? stat.StartTicks : null;

    /// <summary>When each process started; threads of the kernel are none.</summary>
    public static IEnumerable<ProcessStart> Started()
    {
        foreach (int pid in Pids())
            if (Stat(pid) is { State: not ('Z' or 'X'), IsKernels: false } stat) yield return new(pid, stat.Name, stat.StartTicks);
    }

    /// <summary>The program files that processes run, as far as they may be seen.</summary>
    public static IEnumerable<string> Programs()
    {
        foreach (int pid in Pids())
        {
            string? target = null;
            try
            {
                target = new FileInfo($"/proc/{pid}/exe").LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended, or is a thread of the kernel.
            }

            if (target is not null) yield return target;
        }
    }

    // None where the node's root has no /proc.
    private static IEnumerable<int> Pids()
    {
        if (!Directory.Exists("/proc")) yield break;
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) yield return pid;
    }

    // proc(5), /proc/pid/status: null when there is none or it has ended and waits to be reaped.
    private static (string Name, int Parent)? Status(int pid)
    {
        if (ReadText($"/proc/{pid}/status") is not { } status) return null;
        string name = "";
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Name:\t")) name = line[6..].ToString();
            else if (line.StartsWith("State:\t") && line[7] is 'Z' or 'X') return null;
            else if (line.StartsWith("PPid:\t")) return (name, int.Parse(line[6..], CultureInfo.InvariantCulture));
        }

        return null;
    }

    // proc(5), /proc/pid/stat.
    private static ProcessStat? Stat(int pid)
    {
        // "123 (name with ) inside) S 1 …": the name ends at the last parenthesis.
        if (ReadText($"/proc/{pid}/stat") is not { } stat) return null;
        int open = stat.IndexOf('('), close = stat.LastIndexOf(')');
        string[] rest = stat[(close + 2)..].Split(' ', 21);
        return new(stat[(open + 1)..close], rest[0][0],
            (uint.Parse(rest[6], CultureInfo.InvariantCulture) & KernelThread) != 0, long.Parse(rest[19], CultureInfo.InvariantCulture));
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // ENOENT, or ESRCH when it ended while it was read.
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, path, "read");
        }
    }

    private readonly record struct ProcessStat(string Name, char State, bool IsKernels, long StartTicks);
}

/// <summary>A process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Name">Its command name, 15 bytes at most.</param>
/// <param name="Ticks">When it started, in hundredths of a second after the boot.</param>
internal readonly record struct ProcessStart(int Pid, string Name, long Ticks);
