using System.Runtime.InteropServices;
using AksAuditd.Node.Interop;

namespace AksAuditd.Node;

/// <summary>
/// A daemon started by us that may outlive us: a session of its own, no standard input, output to a file. The framework's Process class
/// can do neither.
/// </summary>
internal static class ChildProcess
{
    // sizeof(posix_spawn_file_actions_t) is 80 and sizeof(posix_spawnattr_t) 336 on 64-bit glibc.
    private const int OpaqueSize = 512;

    /// <summary>Starts <paramref name="path"/>.</summary>
    /// <param name="argv">Arguments, the name first.</param>
    /// <param name="output">The file for both its output streams; it is emptied first.</param>
    /// <returns>Its process id.</returns>
    public static int Start(string path, string[] argv, string output)
    {
        Span<byte> actions = stackalloc byte[OpaqueSize];
        Span<byte> attributes = stackalloc byte[OpaqueSize];
        Check(path, ProcessCalls.SpawnActionsInit(actions));
        Check(path, ProcessCalls.SpawnAttributesInit(attributes));
        nint[] arguments = Strings(argv);
        nint[] environment = Strings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C"]);
        try
        {
            const int Create = FileCalls.OpenCreate | FileCalls.OpenWriteOnly | 0x200 /* O_TRUNC */;
            Check(path, ProcessCalls.SpawnActionsAddOpen(actions, 0, "/dev/null", FileCalls.OpenReadOnly, 0));
            Check(path, ProcessCalls.SpawnActionsAddOpen(actions, 1, output, Create | FileCalls.OpenNoFollow, 0x180));
            Check(path, ProcessCalls.SpawnActionsAddOpen(actions, 2, output, FileCalls.OpenWriteOnly | FileCalls.OpenNoFollow | 0x400 /* O_APPEND */, 0));
            Check(path, ProcessCalls.SpawnAttributesSetFlags(attributes, ProcessCalls.SpawnSetSid));
            Check(path, ProcessCalls.Spawn(out int pid, path, actions, attributes, arguments, environment));
            return pid;
        }
        finally
        {
            ProcessCalls.SpawnActionsDestroy(actions);
            ProcessCalls.SpawnAttributesDestroy(attributes);
            foreach (nint text in arguments.Concat(environment)) Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Whether a child of ours has ended; it is reaped then, so ask no more.</summary>
    /// <param name="pid">What <see cref="Start"/> returned.</param>
    /// <param name="how">How it ended, to follow "it" in a sentence.</param>
    public static bool HasEnded(int pid, out string how)
    {
        int waited = ProcessCalls.WaitPid(pid, out int status, ProcessCalls.WaitNoHang);
        how = waited != pid ? "is gone"
            : (status & 0x7f) == 0 ? $"exited with status {(status >> 8) & 0xff}"
            : $"was killed by signal {status & 0x7f}";
        return waited != 0;
    }

    private static nint[] Strings(string[] texts) => [.. Array.ConvertAll(texts, Marshal.StringToCoTaskMemUTF8), 0];

    private static void Check(string path, int errno)
    {
        if (errno != 0) throw new NodeException(path, "start", (LinuxAudit.Interop.Errno)errno);
    }
}
