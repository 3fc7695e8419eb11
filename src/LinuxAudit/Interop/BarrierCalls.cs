using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>Waiting for what other processors are doing inside the kernel.</summary>
internal static partial class BarrierCalls
{
    private const int CommandGlobal = 1;

    /// <summary>
    /// membarrier(2) with MEMBARRIER_CMD_GLOBAL, which is the kernel's <c>synchronize_rcu</c>. None; EINVAL on a kernel with nohz_full; ENOSYS without it.
    /// </summary>
    public static Errno WaitForGracePeriod() =>
        SystemCall(Number, CommandGlobal, 0, 0) == 0 ? Errno.None : LinuxException.LastError;

    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 324,
        Architecture.Arm64 => 283,
        Architecture.Arm => 389,
        Architecture.X86 => 375,
        _ => -1,
    };

    // syscall(2): there is no wrapper in the C library. A number that does not exist gives ENOSYS.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint command, nint flags, nint processor);
}
