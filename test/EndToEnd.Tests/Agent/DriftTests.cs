using System.Diagnostics;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace EndToEnd.Tests.Agent;

/// <summary>Somebody changes the node behind the agent's back.</summary>
public sealed class DriftTests(ITestOutputHelper output)
{
    private const string ExecRule = "-a always,exit -F arch=b64 -S execve -F key=exec";
    private const string MountRule = "-a always,exit -F arch=b64 -S mount -F key=mount";
    private static readonly string[] Policy = [ExecRule, MountRule];

    private static NodeFixture Node(string drift = "repair", string poll = "300ms")
    {
        NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = poll;
        node.Environment["AA_DRIFT"] = drift;
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n-f 1\n-r 0\n--backlog_wait_time 15000\n"));
        return node;
    }

    [KernelTheory]
    [InlineData("flushed", "2 rules are gone from the kernel", "auditctl -D")]
    [InlineData("one deleted", "1 rule is gone from the kernel: " + MountRule, "auditctl -d always,exit -F arch=b64 -S mount -k mount")]
    [InlineData("one added", "1 rule in the kernel is not the policy's", "auditctl -a always,exit -F arch=b64 -S chown -k x")]
    [InlineData("reordered", "1 rule is in another order: ", "auditctl -d always,exit -F arch=b64 -S execve -k exec ; auditctl -a always,exit -F arch=b64 -S execve -k exec")]
    [InlineData("never put first", "1 rule in the kernel is not the policy's", "auditctl -A never,exit -F arch=b64 -S execve")]
    [InlineData("backlog_limit", "backlog_limit is 77, the policy says 8192", "auditctl -b 77")]
    [InlineData("failure", "failure is 0, the policy says 1", "auditctl -f 0")]
    [InlineData("rate_limit", "rate_limit is 9000, the policy says 0", "auditctl -r 9000")]
    [InlineData("backlog_wait_time", "backlog_wait_time is 5, the policy says 15000", "auditctl --backlog_wait_time 5")]
    [InlineData("disabled", "enabled is 0, the policy says 1", "auditctl -e 0")]
    public void Run_KernelDrifts_IsRepairedAndSaysWho(string kind, string expected, string act)
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        node.WaitForRules(Policy);
        Dictionary<string, string> before = Settable();

        Stopwatch watch = Stopwatch.StartNew();
        // Held while it drifts: it may be quicker than the second of two commands, or than auditctl between two rules.
        AuditMachine.Run("sh", "-c", $"kill -STOP {agent.Pid}; {act}; kill -CONT {agent.Pid}");
        agent.WaitForMessage($"drift: ");
        string drift = agent.Messages.First(m => m.StartsWith("drift: ", StringComparison.Ordinal));
        Assert.Contains(expected, drift, StringComparison.Ordinal);
        node.WaitForRules(Policy);
        Eventually.True(() => Settable().SequenceEqual(before), 5, () => string.Join(' ', Settable()));
        output.WriteLine($"{kind}: repaired {watch.ElapsedMilliseconds} ms after the act (poll 300 ms)");

        // auditd writes with a little delay, and with auditing off the kernel says less.
        if (kind is not "disabled") Assert.Matches("by /usr/sbin/auditctl \\(pid [0-9]+\\), login uid (unset|[0-9]+)", drift);
    }

    public static TheoryData<string, string> Acts => new()
    {
        { "flushed", "auditctl -D" },
        { "one deleted", "auditctl -d always,exit -F arch=b64 -S mount -k mount" },
        { "one added", "auditctl -a always,exit -F arch=b64 -S chown -k x" },
        { "backlog_limit", "auditctl -b 77" },
        { "disabled", "auditctl -e 0" },
    };

    [KernelTheory]
    [MemberData(nameof(Acts))]
    public void Run_PollAnHourAway_KernelDriftIsHeardOfAndRepaired(string kind, string act)
    {
        using NodeFixture node = Node(poll: "1h");
        AgentProcess agent = node.StartInSync();
        output.WriteLine($"{kind}: repaired {RepairTime(agent, act)} ms after the act, by the multicast group");
    }

    [KernelTheory]
    [MemberData(nameof(Acts))]
    public void Run_WithoutAuditRead_PollFindsTheDrift(string kind, string act)
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartUnder("setpriv", "--bounding-set=-audit_read", "--inh-caps=-all");
        agent.WaitForSync();
        Assert.Contains(agent.Messages, m => m.StartsWith("drift is found at each poll, not at once: ", StringComparison.Ordinal));
        output.WriteLine($"{kind}: repaired {RepairTime(agent, act)} ms after the act, by a poll of 300 ms");
    }

    // Milliseconds from the act until the kernel is as before and the agent has said what it was.
    private static long RepairTime(AgentProcess agent, string act)
    {
        Dictionary<string, string> before = Settable();
        int said = agent.Messages.Count;
        Stopwatch watch = Stopwatch.StartNew();
        AuditMachine.Run("sh", "-c", act);
        agent.WaitForMessage("drift: ", said);
        Eventually.True(() => AuditMachine.Rules().SequenceEqual(Policy) && Settable().SequenceEqual(before));
        return watch.ElapsedMilliseconds;
    }

    [KernelTheory]
    [InlineData("stopped", "-TERM")]
    [InlineData("killed", "-KILL")]
    public void Run_AuditdEnds_IsStartedAgain(string kind, string signal)
    {
        using NodeFixture node = Node();
        node.StartInSync();
        string old = AuditMachine.Status()["pid"];
        Stopwatch watch = Stopwatch.StartNew();
        AuditMachine.Run("kill", signal, old);
        Eventually.True(() => AuditMachine.Status()["pid"] is var pid && pid != "0" && pid != old && pid == $"{NodeFixture.AuditdPid}");
        output.WriteLine($"auditd {kind}: another has the audit socket {watch.ElapsedMilliseconds} ms after the act (poll 300 ms)");
        Eventually.True(() => node.Get("/readyz").Status == 200);
        Assert.Equal(Policy, AuditMachine.Rules());
    }

    [KernelTheory]
    [InlineData("edited", "10.rules was edited")]
    [InlineData("removed", "10.rules is gone")]
    [InlineData("added", "99.rules is not the policy's")]
    [InlineData("mode", "10.rules has mode 666 and owner 0:0")]
    [InlineData("owner", "10.rules has mode 640 and owner 1:0")]
    public void Run_FileDrifts_IsRepaired(string kind, string expected)
    {
        const string File10 = "/etc/audit/rules.d/10.rules";
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        string content = File.ReadAllText(File10);
        Stopwatch watch = Stopwatch.StartNew();
        switch (kind)
        {
            case "edited": File.AppendAllText(File10, "-e 0\n"); break;
            case "removed": File.Delete(File10); break;
            case "added": File.WriteAllText("/etc/audit/rules.d/99.rules", "-D\n"); break;
            case "mode": File.SetUnixFileMode(File10, (UnixFileMode)0x1b6); break;
            case "owner": AuditMachine.Run("chown", "1", File10); break;
        }

        agent.WaitForMessage(expected);
        Eventually.True(() => File.Exists(File10) && File.ReadAllText(File10) == content && File.GetUnixFileMode(File10) == (UnixFileMode)0x1a0
            && !File.Exists("/etc/audit/rules.d/99.rules") && AuditMachine.Run("stat", "-c", "%u:%g", File10) == "0:0\n");
        output.WriteLine($"file {kind}: repaired {watch.ElapsedMilliseconds} ms after the act (poll 300 ms)");
        Assert.Equal(Policy, AuditMachine.Rules());
    }

    [KernelFact]
    public void Run_ReportOnly_SaysAndLeaves()
    {
        using NodeFixture node = Node("report");
        AgentProcess agent = node.StartInSync();
        AuditMachine.Run("sh", "-c", $"kill -STOP {agent.Pid}; auditctl -D; kill -CONT {agent.Pid}");
        agent.WaitForMessage("not in sync: drift: 2 rules are gone from the kernel");
        Assert.Contains("(drift: report)", agent.Messages[^1], StringComparison.Ordinal);
        Thread.Sleep(1000);
        Assert.Empty(AuditMachine.Rules());
        Assert.Equal(503, node.Get("/readyz").Status);
        Assert.Single(agent.Messages, m => m.StartsWith("not in sync", StringComparison.Ordinal));
    }

    /// <summary>auditctl -D is in the midst of it when the kernel's first word is heard.</summary>
    [KernelFact]
    public void Run_ManyRulesAreFlushed_AllAreSaidToBeGone()
    {
        using NodeFixture node = Node(poll: "1h");
        string[] calls = ["mount", "umount2", "chown", "chmod", "rename", "link", "symlink", "unlink"];
        node.Rules.Swap(("10.rules", "-D\n" + string.Concat(calls.Select(c => $"-a always,exit -F arch=b64 -S {c} -k k\n"))));
        AgentProcess agent = node.StartInSync();
        AuditMachine.Run("auditctl", "-D");
        agent.WaitForMessage("drift: 8 rules are gone from the kernel: ");
        Eventually.True(() => AuditMachine.Rules().Length == calls.Length);
        Assert.Single(agent.Messages, m => m.StartsWith("drift: ", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Run_FilesDrift_WhatItWasIsSaidBeforeWhatWasDone()
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        int seen = agent.Messages.Count;
        AuditMachine.Run("sh", "-c", $"kill -STOP {agent.Pid}; rm /etc/audit/rules.d/10.rules; echo -D >/etc/audit/rules.d/99.rules; kill -CONT {agent.Pid}");
        agent.WaitForMessage("removed /etc/audit/rules.d/99.rules", seen);
        Assert.Equal(
            ["drift: /etc/audit/rules.d/10.rules is gone; /etc/audit/rules.d/99.rules is not the policy's", "put back /etc/audit/rules.d/10.rules", "removed /etc/audit/rules.d/99.rules"],
            agent.Messages.Skip(seen).Where(m => m.Contains(".rules", StringComparison.Ordinal)));
    }

    [KernelFact]
    public void Run_SomebodyUndoesEveryRepair_BacksOffAndSaysSo()
    {
        using NodeFixture node = Node();
        node.Environment["AA_POLL_INTERVAL"] = "100ms";
        AgentProcess agent = node.StartInSync();
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(20) && !agent.Messages.Any(m => m.Contains("so the next one waits", StringComparison.Ordinal)))
        {
            AuditMachine.ClearRules();
            Thread.Sleep(100);
        }

        agent.WaitForMessage("the kernel's rules: repaired 5 times within 5m or again after that: somebody changes it back; its next repair waits 10s, never longer");
        Assert.Equal(5, agent.Messages.Count(m => m.StartsWith("drift: ", StringComparison.Ordinal)));
        Assert.Equal(503, node.Get("/readyz").Status);

        // Nothing else waits for that.
        watch.Restart();
        AuditMachine.Run("sh", "-c", $"kill -STOP {agent.Pid}; auditctl -e 0; echo -D >/etc/audit/rules.d/99.rules; kill -CONT {agent.Pid}");
        Eventually.True(() => AuditMachine.Status()["enabled"] == "1" && !File.Exists("/etc/audit/rules.d/99.rules"), 20, () => string.Join('\n', agent.Lines));
        output.WriteLine($"disabled during a fight about rules: repaired {watch.ElapsedMilliseconds} ms after the act");
        node.WaitForRules(Policy);
        Eventually.True(() => node.Get("/readyz").Status == 200);
    }

    [KernelFact]
    public void Run_BadPolicyAndDrift_LastGoodPolicyIsRepaired()
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        node.Rules.Swap(("10.rules", "-a always,exit -S no_such_call\n"));
        agent.WaitForMessage("not in sync: 10.rules:1:");
        Assert.Equal(Policy, AuditMachine.Rules());
        AuditMachine.ClearRules();
        node.WaitForRules(Policy);
        File.Delete("/etc/audit/rules.d/10.rules");
        Eventually.True(() => File.Exists("/etc/audit/rules.d/10.rules"));
        Assert.Equal(503, node.Get("/readyz").Status);
    }

    [KernelFact]
    public void Run_AnotherProgramTakesTheSocket_IsNamedAndNotFought()
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        int auditd = NodeFixture.AuditdPid!.Value;
        AuditEventSocket? socket = null;
        AuditMachine.Run("kill", "-STOP", $"{agent.Pid}");
        try
        {
            AuditMachine.Run("kill", $"{auditd}");
            Eventually.True(() => AuditEventSocket.TryBecomeDaemon(out socket) == Errno.None);
            AuditMachine.Run("kill", "-CONT", $"{agent.Pid}");
            string name = File.ReadAllText($"/proc/{Environment.ProcessId}/comm").Trim();
            agent.WaitForMessage($"the kernel's audit socket belongs to another program: {name}, pid {Environment.ProcessId}");
            Thread.Sleep(1000);
            Assert.Null(NodeFixture.AuditdPid);
        }
        finally
        {
            socket?.Dispose();
        }

        Stopwatch watch = Stopwatch.StartNew();
        Eventually.True(() => NodeFixture.AuditdPid is { } pid && AuditMachine.Status()["pid"] == $"{pid}");
        output.WriteLine($"socket taken: auditd has it again {watch.ElapsedMilliseconds} ms after the other program gave it up (poll 300 ms)");
    }

    private static Dictionary<string, string> Settable() =>
        AuditMachine.Status().Where(s => s.Key is "enabled" or "failure" or "rate_limit" or "backlog_limit" or "backlog_wait_time").ToDictionary(s => s.Key, s => s.Value);
}
