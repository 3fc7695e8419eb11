using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>What is wrong is said once, where it is, and costs nothing that was there.</summary>
public sealed class BadInputTests
{
    private static readonly string[] ExecRule = ["-a always,exit -F arch=b64 -S execve -F key=exec"];

    [KernelTheory]
    [InlineData("AA_POLL_INTERVAL", "30", "pollInterval")]
    [InlineData("AA_LOG_LEVEL", "loud", "logLevel")]
    [InlineData("AA_WATCH", "1", "watch")]
    [InlineData("AA_RULES", "/x", "unknown key")]
    public void Run_BadVariable_ExitsTwoWithOneLine(string name, string value, string expected)
    {
        using NodeFixture node = new();
        node.Environment[name] = value;
        AgentProcess agent = node.Start();
        agent.WaitForExit();
        Assert.Equal(2, agent.ExitCode);
        string line = Assert.Single(agent.Lines);
        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Run_ConfigIsNoYaml_ExitsTwoWithFileLineColumn()
    {
        using NodeFixture node = new();
        node.Environment["AA_CONFIG"] = node.Files.Write("config.yaml", "pollInterval: 30s\n  mode: [\n");
        AgentProcess agent = node.Start();
        agent.WaitForExit();
        Assert.Equal(2, agent.ExitCode);
        Assert.Contains($"{node.Files["config.yaml"]}:2:", Assert.Single(agent.Lines), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Main_UnknownCommand_ExitsTwo()
    {
        using NodeFixture node = new();
        AgentProcess agent = node.Start("rum");
        agent.WaitForExit();
        Assert.Equal(2, agent.ExitCode);
    }

    [KernelTheory]
    [InlineData("missing", "ENOENT")]
    [InlineData("file", "ENOTDIR")]
    [InlineData("empty", "has no *.rules file")]
    [InlineData("link", "it is a symbolic link")]
    [InlineData("newline", "its name has a control character")]
    [InlineData("large", "1048576 are allowed")]
    public void Run_SourceGoesBad_NodeKeepsItsRulesAndHealsLater(string kind, string expected)
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "200ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.StartInSync();
        node.WaitForRules(ExecRule);
        string[] before = TreeOf("/etc/audit/rules.d");

        switch (kind)
        {
            case "missing": Directory.Move(node.Rules.Path, node.Rules.Path + "-away"); break;
            case "file":
                Directory.Move(node.Rules.Path, node.Rules.Path + "-away");
                File.WriteAllText(node.Rules.Path, "x");
                break;
            case "empty": node.Rules.Swap(); break;
            case "link": File.CreateSymbolicLink($"{node.Rules.Current}/20.rules", "/etc/passwd"); break;
            case "newline": File.WriteAllText($"{node.Rules.Current}/2\n0.rules", "-D\n"); break;
            case "large":
                // At once: half a file would be another mistake, and said as one.
                File.WriteAllText(node.Files["large"], new string('#', 1024 * 1024 + 1));
                File.Move(node.Files["large"], $"{node.Rules.Current}/20.rules");
                break;
        }

        agent.WaitForMessage("not in sync: ");
        Thread.Sleep(1500);
        string said = Assert.Single(agent.Messages, m => m.StartsWith("not in sync", StringComparison.Ordinal));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(503, node.Get("/readyz").Status);
        Assert.Contains(expected, node.Get("/readyz").Body, StringComparison.Ordinal);
        Assert.Equal(200, node.Get("/livez").Status);
        Assert.Equal(ExecRule, AuditMachine.Rules());
        Assert.Equal(before, TreeOf("/etc/audit/rules.d"));

        int seen = agent.Messages.Count;
        if (kind == "file") File.Delete(node.Rules.Path);
        if (Directory.Exists(node.Rules.Path + "-away")) Directory.Move(node.Rules.Path + "-away", node.Rules.Path);
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        agent.WaitForSync(seen);
        Assert.Equal(200, node.Get("/readyz").Status);
    }

    [KernelTheory]
    [InlineData("missing", "ENOENT")]
    [InlineData("read-only", "EROFS")]
    [InlineData("full", "ENOSPC")]
    public void Run_TargetCannotBeWritten_NodeUntouchedAndRetried(string kind, string errno)
    {
        using NodeFixture node = new();
        string target = node.Files["target"];
        node.Environment["AA_POLL_INTERVAL"] = "200ms";
        node.Environment["AA_RULES_DIR"] = target;
        node.Rules.Swap(("10.rules", NodeFixture.Exec), ("20.rules", new string('#', 128 * 1024) + "\n"));
        if (kind != "missing")
        {
            Directory.CreateDirectory(target);
            AuditMachine.Run("mount", "-t", "tmpfs", "-o", kind == "full" ? "size=64k" : "ro,size=1m", "tmpfs", target);
        }

        try
        {
            AgentProcess agent = node.Start();
            agent.WaitForMessage("not in sync: ");
            Thread.Sleep(700);
            // At each try, of which a slow machine makes a second meanwhile, and not at each poll.
            string[] messages = [.. agent.Messages], failures = [.. messages.Where(m => m.StartsWith("not in sync", StringComparison.Ordinal))];
            Assert.InRange(failures.Length, 1, int.Max(1, messages.Count(m => m == $"new {target}/10.rules")));
            string said = failures[0];
            Assert.Contains(target, said, StringComparison.Ordinal);
            Assert.Contains(errno, said, StringComparison.Ordinal);
            if (kind != "missing") Assert.Empty(Directory.GetFileSystemEntries(target));
            Assert.Empty(AuditMachine.Rules());

            if (kind == "missing") Directory.CreateDirectory(target);
            else AuditMachine.Run("mount", "-o", "remount,rw,size=1m", target);
            agent.WaitForSync();
            Assert.Equal(2, Directory.GetFiles(target).Length);
            agent.Stop();
        }
        finally
        {
            if (kind != "missing") AuditMachine.Run("umount", target);
        }
    }

    [KernelFact]
    public void Run_AuditdNotInstalled_SaysSoAndWaits()
    {
        using NodeFixture node = new();
        string root = Directory.CreateDirectory(node.Files["root"]).FullName;
        foreach (string directory in (string[])["etc/audit/rules.d", "etc/audit/plugins.d", "var/lib", "run", "usr/sbin"])
            Directory.CreateDirectory($"{root}/{directory}");
        node.Environment["AA_HOST_ROOT"] = root;
        node.Environment["AA_STATE_DIR"] = "/var/lib/aks-auditd";
        node.Environment["AA_POLL_INTERVAL"] = "200ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.Start();
        agent.WaitForMessage("not in sync: auditd: is not installed on the node; trying again in 1s");
        Assert.True(File.Exists($"{root}/etc/audit/rules.d/10.rules"));
        Assert.False(agent.HasExited);
    }

    [KernelFact]
    public void Run_AuditdWillNotStart_SaysItsLastWords()
    {
        using NodeFixture node = new();
        File.WriteAllText("/etc/audit/auditd.conf", "log_file = /var/log/audit/audit.log\nno_such_option = 1\n");
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.Start();
        agent.WaitForMessage("not in sync: auditd: did not start: it exited with status 6; its last words: ");
        agent.WaitForMessage("| Unknown keyword \"no_such_option\" in line 2 of /etc/audit/auditd.conf | The audit daemon is exiting.");
        Assert.Equal(503, node.Get("/readyz").Status);
    }

    [KernelFact]
    public void Run_AuditdDies_IsStartedAgain()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "200ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.StartInSync();
        int first = NodeFixture.AuditdPid!.Value;
        AuditMachine.Run("kill", "-9", $"{first}");
        agent.WaitForMessage("auditd does not run: auditd was killed by signal 9");
        Eventually.True(() => NodeFixture.AuditdPid is { } pid && pid != first);
    }

    [KernelFact]
    public void Run_SecondAgent_NamesTheFirstAndExitsThree()
    {
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess first = node.StartInSync();
        AgentProcess second = node.Start();
        second.WaitForExit();
        Assert.Equal(3, second.ExitCode);
        Assert.Contains($"another agent runs on this node: pid {first.Pid} on ", Assert.Single(second.Messages), StringComparison.Ordinal);
        first.Signal(9);
        first.WaitForExit();
        node.StartInSync();
    }

    private static string[] TreeOf(string directory) =>
        [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks} {File.ReadAllText(f)}")];
}
