using AksAuditd.Node;
using AksAuditd.Node.Packages;

namespace AksAuditd.Tests.Node.Packages;

public sealed class PackageInstallerTests
{
    [Fact]
    public void Reason_DpkgOnAFullDisk_NamesTheDisk()
    {
        CommandResult result = new(100, "Selecting previously unselected package auditd.\n",
            "dpkg: error processing archive /x/auditd.deb (--unpack):\n cannot copy extracted data for './sbin/auditd' to '/sbin/auditd.dpkg-new': failed to write (No space left on device)\n"
            + "Errors were encountered while processing:\n /x/auditd.deb\n /x/b.deb\n /x/c.deb\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n");
        Assert.Contains("No space left on device", PackageInstaller.Reason(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Reason_NothingSoundsLikeIt_IsTheLastWords() =>
        Assert.Equal("b | c | d", PackageInstaller.Reason(new(1, "a\nb\nc\nd\n", "")));
}
