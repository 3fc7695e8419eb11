namespace AksAuditd.Node;

/// <summary>Which boot of the machine this is: what the kernel was given before it, it does not have any more (random(4), <c>boot_id</c>).</summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>A UUID; empty where the kernel does not say it, so that each look is of the same boot.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        try
        {
            return File.ReadAllText(Source).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
