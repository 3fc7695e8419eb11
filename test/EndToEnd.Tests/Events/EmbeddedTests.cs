using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events;

/// <summary>The agent as the audit daemon: no auditd runs.</summary>
public sealed class EmbeddedTests(ITestOutputHelper output)
{
    private static NodeFixture Node()
    {
        NodeFixture node = new();
        node.Environment["AA_MODE"] = "embedded";
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        return node;
    }

    [KernelFact]
    public void Run_Embedded_IsTheDaemonAndWritesEventsToStandardOutput()
    {
        using NodeFixture node = Node();
        // Before the agent's first run nothing of it is on the node.
        using (AgentProcess plan = AgentProcess.Start(["plan"], node.Environment))
        {
            plan.WaitForExit();
            Assert.Contains($"  + {node.Environment["AA_STATE_DIR"]}/rules.d/10.rules", plan.Lines);
            Assert.Equal(1, plan.ExitCode);
        }

        AgentProcess agent = node.StartInSync();
        Assert.Equal($"{agent.Pid}", AuditMachine.Status()["pid"]);
        Assert.Equal("8192", AuditMachine.Status()["backlog_limit"]);
        Assert.Null(NodeFixture.AuditdPid);
        Assert.Equal(200, node.Get("/readyz").Status);
        Assert.True(File.Exists($"{node.Environment["AA_STATE_DIR"]}/rules.d/10.rules"));

        AuditMachine.Run("/bin/echo", "embedded-4711", "two words\n\"quoted\"");
        Eventually.True(() => agent.Output.Any(l => l.Contains("embedded-4711", StringComparison.Ordinal)), 10, () => string.Join('\n', agent.Output));
        using JsonDocument line = JsonDocument.Parse(agent.Output.First(l => l.Contains("embedded-4711", StringComparison.Ordinal)));
        JsonElement process = line.RootElement.GetProperty("process");
        Assert.Equal(["/bin/echo", "embedded-4711", "two words\n\"quoted\""], process.GetProperty("args").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal(["exec"], line.RootElement.GetProperty("tags").EnumerateArray().Select(a => a.GetString()));

        // events.yaml is the policy's here too: put in, then taken out again.
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("events.yaml", "filters:\n  - drop: { key: exec }\n"));
        WaitForSettings(node, 1);
        AuditMachine.Run("/bin/echo", "dropped-4711");
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog));
        WaitForSettings(node, 2);
        AuditMachine.Run("/bin/echo", "seen-again-4711");
        Eventually.True(() => agent.Output.Any(l => l.Contains("seen-again-4711", StringComparison.Ordinal)), 10, () => string.Join('\n', agent.Output));
        Assert.DoesNotContain(agent.Output, l => l.Contains("dropped-4711", StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Messages, m => m.Contains("syslog.conf", StringComparison.Ordinal));

        using (AgentProcess status = AgentProcess.Start(["status", "--output", "json"], node.Environment))
        {
            status.WaitForExit();
            Assert.Equal(0, status.ExitCode);
            JsonElement key = JsonDocument.Parse(string.Join('\n', status.Output)).RootElement.GetProperty("events").GetProperty("keys").EnumerateArray()
                .Single(k => k.GetProperty("key").GetString() == "exec");
            Assert.InRange(key.GetProperty("suppressed").GetInt64(), 1, key.GetProperty("events").GetInt64() - 1);
            Assert.InRange(key.GetProperty("recordGigabytesPerDay").GetDouble(), 1e-6, 1e6);
        }

        Assert.InRange(agent.Stop().TotalSeconds, 0, 2);
        Assert.Equal(0, agent.ExitCode);
        Assert.Equal("0", AuditMachine.Status()["pid"]);
    }

    [KernelFact]
    public void Uninstall_AfterEmbedded_TheKernelIsAsItWasBefore()
    {
        const string Own = "-w /etc/hosts -p wa -k own";
        using NodeFixture node = Node();
        Dictionary<string, string> machine = AuditMachine.Status();
        try
        {
            AuditMachine.Run("auditctl", [.. Own.Split(' ')]);
            AuditMachine.Run("auditctl", "-b", "777");
            AgentProcess agent = node.StartInSync();
            Assert.Equal("8192", AuditMachine.Status()["backlog_limit"]);
            Assert.NotEqual([Own], AuditMachine.Rules());

            // Waits for the agent, and says so before it does.
            AgentProcess uninstall = node.Start("uninstall");
            uninstall.WaitForMessage("waiting up to 60 s", seconds: 10);
            agent.Stop();
            uninstall.WaitForExit();

            Assert.True(uninstall.ExitCode == 0, string.Join('\n', uninstall.Lines));
            Assert.Contains("this node is as it was before aks-auditd", uninstall.Messages);
            Assert.Equal([Own], AuditMachine.Rules());
            Assert.Equal("777", AuditMachine.Status()["backlog_limit"]);
            Assert.Equal(machine["enabled"], AuditMachine.Status()["enabled"]);
            Assert.False(Directory.Exists(node.Environment["AA_STATE_DIR"]));
        }
        finally
        {
            AuditMachine.Run("auditctl", "-b", machine["backlog_limit"]);
        }
    }

    [KernelFact]
    public void Uninstall_AnAgentHasWorkedAndNoRecord_ClaimsNothingAndKeepsWhatItKnows()
    {
        using NodeFixture node = Node();
        node.StartInSync().Stop();
        File.Delete($"{node.Environment["AA_STATE_DIR"]}/before.json");
        string[] rules = AuditMachine.Rules();

        for (int i = 0; i < 2; i++)
        {
            AgentProcess uninstall = node.Start("uninstall");
            uninstall.WaitForExit();
            Assert.Equal(1, uninstall.ExitCode);
            Assert.Contains(uninstall.Messages, m => m.StartsWith("there is no record of how this node was before aks-auditd", StringComparison.Ordinal) && m.Contains("/rules.d/10.rules", StringComparison.Ordinal));
            Assert.DoesNotContain(uninstall.Messages, m => m.Contains("as it was before aks-auditd", StringComparison.Ordinal));
            Assert.Equal(rules, AuditMachine.Rules());
        }

        // A later agent does not take its own work for what there was before.
        node.StartInSync().Stop();
        Assert.False(File.Exists($"{node.Environment["AA_STATE_DIR"]}/before.json"));
    }

    [KernelFact]
    public void Uninstall_NothingWasEverDone_SaysSo()
    {
        using NodeFixture node = Node();
        AgentProcess uninstall = node.Start("uninstall");
        uninstall.WaitForExit();
        Assert.Equal(0, uninstall.ExitCode);
        Assert.Contains(uninstall.Messages, m => m.StartsWith("nothing to give back", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Run_ManyExecs_EachIsThere()
    {
        const int Count = 3000;
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        long lost = long.Parse(AuditMachine.Status()["lost"], CultureInfo.InvariantCulture);
        Stopwatch watch = Stopwatch.StartNew();
        AuditMachine.Run("sh", "-c", $"i=0; while [ $i -lt {Count} ]; do /bin/true exec-$i; i=$((i+1)); done");
        double rate = Count / watch.Elapsed.TotalSeconds;
        Eventually.True(() => agent.Output.Any(l => l.Contains($"\"exec-{Count - 1}\"", StringComparison.Ordinal)), 20);
        agent.Stop();
        string[] seen = [.. agent.Output.Where(l => l.Contains("\"exec-", StringComparison.Ordinal))];
        Assert.Equal(Count, seen.Select(Number).Distinct().Count());
        Assert.Equal(Count, seen.Length);
        Assert.Equal(lost, long.Parse(AuditMachine.Status()["lost"], CultureInfo.InvariantCulture));
        output.WriteLine($"{rate:0} execs a second, {Count} of {Count} seen");
    }

    [KernelFact]
    public void Run_AuditdLives_ListensBesideItAndTakesOverWhenItGoes()
    {
        using NodeFixture node = Node();
        using Process auditd = Process.Start(new ProcessStartInfo("auditd", "-n") { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Eventually.True(() => AuditMachine.Status()["pid"] == $"{auditd.Id}");
        AgentProcess agent = node.Start();
        agent.WaitForMessage($"auditd (pid {auditd.Id}) has the kernel's audit socket; listening beside it");
        node.WaitForRules("-a always,exit -F arch=b64 -S execve -F key=exec");
        Assert.Equal(503, node.Get("/readyz").Status);
        AuditMachine.Run("/bin/echo", "beside-auditd");
        Eventually.True(() => agent.Output.Any(l => l.Contains("beside-auditd", StringComparison.Ordinal)), 10, () => string.Join('\n', agent.Lines));
        Assert.Equal($"{auditd.Id}", AuditMachine.Status()["pid"]);

        auditd.Kill(entireProcessTree: false);
        auditd.WaitForExit();
        agent.WaitForSync();
        Assert.Equal($"{agent.Pid}", AuditMachine.Status()["pid"]);
        AuditMachine.Run("/bin/echo", "after-auditd");
        Eventually.True(() => agent.Output.Any(l => l.Contains("after-auditd", StringComparison.Ordinal)), 10);
    }

    /// <summary>Waits until the agent says that it follows settings which it has read for the n-th time.</summary>
    private static void WaitForSettings(NodeFixture node, int times) =>
        Eventually.True(() => File.ReadAllText($"{node.Environment["AA_STATE_DIR"]}/events.json").Contains($"\"settingsRead\":{times},", StringComparison.Ordinal), 10);

    private static int Number(string line)
    {
        int at = line.IndexOf("\"exec-", StringComparison.Ordinal) + 6;
        return int.Parse(line[at..line.IndexOf('"', at)], CultureInfo.InvariantCulture);
    }
}
