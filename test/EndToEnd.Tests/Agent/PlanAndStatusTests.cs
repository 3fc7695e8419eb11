using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

public sealed class PlanAndStatusTests
{
    [KernelFact]
    public void Plan_BeforeAndAfter_ShowsTheDifferenceAndChangesNothing()
    {
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AuditMachine.Run("auditctl", "-b", "64");
        AgentProcess before = Finished(node, "plan");
        Assert.Equal(1, before.ExitCode);
        Assert.Contains("  + /etc/audit/rules.d/10.rules", before.Lines);
        Assert.Contains("  - /etc/audit/rules.d/audit.rules", before.Lines);
        Assert.Contains("  + -a always,exit -F arch=b64 -S execve -F key=exec  # 10.rules:3", before.Lines);
        Assert.Contains("  ~ backlog_limit 64 → 8192", before.Lines);
        Assert.False(File.Exists("/etc/audit/rules.d/10.rules"));
        Assert.Empty(AuditMachine.Rules());
        Assert.False(Directory.Exists(node.Environment["AA_STATE_DIR"]));

        node.StartInSync();
        AgentProcess after = Finished(node, "plan");
        Assert.Equal(0, after.ExitCode);
        Assert.Contains("nothing to change", Assert.Single(after.Lines), StringComparison.Ordinal);

        using AgentProcess forecast = AgentProcess.Start(["plan", "--forecast", TestSupport.Repository.File("test", "corpus", "records", "small.log")], node.Environment);
        forecast.WaitForExit();
        Assert.Equal(0, forecast.ExitCode);
        // grep -c 'arch=c000003e syscall=59 ' says 8: 8 in 1.82 s are 379,780 a day.
        Assert.Contains(forecast.Output, l => l.StartsWith("          379,780 ", StringComparison.Ordinal) && l.EndsWith("  exec", StringComparison.Ordinal));
        Assert.Contains(forecast.Output, l => l.StartsWith("  ! 1.8 s is little", StringComparison.Ordinal));

        node.Rules.Swap(("10.rules", "-a sometimes,exit -S execve\n"));
        AgentProcess bad = Finished(node, "plan");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains(bad.Lines, l => l.StartsWith("  10.rules:1:4: error AUD", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Status_InSyncThenNot_SaysWhyAndExitsOne()
    {
        using NodeFixture node = new();
        node.Environment["AA_DRIFT"] = "report";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.StartInSync();
        AgentProcess good = WaitForStatus(node, "in sync   yes since 2");
        Assert.True(good.ExitCode == 0, string.Join('\n', good.Lines));
        Assert.Contains($"agent     pid {agent.Pid} on {System.Environment.MachineName} since 2", good.Lines[1], StringComparison.Ordinal);
        Assert.Contains("rules     1 desired, 1 in the kernel, 0 left out", good.Lines);
        Assert.True(good.Lines.Any(l => l.StartsWith($"auditd    3.", StringComparison.Ordinal) && l.EndsWith($", pid {NodeFixture.AuditdPid}, by direct", StringComparison.Ordinal)), string.Join('\n', good.Lines));

        AuditMachine.ClearRules();
        AgentProcess bad = AgentProcess.Start(["status", "--output", "json"], node.Environment);
        bad.WaitForExit();
        Assert.Equal(1, bad.ExitCode);
        JsonElement report = JsonDocument.Parse(string.Join('\n', bad.Lines)).RootElement;
        Assert.False(report.GetProperty("inSync").GetBoolean());
        Assert.Equal("1 rule is gone from the kernel: -a always,exit -F arch=b64 -S execve -F key=exec", report.GetProperty("reasons")[0].GetString());
        Assert.Equal(8192, report.GetProperty("kernel").GetProperty("backlogLimit").GetInt32());
        Assert.Equal(NodeFixture.AuditdPid, report.GetProperty("auditd").GetProperty("pid").GetInt32());
    }

    [KernelFact]
    public void Status_ProgramIsOlderThanAuditd_IsNamed()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        using TempDirectory programs = new();
        using Process older = StartNamed(programs, "older (1) then");
        // As /proc counts.
        Thread.Sleep(20);
        AgentProcess agent = node.StartInSync();
        WaitForStatus(node, "in sync   yes since 2");
        agent.WaitForMessage("programs have run since before audit was on");
        using Process newer = StartNamed(programs, "newer");

        JsonElement first = Older(node);
        JsonElement names = first.GetProperty("names");
        Assert.Equal(1, names.GetProperty("older (1) then").GetInt32());
        Assert.False(names.TryGetProperty("newer", out _));
        Assert.False(names.TryGetProperty("kthreadd", out _));
        Assert.InRange(first.GetProperty("since").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddSeconds(-60), DateTimeOffset.UtcNow);
        int programsThen = first.GetProperty("programs").GetInt32();
        Assert.Equal(names.EnumerateObject().Sum(n => n.Value.GetInt32()), programsThen);
        Assert.Contains(Finished(node, "status").Lines, l => l.Contains("not recorded until started anew: older than audit, which is on since 2", StringComparison.Ordinal));
        Assert.InRange(OlderMetric(node), 1, programsThen);

        // Another auditd, another agent: audit has been on since the first.
        int? was = NodeFixture.AuditdPid;
        AuditMachine.Run("kill", "-9", $"{was}");
        Eventually.True(() => NodeFixture.AuditdPid is { } pid && pid != was);
        agent.Stop();
        older.Kill();
        older.WaitForExit();
        node.StartInSync();
        JsonElement then = Older(node);
        Assert.False(then.GetProperty("names").TryGetProperty("older (1) then", out _));
        Assert.False(then.GetProperty("names").TryGetProperty("newer", out _));
        Assert.InRange((then.GetProperty("since").GetDateTimeOffset() - first.GetProperty("since").GetDateTimeOffset()).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.InRange(OlderMetric(node), 0, programsThen - 1);
        newer.Kill();
    }

    [KernelFact]
    public void Status_LeftOutNotReadRefusedAndRestarted_SaysSo()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        const string Good = NodeFixture.Exec + "-a always,exit -F dir=/no/such/place -F perm=wa -k gone\n";
        node.Rules.Swap(("10.rules", Good), ("60-mine.rule", "-D\n"));
        node.StartInSync();
        AgentProcess status = WaitForStatus(node, "in sync   yes since 2");
        Assert.Equal(0, status.ExitCode);
        Assert.Matches("^in sync   yes since .*, but 1 of 2 rules left out$", status.Lines[0]);
        Assert.Contains($"          {node.Rules.Path}/60-mine.rule: not named *.rules, not read", status.Lines);
        Assert.DoesNotContain(status.Lines, l => l.Contains("started by the agent", StringComparison.Ordinal) && l.Contains("last seen before", StringComparison.Ordinal));
        AgentProcess plan = Finished(node, "plan");
        Assert.Equal(0, plan.ExitCode);
        Assert.Equal($"! {node.Rules.Path}/60-mine.rule: not named *.rules, not read", plan.Lines[0]);

        string old = AuditMachine.Status()["pid"];
        AuditMachine.Run("kill", "-KILL", old);
        Eventually.True(() => AuditMachine.Status()["pid"] is var pid && pid != "0" && pid != old && node.Get("/readyz").Status == 200);
        Assert.Contains("aks_auditd_auditd_starts_total ", node.Get("/metrics").Body, StringComparison.Ordinal);
        // auditd has the socket before the agent has written down that it started it.
        Eventually.True(() => Finished(node, "status").Lines.Any(l => l.StartsWith("          started by the agent at 2", StringComparison.Ordinal) && l.Contains(", last seen before at 2", StringComparison.Ordinal)));

        node.Rules.Swap(("10.rules", "-a sometimes,exit -S execve\n-a always,exit -F dir=/neither/this -k other\n"));
        Eventually.True(() => node.Get("/readyz").Status == 503);
        status = Finished(node, "status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains(status.Lines, l => l.StartsWith("          refused policy ", StringComparison.Ordinal));
        Assert.Contains("rules     2 desired, 1 in the kernel, 1 left out", status.Lines);
        Assert.DoesNotContain(status.Lines, l => l.Contains("/neither/this", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Status_WithoutSources_NamesNoPolicy()
    {
        using NodeFixture node = new();
        node.Environment["AA_RULES_SOURCE"] = node.Files["none"];
        node.Environment["AA_PLUGINS_SOURCE"] = node.Files["none"];
        AgentProcess status = Finished(node, "status");
        Assert.Contains("          refused no policy, which the ConfigMaps say", status.Lines);
        Assert.StartsWith("no policy would be refused", Finished(node, "plan").Lines[0], StringComparison.Ordinal);
    }

    private static Process StartNamed(TempDirectory programs, string name)
    {
        File.Copy("/bin/sleep", programs[name]);
        return Process.Start(programs[name], ["60"]);
    }

    private static JsonElement Older(NodeFixture node)
    {
        AgentProcess status = AgentProcess.Start(["status", "--output", "json"], node.Environment);
        status.WaitForExit();
        return JsonDocument.Parse(string.Join('\n', status.Output)).RootElement.GetProperty("older");
    }

    private static int OlderMetric(NodeFixture node) =>
        int.Parse(node.Get("/metrics").Body.Split('\n').Single(l => l.StartsWith("aks_auditd_older_programs ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    // The agent says that it is in sync before it has written down since when.
    private static AgentProcess WaitForStatus(NodeFixture node, string start)
    {
        AgentProcess? status = null;
        Eventually.True(() => (status = Finished(node, "status")).Lines is [{ } first, ..] && first.StartsWith(start, StringComparison.Ordinal), otherwise: () => string.Join('\n', status!.Lines));
        return status!;
    }

    private static AgentProcess Finished(NodeFixture node, string command)
    {
        AgentProcess process = node.Start(command);
        process.WaitForExit();
        return process;
    }
}
