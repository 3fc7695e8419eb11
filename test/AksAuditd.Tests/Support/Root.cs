namespace AksAuditd.Tests.Support;

/// <summary>For tests that chown, chroot or mount.</summary>
public static class Root
{
    public const string Needed = "needs root";

    public static bool IsRoot => Environment.UserName == "root";
}
