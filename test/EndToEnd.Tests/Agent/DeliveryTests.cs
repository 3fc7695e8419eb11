using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>Whether events can leave the node. What needs another syslog daemon than this machine's is in test/nodevm (no-rsyslog, apparmor).</summary>
public sealed class DeliveryTests
{
    private const string NoDaemon = "no syslog daemon runs on this node (rsyslogd, syslog-ng): what is sent to syslog stays in the journal";

    [KernelFact]
    public void Readyz_NoSyslogDaemon_IsDegradedOrNotReadyAsConfigured()
    {
        Assert.SkipWhen(Process.GetProcessesByName("rsyslogd").Length > 0, "a syslog daemon runs on this machine");
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        agent.WaitForMessage($"events do not leave this node: {NoDaemon}");
        Assert.Equal((200, $"ok, degraded: events do not leave this node: {NoDaemon}\n"), node.Get("/readyz"));
        Assert.Contains("aks_auditd_delivery_up{stage=\"syslog\"} 0", node.Get("/metrics").Body.Split('\n'));
        Assert.Contains("aks_auditd_delivery_up{stage=\"plugin\"} 1", node.Get("/metrics").Body.Split('\n'));
        (int exitCode, string status, _) = Status(node);
        Assert.Equal(0, exitCode);
        Assert.Matches($"(?m)^way out +{System.Text.RegularExpressions.Regex.Escape(NoDaemon)}$", status);
        agent.Stop();

        node.Environment["AA_DELIVERY"] = "require";
        agent = node.Start();
        agent.WaitForMessage($"in sync, but: {NoDaemon}");
        Assert.Equal((503, NoDaemon + "\n"), node.Get("/readyz"));
        Assert.Equal(1, Status(node).ExitCode);
    }

    /// <summary>As when auditd has given a plugin up: it stands still here, so that it cannot start the plugin again by itself.</summary>
    [KernelFact]
    public void Run_AuditdDoesNotRunItsPlugin_IsSaidAndStartedAgain()
    {
        using NodeFixture node = Node();
        node.Environment["AA_FORWARDER"] = "none";
        node.Environment["AA_ALLOWED_PLUGINS"] = "any";
        node.Plugins.Swap(("cat.conf", "active = yes\ndirection = out\npath = /usr/bin/cat\ntype = always\nargs = -n\nformat = string\n"));
        AgentProcess agent = node.StartInSync();
        string auditd = $"{NodeFixture.AuditdPid}";
        AuditMachine.Run("kill", "-STOP", auditd);
        try
        {
            AuditMachine.Run("pkill", "-KILL", "-P", auditd);
            agent.WaitForMessage("events do not leave this node: auditd does not run its plugin cat.conf: it could not start it, or has given up after max_restarts");
            Assert.Contains("ok, degraded: events do not leave this node: auditd does not run its plugin cat.conf", node.Get("/readyz").Body, StringComparison.Ordinal);
            agent.WaitForMessage("auditd did not run its plugin cat.conf: it was told to start it again");
        }
        finally
        {
            AuditMachine.Run("kill", "-CONT", auditd);
        }

        Eventually.True(() =>
        {
            AuditMachine.Run("/bin/true");
            return node.Get("/metrics").Body.Split('\n').Contains("aks_auditd_delivery_up{stage=\"plugin\"} 1");
        }, 20, () => node.Get("/status").Body);
        Assert.Equal((200, "ok\n"), node.Get("/readyz"));
    }

    private static (int ExitCode, string Output, string Error) Status(NodeFixture node) =>
        AuditMachine.TryRun("env", [.. node.Environment.Select(e => $"{e.Key}={e.Value}"), AgentProcess.Binary, "status"]);

    private static NodeFixture Node()
    {
        NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "500ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        return node;
    }
}
