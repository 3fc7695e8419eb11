using System.Runtime.InteropServices;

namespace AksAuditd.Node.Interop;

/// <summary>Signal dispositions.</summary>
internal static partial class SignalCalls
{
    public const int Hangup = 1, Terminate = 15;

    /// <summary>signal(2) with SIG_DFL, which is 0: the old disposition, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "signal")]
    public static partial nint SetHandler(int signal, nint handler);
}
