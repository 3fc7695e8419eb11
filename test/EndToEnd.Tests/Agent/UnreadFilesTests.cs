using System.Text.RegularExpressions;
using System.Diagnostics;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>Files are in place and auditd has not read them: the agent was killed or failed in between. It is not enough that they are as they should be.</summary>
public sealed class UnreadFilesTests
{
    private const string Conf = "/etc/audit/auditd.conf";
    private static readonly string NewSyslog = NodeFixture.Syslog.Replace("LOG_LOCAL6", "LOG_LOCAL3", StringComparison.Ordinal);

    /// <summary>Its argument changed, so that the plugin is switched off and on again, each by a SIGHUP.</summary>
    [KernelTheory]
    [InlineData("active = no")]
    [InlineData("active = yes")]
    public void Run_KilledBeforeASignal_TheNextStartHasThePluginRunWithItsNewArgument(string file)
    {
        using NodeFixture node = Node();
        node.StartInSync().Stop();
        Eventually.True(() => Plugins() is [{ } one] && one.EndsWith("LOG_LOCAL6", StringComparison.Ordinal), 10, () => string.Join('\n', Plugins()));
        node.Plugins.Swap(("syslog.conf", NewSyslog));
        KilledBeforeASignal(node, () => File.ReadAllText("/etc/audit/plugins.d/syslog.conf") is { } now && now.Contains("LOG_LOCAL3", StringComparison.Ordinal) && now.Contains(file, StringComparison.Ordinal)
            && (file == "active = no" || Plugins().Length == 0));

        AgentProcess agent = node.StartInSync();
        Eventually.True(() => Plugins() is [{ } one] && one.EndsWith("LOG_LOCAL3", StringComparison.Ordinal), 10, () => string.Join('\n', [.. Plugins(), .. agent.Lines]));
        Assert.Equal(NewSyslog, File.ReadAllText("/etc/audit/plugins.d/syslog.conf"));
        Assert.False(File.Exists("/etc/audit/plugins.d/aks-auditd-hold.conf"));
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("drift: ", StringComparison.Ordinal));
        agent.Stop();

        // Once is enough.
        agent = node.StartInSync();
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("auditd took over", StringComparison.Ordinal));
    }

    /// <summary>auditd 3.0.9 whose only plugin is switched off ends its dispatcher, and on a slow node what it starts after that ends at once.</summary>
    [KernelFact]
    public void Run_OnlyPluginGetsNewArguments_AnotherIsActiveMeanwhile()
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        Eventually.True(() => Plugins() is [_], 10, () => string.Join('\n', agent.Lines));
        string auditd = $"{NodeFixture.AuditdPid}";
        using Process look = Process.Start(new ProcessStartInfo("sh", ["-c", "while kill -0 $0; do pgrep -l -P $0 | cut -d' ' -f2 | tr '\\n' ' '; echo; done", auditd]) { RedirectStandardOutput = true })!;
        Task<string> counts = look.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            for (int i = 0; i < 4; i++)
            {
                string facility = $"LOG_LOCAL{i}";
                node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog.Replace("LOG_LOCAL6", facility, StringComparison.Ordinal)));
                Eventually.True(() => Plugins() is [{ } one] && one.EndsWith(facility, StringComparison.Ordinal), 20, () => string.Join('\n', agent.Lines));
                Eventually.True(() => agent.Messages.Count(m => m == "auditd took over syslog.conf") > i, 20, () => string.Join('\n', agent.Lines));
            }
        }
        finally
        {
            look.Kill();
        }

        Assert.Equal(auditd, $"{NodeFixture.AuditdPid}");
        string[] seen = counts.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(seen, s => s.Contains("wc", StringComparison.Ordinal));
        Assert.Equal("audisp-syslog", AuditMachine.Run("pgrep", "-l", "-P", auditd).Trim().Split(' ')[1]);
        Assert.False(File.Exists("/etc/audit/plugins.d/aks-auditd-hold.conf"));
    }

    /// <summary>auditd 3.0.9, told twice that no plugin is active, starts none that comes after.</summary>
    [KernelFact]
    public void Run_PluginIsSwitchedOnAfterAuditdWasToldTwiceOfNone_Runs()
    {
        using NodeFixture node = Node();
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog.Replace("active = yes", "active = no", StringComparison.Ordinal)));
        AgentProcess agent = node.StartInSync();
        for (int time = 0; time < 2; time++)
        {
            AuditMachine.Run("kill", "-HUP", $"{NodeFixture.AuditdPid}");
            Thread.Sleep(500);
        }

        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog));
        Eventually.True(() => Plugins() is [_], 20, () => string.Join('\n', agent.Lines));
    }

    [KernelFact]
    public void Run_KilledBeforeAuditdHearsOfItsConf_TheNextStartTellsIt()
    {
        using NodeFixture node = Node();
        node.StartInSync().Stop();
        string conf = File.ReadAllText(Conf) + "# ours\n";
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", conf));
        KilledBeforeASignal(node, () => File.ReadAllText(Conf) == conf);
        Assert.Equal(conf, File.ReadAllText(Conf));

        AgentProcess agent = node.StartInSync();
        agent.WaitForMessage($"auditd took over {Conf}");
    }

    /// <summary>The policy is on the node, and only auditd could not be told: that is no reason to go back, and nobody's tampering.</summary>
    [KernelFact]
    public void Run_SignalFails_ThePolicyStaysAndAuditdIsToldAgain()
    {
        using NodeFixture node = Node();
        node.StartInSync().Stop();
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n"));
        node.Plugins.Swap(("syslog.conf", NewSyslog));
        // The first of each of its threads fails; what the agent starts is not traced.
        AgentProcess agent = node.StartUnder("strace", "-D", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e", "trace=kill", "-e", "inject=kill:error=EPERM:when=1");
        Eventually.True(() => agent.Messages.Any(m => m.StartsWith("in sync: ", StringComparison.Ordinal)), 60, () => string.Join('\n', agent.Lines));
        Eventually.True(() => Plugins() is [{ } one] && one.EndsWith("LOG_LOCAL3", StringComparison.Ordinal), 20, () => string.Join('\n', [.. Plugins(), .. agent.Lines]));
        Assert.Contains(agent.Messages, m => Regex.IsMatch(m, @"auditd: cannot be sent SIGHUP \(kill\(2\), pid [0-9]+\): EPERM \(1\)"));
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("drift: ", StringComparison.Ordinal) || m.Contains("rolled back", StringComparison.Ordinal));
        node.WaitForRules("-a always,exit -F arch=b64 -S execve -F key=exec", "-a always,exit -F arch=b64 -S mount -F key=mount");
    }

    /// <summary>After a boot the kernel has nothing, and nobody took it away: where nothing loads rules early, a node that only reports would never be audited again.</summary>
    [KernelTheory]
    [InlineData("auditd")]
    [InlineData("embedded")]
    public void Run_AfterABootWhereDriftIsOnlyReported_TheRulesAreLoaded(string mode)
    {
        using NodeFixture node = Node();
        node.Environment["AA_MODE"] = mode;
        node.Environment["AA_DRIFT"] = "report";
        node.StartInSync().Stop();
        AuditMachine.ClearRules();
        string path = $"{node.Environment["AA_STATE_DIR"]}/state.json";
        JsonNode state = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), (string?)state["boot"]);

        // Of the same boot it is drift.
        AgentProcess agent = node.Start();
        agent.WaitForMessage("1 rule is gone from the kernel");
        agent.Stop();
        Assert.Empty(AuditMachine.Rules());

        state["boot"] = "1f0e3dad-9990-4a4b-8f5d-4b3a2c1d0e9f";
        File.WriteAllText(path, state.ToJsonString());
        node.StartInSync();
        node.WaitForRules("-a always,exit -F arch=b64 -S execve -F key=exec");
    }

    private static NodeFixture Node()
    {
        NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        return node;
    }

    // The agent tells auditd by kill(2) where there is no systemd; each takes three seconds here.
    private static void KilledBeforeASignal(NodeFixture node, Func<bool> isBefore)
    {
        AgentProcess agent = node.StartUnder("strace", "-D", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e", "trace=kill", "-e", "inject=kill:delay_enter=3000000");
        Eventually.True(isBefore, 20, () => string.Join('\n', agent.Lines));
        agent.Signal(9);
        agent.WaitForExit();
    }

    private static string[] Plugins() => [.. AuditMachine.TryRun("pgrep", ["-ax", "audisp-syslog"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
