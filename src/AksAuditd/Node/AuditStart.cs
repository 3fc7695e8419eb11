using System.Globalization;
using LinuxAudit.Kernel;

namespace AksAuditd.Node;

/// <summary>
/// When audit was on for the first time in a boot, as far as we know. A program that is older has no audit context (kernel/auditsc.c, <c>audit_alloc</c>): no
/// system call of its own is recorded until it starts anew, whatever the rules say; what it starts is.
/// </summary>
/// <param name="Boot">The boot (<see cref="BootId"/>).</param>
/// <param name="Ticks">When, in hundredths of a second after the boot; 0 when the kernel was booted with <c>audit=1</c>.</param>
internal sealed record AuditStart(string Boot, long Ticks)
{
    private const int TicksPerSecond = 100;

    /// <summary>Whether it is of this boot.</summary>
    public bool IsOfThisBoot => Boot == BootId.Current;

    /// <summary>The time of day of it.</summary>
    public DateTimeOffset At(DateTimeOffset now) => now.AddSeconds((double)(Ticks - NowTicks()) / TicksPerSecond);

    /// <summary>
    /// What is known now. Who comes second knows no more than when the audit daemon started, which usually turned audit on: so look once in a boot, and
    /// remember it.
    /// </summary>
    /// <param name="known">What is remembered.</param>
    /// <param name="kernel">The kernel's control values.</param>
    /// <returns>Null while audit is off.</returns>
    public static AuditStart? Look(AuditStart? known, AuditStatus kernel)
    {
        if (known is { IsOfThisBoot: true }) return known;
        if (IsOnFromBoot(ReadText("/proc/cmdline"))) return new(BootId.Current, 0);
        if (kernel.Enabled == AuditEnabled.Off) return null;
        // This process has turned it on just now, not when it started.
        bool isOther = kernel.Pid != 0 && kernel.Pid != Environment.ProcessId;
        return new(BootId.Current, (isOther ? ProcessInfo.StartTicks((int)kernel.Pid) : null) ?? NowTicks());
    }

    /// <summary>Whether the kernel's command line turns audit on: the last <c>audit=</c> of it counts (kernel/audit.c, <c>audit_enable</c>).</summary>
    internal static bool IsOnFromBoot(string commandLine) =>
        commandLine.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LastOrDefault(w => w.StartsWith("audit=", StringComparison.Ordinal)) is "audit=1" or "audit=on";

    private static long NowTicks()
    {
        string uptime = ReadText("/proc/uptime").Split(' ')[0];
        return double.TryParse(uptime, CultureInfo.InvariantCulture, out double seconds) ? (long)(seconds * TicksPerSecond) : Environment.TickCount64 / (1000 / TicksPerSecond);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
