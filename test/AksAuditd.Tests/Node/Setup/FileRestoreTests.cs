using AksAuditd.Node.Setup;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node.Setup;

public sealed class FileRestoreTests : IDisposable
{
    private readonly TempDirectory _node = new();

    public void Dispose() => _node.Dispose();

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public void Apply_MirroredDirectory_IsAsItWas()
    {
        _node.Write("audit.rules", "-D\n");
        _node.Write("own.rules", "-w /a\n");
        File.SetUnixFileMode(_node["own.rules"], UnixFileMode.UserRead);
        DirectorySnapshot was = DirectorySnapshot.Take(_node.Path);

        File.Delete(_node["audit.rules"]);
        File.Delete(_node["own.rules"]);
        _node.Write("own.rules", "ours\n");
        _node.Write("10-ours.rules", "ours\n");
        _node.Write("foreign.rules", "theirs\n");
        _node.Write(".10-ours.rules.aks-auditd-new", "half");
        FileRestore.Apply([was], [_node["10-ours.rules"], _node["own.rules"]]);

        Assert.Equal(["audit.rules", "foreign.rules", "own.rules"], Directory.GetFiles(_node.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("-D\n", File.ReadAllText(_node["audit.rules"]));
        Assert.Equal("-w /a\n", File.ReadAllText(_node["own.rules"]));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_node["own.rules"]));
    }

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public void Apply_ChangedByAnother_IsLeft()
    {
        _node.Write("theirs.conf", "before");
        DirectorySnapshot was = DirectorySnapshot.Take(_node.Path);
        _node.Write("theirs.conf", "after");
        Assert.Empty(FileRestore.Apply([was], []));
        Assert.Equal("after", File.ReadAllText(_node["theirs.conf"]));
    }

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public void Apply_Twice_DoesNothingTheSecondTime()
    {
        _node.Write("a.rules", "1");
        DirectorySnapshot was = DirectorySnapshot.Take(_node.Path);
        File.Delete(_node["a.rules"]);
        Assert.Single(FileRestore.Apply([was], []));
        Assert.Empty(FileRestore.Apply([was], []));
    }

    [Fact]
    public void Unrecorded_OwnedFiles_AreThoseThatAreThereAndInNoDirectoryOfTheSnapshot()
    {
        Directory.CreateDirectory(_node["oms"]);
        _node.Write("10-ours.rules", "");
        _node.Write("oms/ours.conf", "");
        DirectorySnapshot was = new(_node.Path, true, []);
        Assert.Equal([_node["oms/ours.conf"]], FileRestore.Unrecorded([was], [_node["10-ours.rules"], _node["oms/ours.conf"], _node["oms/gone.conf"]]));
    }

    [Theory]
    [InlineData(null, "/etc/audit /etc/audit/rules.d /etc/audit/plugins.d")]
    [InlineData("abc-1", "/etc/audit /etc/audit/rules.d /etc/audit/plugins.d /oms/omsagent.d")]
    public void PathsOf_Settings_HaveTheOmsDirectoryWithAWorkspaceOnly(string? workspace, string expected) =>
        Assert.Equal(expected, string.Join(' ', DirectorySnapshot.PathsOf(new()
        {
            AuditdConf = "/etc/audit/auditd.conf",
            RulesDirectory = "/etc/audit/rules.d",
            PluginsDirectory = "/etc/audit/plugins.d",
            OmsDirectory = "/oms/omsagent.d",
            LogAnalyticsWorkspaceId = workspace,
        })));

    [Fact]
    public void Take_NoDirectory_SaysSo() => Assert.False(DirectorySnapshot.Take(_node["none"]).Existed);
}
