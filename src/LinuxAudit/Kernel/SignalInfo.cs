using System.Runtime.InteropServices;
using System.Text;

namespace LinuxAudit.Kernel;

/// <summary>Who last sent the audit daemon a signal: <c>struct audit_sig_info</c> of the kernel. A plain value.</summary>
/// <param name="Uid">The sender's login uid, or its uid where that is unset; 4294967295 when there was no signal yet.</param>
/// <param name="Pid">The sender's process id; 0 when there was no signal yet.</param>
/// <param name="Context">The sender's security context; empty where no security module gives one.</param>
public readonly record struct SignalInfo(uint Uid, int Pid, string Context)
{
    /// <summary>Bytes before the security context.</summary>
    internal const int HeaderSize = 8;

    internal static bool TryRead(ReadOnlySpan<byte> payload, out SignalInfo info)
    {
        info = default;
        if (payload.Length < HeaderSize) return false;
        info = new SignalInfo(
            MemoryMarshal.Read<uint>(payload), MemoryMarshal.Read<int>(payload[4..]), Encoding.UTF8.GetString(payload[HeaderSize..].TrimEnd((byte)0)));
        return true;
    }
}
