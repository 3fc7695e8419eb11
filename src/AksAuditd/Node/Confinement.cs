namespace AksAuditd.Node;

/// <summary>
/// The Linux security module's profile or label on this process, for error messages: what denies a call that the process's user and capabilities allow.
/// Source: <c>/proc/self/attr/current</c> (proc(5)); an AppArmor profile reads "NAME (MODE)", an SELinux label "USER:ROLE:TYPE:LEVEL".
/// </summary>
/// <param name="Module">AppArmor or SELinux.</param>
/// <param name="Name">The profile without its mode, or the label.</param>
/// <param name="Mode">AppArmor's mode, such as <c>enforce</c>; empty for SELinux.</param>
internal sealed record Confinement(string Module, string Name, string Mode)
{
    private const string AppArmor = "AppArmor", SELinux = "SELinux";

    // The types of processes that SELinux's container policy does not confine (container-selinux; the reference policy).
    private static readonly string[] UnconfinedTypes = ["spc_t", "unconfined_t", "unconfined_service_t", "kernel_t", "init_t", "initrc_t", "sysadm_t"];

    private static readonly Lazy<string?> Text = new(() => Read("/proc/self/attr/apparmor/current") ?? Read("/proc/self/attr/current"));
    private static readonly Lazy<Confinement?> Own = new(() => Parse(Text.Value));

    /// <summary>What is on this process since it started; null when it is not confined. Read once.</summary>
    public static Confinement? Current => Own.Value;

    /// <summary>The chart's value that changes it.</summary>
    public string Value => Module == AppArmor ? "appArmorProfile" : "seLinuxOptions";

    /// <summary>Reads the text of the file.</summary>
    /// <returns>Null for a process that is not confined, and where there is no such module.</returns>
    public static Confinement? Parse(string? text)
    {
        string label = (text ?? "").TrimEnd('\n', '\0');
        if (label.Length == 0 || label == "unconfined") return null;
        if (label.EndsWith(')') && label.LastIndexOf(" (", StringComparison.Ordinal) is var open and > 0)
            return new(AppArmor, label[..open], label[(open + 2)..^1]);
        string[] parts = label.Split(':');
        if (parts.Length < 3 || UnconfinedTypes.Contains(parts[2])) return null;
        return new(SELinux, label, "");
    }

    /// <summary>Names the profile or label that may have caused a denial, and the chart value that sets it. Empty for other errors, and when this process is not confined.</summary>
    public static string Hint(LinuxAudit.Interop.Errno errno) =>
        errno is LinuxAudit.Interop.Errno.EACCES or LinuxAudit.Interop.Errno.EPERM && Current is { } confinement ? $" (may be denied by {confinement}; set the container's {confinement.Value})" : "";

    /// <summary>Names this process's profile or label for a denial by another program, such as systemd, which decides by the label also where it does not confine this process.</summary>
    public static string DeniedHint() =>
        Current is not null ? Hint(LinuxAudit.Interop.Errno.EACCES) : Text.Value?.TrimEnd('\n', '\0') is { Length: > 0 } label ? $" (this process is labelled {label})" : "";

    public override string ToString() => Mode.Length == 0 ? $"{Module} label {Name}" : $"{Module} profile {Name} ({Mode})";

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such module, or one that gives the attribute an error (EINVAL).
            return null;
        }
    }
}
