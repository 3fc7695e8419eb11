using System.Text;
using AksAuditd.Node;
using LinuxAudit.Plugins;

namespace AksAuditd.Tests.Node;

public sealed class AuditdReleaseTests
{
    [Theory]
    [InlineData("4.2", "log_format = RAW\n", true)]
    [InlineData("4.2.1", "log_format = raw\n", true)]
    [InlineData("4.2.2", "log_format = RAW\n", false)]
    [InlineData("4.1.4", "log_format = RAW\n", false)]
    [InlineData("4.2.1", "log_format = ENRICHED\n", false)]
    [InlineData("4.2.1", "", false)]
    [InlineData(null, "log_format = RAW\n", false)]
    public void CutsEvents_VersionAndFormat_IsSaid(string? version, string conf, bool cuts) =>
        Assert.Equal(cuts, AuditdRelease.CutsEvents(version, AuditdConfParser.Parse("auditd.conf", Encoding.ASCII.GetBytes(conf), out _)) is not null);

    [Theory]
    [InlineData("2.8.5", false, false)]
    [InlineData("3.0", true, false)]
    [InlineData("4.1.4", true, false)]
    [InlineData("4.2", true, true)]
    public void Plugins_ByVersion(string version, bool runs, bool restarts) =>
        Assert.Equal((runs, restarts), (AuditdRelease.RunsPluginsItself(Version.Parse(version)), AuditdRelease.RestartsPluginsOnReload(Version.Parse(version))));
}
