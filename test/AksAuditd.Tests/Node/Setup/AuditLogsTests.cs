using AksAuditd.Node;
using AksAuditd.Node.Setup;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node.Setup;

public sealed class AuditLogsTests
{
    [Fact]
    public void PutAside_ThePackageDeletesItsDirectory_LogsAreThereAgain()
    {
        using TempDirectory temp = new();
        Write(temp["audit"], "evidence");
        AuditLogs logs = new(temp["audit"]);
        Assert.Null(logs.PutAside());
        Assert.False(Directory.Exists(temp["audit"]));
        Assert.True(logs.PutBack());
        Assert.Equal("evidence", File.ReadAllText(temp["audit/audit.log"]));
        Assert.Equal([temp["audit"]], Directory.GetFileSystemEntries(temp.Path));
    }

    [Fact]
    public void PutAside_CutShortAfterwards_TheNextTryPutsThemBack()
    {
        using TempDirectory temp = new();
        Write(temp["audit"], "evidence");
        Assert.Null(new AuditLogs(temp["audit"]).PutAside());

        AuditLogs next = new(temp["audit"]);
        Assert.Null(next.PutAside());
        Assert.True(next.PutBack());
        Assert.Equal("evidence", File.ReadAllText(temp["audit/audit.log"]));
    }

    [Fact]
    public void PutAside_NoLogs_NothingIsMade()
    {
        using TempDirectory temp = new();
        AuditLogs logs = new(temp["audit"]);
        Assert.Null(logs.PutAside());
        Assert.False(logs.PutBack());
        Assert.Empty(Directory.GetFileSystemEntries(temp.Path));
    }

    [Fact]
    public void PutAside_SomethingHasTheName_SaysSoAndLeavesBoth()
    {
        using TempDirectory temp = new();
        Write(temp["audit"], "new");
        Write(temp["audit.kept-by-aks-auditd"], "old");
        Assert.Contains("kept-by-aks-auditd is there", new AuditLogs(temp["audit"]).PutAside(), StringComparison.Ordinal);
        Assert.Equal("new", File.ReadAllText(temp["audit/audit.log"]));
        Assert.Equal("old", File.ReadAllText(temp["audit.kept-by-aks-auditd/audit.log"]));
    }

    [Fact]
    public void PutBack_TheNameIsTaken_SaysWhereTheLogsAre()
    {
        using TempDirectory temp = new();
        Write(temp["audit"], "evidence");
        AuditLogs logs = new(temp["audit"]);
        Assert.Null(logs.PutAside());
        Write(temp["audit"], "another");
        NodeException e = Assert.Throws<NodeException>(() => logs.PutBack());
        Assert.Contains($"the audit logs are in {temp["audit"]}.kept-by-aks-auditd", e.Message, StringComparison.Ordinal);
    }

    private static void Write(string directory, string content)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Join(directory, "audit.log"), content);
    }
}
