using System.Buffers.Text;

namespace AksAuditd.Events.Pods;

/// <summary>What /proc/PID/stat says (proc_pid_stat(5)), as far as it is wanted.</summary>
internal readonly ref struct ProcessStat
{
    // linux/sched.h, PF_EXITING: set before a process leaves its control groups, and before it is a zombie.
    private const ulong Exiting = 0x4;

    /// <summary>The process's name, 15 bytes at most, any bytes.</summary>
    public ReadOnlySpan<byte> Command { get; private init; }

    public uint Parent { get; private init; }

    /// <summary>When it started, in hundredths of a second since boot.</summary>
    public long Started { get; private init; }

    /// <summary>It is ending or has ended: a v1 hierarchy says <c>/</c> of it, whatever it was in.</summary>
    public bool IsEnding { get; private init; }

    /// <summary>Reads it; false when it is something else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        // "123 (name with ) inside) S 1 …": the name ends at the last parenthesis.
        stat = default;
        int open = text.IndexOf((byte)'('), close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open || text.Length < close + 4) return false;
        ReadOnlySpan<byte> rest = text[(close + 2)..];
        ulong parent = 0, flags = 0, started = 0;
        byte state = rest[0];
        for (int field = 3; field <= 22; field++)
        {
            int end = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> value = end < 0 ? rest : rest[..end];
            bool isRead = field switch
            {
                4 => Utf8Parser.TryParse(value, out parent, out _),
                9 => Utf8Parser.TryParse(value, out flags, out _),
                22 => Utf8Parser.TryParse(value, out started, out _),
                _ => true,
            };
            if (!isRead || (end < 0 && field < 22)) return false;
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        stat = new ProcessStat
        {
            Command = text[(open + 1)..close],
            Parent = (uint)parent,
            Started = (long)started,
            IsEnding = (flags & Exiting) != 0 || state is (byte)'Z' or (byte)'X' or (byte)'x',
        };
        return true;
    }
}
