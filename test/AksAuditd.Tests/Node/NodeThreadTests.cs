using AksAuditd.Node;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node;

public sealed class NodeThreadTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public void Run_WithAnotherRoot_OnlyThatThreadIsThere()
    {
        _directory.Write("mark", "node");
        using NodeThread node = NodeThread.Enter(_directory.Path);
        Assert.Equal("node", node.Run(() => File.ReadAllText("/mark")));
        Assert.False(File.Exists("/mark"));
        Assert.True(Task.Run(() => Directory.Exists("/proc/self")).Result);
    }

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public async Task RunAsync_ProgramOfTheNode_RunsInItsRootWithACleanEnvironment()
    {
        Environment.SetEnvironmentVariable("AKS_AUDITD_TEST_SECRET", "1");
        foreach (string link in (string[])["bin", "lib", "lib64", "sbin"]) File.CreateSymbolicLink(_directory[link], $"usr/{link}");
        Directory.CreateDirectory(_directory["usr"]);
        Run("mount", "--bind", "/usr", _directory["usr"]);
        try
        {
            using NodeThread node = NodeThread.Enter(_directory.Path);
            NodeCommand commands = new(node);
            CommandResult list = await commands.RunAsync("ls", ["/"], TimeSpan.FromSeconds(10), CancellationToken.None);
            Assert.Equal(["bin", "lib", "lib64", "sbin", "usr"], list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            CommandResult environment = await commands.RunAsync("env", [], TimeSpan.FromSeconds(10), CancellationToken.None, ("X", "1"));
            Assert.Equal(["HOME", "LC_ALL", "PATH", "X"], environment.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]).Order());
        }
        finally
        {
            Run("umount", _directory["usr"]);
        }
    }

    [Fact]
    public async Task RunAsync_TooLong_IsKilledAndSaid()
    {
        using NodeThread node = NodeThread.Enter("/");
        NodeException e = await Assert.ThrowsAsync<NodeException>(
            () => new NodeCommand(node).RunAsync("sleep", ["60"], TimeSpan.FromMilliseconds(200), CancellationToken.None));
        Assert.Contains("took longer than", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NotInstalled_SaysSo()
    {
        using NodeThread node = NodeThread.Enter("/");
        NodeException e = await Assert.ThrowsAsync<NodeException>(
            () => new NodeCommand(node).RunAsync("no-such-program", [], TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Equal("no-such-program: is not installed on the node", e.Message);
    }

    [Fact]
    public void Enter_RootMissing_SaysWhichSetting()
    {
        NodeException e = Assert.Throws<NodeException>(() => NodeThread.Enter(_directory["nothing"]));
        Assert.Contains("hostRoot", e.Message, StringComparison.Ordinal);
        Assert.Contains("ENOENT", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WorkThrows_CallerGetsIt()
    {
        using NodeThread node = NodeThread.Enter("/");
        Assert.Throws<InvalidOperationException>(() => node.Run(() => throw new InvalidOperationException()));
        Assert.Equal(3, node.Run(() => 3));
    }

    private static void Run(string program, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
