using AksAuditd.Node;

namespace AksAuditd.Tests.Node;

public sealed class NodeCommandTests
{
    private readonly NodeCommand _commands = new();

    [Fact]
    public async Task RunAsync_Environment_IsClean()
    {
        Environment.SetEnvironmentVariable("AKS_AUDITD_TEST_SECRET", "1");
        CommandResult result = await _commands.RunAsync("env", [], TimeSpan.FromSeconds(10), CancellationToken.None, ("X", "1"));
        Assert.Equal(["HOME", "LC_ALL", "PATH", "X"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]).Order());
    }

    [Fact]
    public async Task RunAsync_TooLong_IsKilledAndSaid()
    {
        NodeException e = await Assert.ThrowsAsync<NodeException>(
            () => _commands.RunAsync("sleep", ["60"], TimeSpan.FromMilliseconds(200), CancellationToken.None));
        Assert.Contains("took longer than", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NotInstalled_SaysSo()
    {
        NodeException e = await Assert.ThrowsAsync<NodeException>(
            () => _commands.RunAsync("no-such-program", [], TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Equal("no-such-program: is not installed on the node", e.Message);
    }

    [Fact]
    public void Enter_RootMissing_SaysWhichSetting()
    {
        NodeException e = Assert.Throws<NodeException>(() => NodeRoot.Enter("/no/such/root"));
        Assert.Contains("hostRoot", e.Message, StringComparison.Ordinal);
        Assert.Contains("ENOENT", e.Message, StringComparison.Ordinal);
    }
}
