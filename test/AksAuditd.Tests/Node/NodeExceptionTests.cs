using AksAuditd.Node;
using LinuxAudit.Interop;

namespace AksAuditd.Tests.Node;

public sealed class NodeExceptionTests
{
    [Theory]
    [InlineData("/etc/audit/rules.d", true)]
    [InlineData("/etc/audit/plugins.d", true)]
    [InlineData("/var/lib/aks-auditd", false)]
    public void Message_DirectoryOfAuditdIsNotThere_SaysWhatInstallsIt(string path, bool says)
    {
        Assert.Equal(says, new NodeException(path, "open the directory", Errno.ENOENT).Message.EndsWith(" (is auditd installed? aks-auditd install does that)", StringComparison.Ordinal));
        Assert.DoesNotContain("install", new NodeException(path, "open the directory", Errno.EACCES).Message, StringComparison.Ordinal);
    }
}
