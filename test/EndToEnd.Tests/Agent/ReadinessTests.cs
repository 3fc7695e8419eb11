using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>The pod's readiness is the node's compliance: false within one poll of whatever makes the node less than its policy, true again after.</summary>
public sealed class ReadinessTests(ITestOutputHelper output)
{
    private const int Poll = 500;
    private const string Rules = "-D\n-b 64\n-f 1\n-r 0\n--backlog_wait_time 0\n-a always,exit -F arch=b64 -S execve -k exec\n-a always,exit -F arch=b64 -S mount -k mount\n";

    // Beside the poll: who did it is looked for in auditd's log for a second, and the machine may be busy.
    private const int Slack = 3000;

    private static readonly (string Name, string Act)[] Drifts =
    [
        ("flushed", "auditctl -D"),
        ("one deleted", "auditctl -d always,exit -F arch=b64 -S mount -k mount"),
        ("one added", "auditctl -a always,exit -F arch=b64 -S chown -k x"),
        ("reordered", "auditctl -d always,exit -F arch=b64 -S execve -k exec ; auditctl -a always,exit -F arch=b64 -S execve -k exec"),
        ("never put first", "auditctl -A never,exit -F arch=b64 -S execve"),
        ("backlog_limit", "auditctl -b 77"),
        ("failure", "auditctl -f 0"),
        ("rate_limit", "auditctl -r 9000"),
        ("backlog_wait_time", "auditctl --backlog_wait_time 5"),
        ("disabled", "auditctl -e 0"),
        ("file edited", "echo '-e 0' >>/etc/audit/rules.d/10.rules"),
        ("file removed", "rm /etc/audit/rules.d/10.rules"),
        ("file added", "echo -D >/etc/audit/rules.d/99.rules"),
        ("file's mode", "chmod 666 /etc/audit/rules.d/10.rules"),
        ("file's owner", "chown 1 /etc/audit/rules.d/10.rules"),
        ("auditd ended", "kill $(cat /run/auditd.pid)"),
    ];

    [KernelFact]
    public void Readyz_EachDriftAndABadPolicy_FalseWithinOnePollAndTrueAgainAfter()
    {
        using NodeFixture node = Node();
        node.StartInSync();
        WaitFor(node, 200, "at the start");
        string saved = node.Files["rules-saved"];
        AuditMachine.Run("cp", "-a", "/etc/audit/rules.d", saved);
        string undo = $"rsync -a --delete {saved}/ /etc/audit/rules.d/ ; auditctl -D ; auditctl -R {node.Files.Write("all.rules", Rules)} ; auditctl -e 1 ; "
            + "kill -0 $(cat /run/auditd.pid) 2>/dev/null || auditd";
        foreach ((string name, string act) in Drifts)
        {
            AuditMachine.Run("sh", "-c", $"{{ {act} ; }} >/dev/null 2>&1");
            int not = WaitFor(node, 503, name);
            AuditMachine.TryRun("sh", ["-c", $"{{ {undo} ; }} >/dev/null 2>&1"]);
            output.WriteLine($"{name}: not ready after {not} ms, ready {WaitFor(node, 200, name)} ms after it was undone (poll {Poll} ms)");
        }

        node.Rules.Swap(("10.rules", "-a always,exit -S no_such_call\n"));
        int bad = WaitFor(node, 503, "bad policy");
        node.Rules.Swap(("10.rules", Rules));
        output.WriteLine($"bad policy: not ready after {bad} ms, ready {WaitFor(node, 200, "bad policy")} ms after it was mended");
    }

    [KernelFact]
    public void Readyz_KernelLosesRecords_FalseForAPollAndSaysHowMany()
    {
        using NodeFixture node = Node();
        AgentProcess agent = node.StartInSync();
        int auditd = NodeFixture.AuditdPid!.Value;
        AuditMachine.Run("kill", "-STOP", $"{auditd}");
        try
        {
            // More than its socket's buffer and the backlog of 64 hold.
            AuditMachine.Run("sh", "-c", "i=0; while [ $i -lt 1500 ]; do /bin/true; i=$((i + 1)); done");
            agent.WaitForMessage("in sync, but: the kernel lost ");
        }
        finally
        {
            AuditMachine.Run("kill", "-CONT", $"{auditd}");
        }

        Assert.Contains("aks_auditd_policy_in_sync 1", node.Get("/metrics").Body.Split('\n'));
        Assert.Matches("\naks_auditd_kernel_lost_records_total [1-9]", node.Get("/metrics").Body);
        WaitFor(node, 200, "nothing lost any more");
    }

    /// <summary>A node that has no program of ours has nobody who sends its events; that such a file is left out is no comfort.</summary>
    [KernelFact]
    public void Readyz_NodeLacksOurPlugin_False()
    {
        using NodeFixture node = Node();
        node.Environment["AA_ALLOWED_PLUGINS"] = "any";
        node.Plugins.Swap(("aks-auditd.conf", $"active = yes\ndirection = out\npath = {node.Files["nowhere"]}/aks-auditd\ntype = always\nargs = plugin\nformat = string\n"));
        AgentProcess agent = node.StartInSync();
        agent.WaitForMessage("in sync, but: the events program");
        WaitFor(node, 503, "no plugin");
        Assert.Contains("aks_auditd_events_up 0", node.Get("/metrics").Body.Split('\n'));
    }

    [KernelFact]
    public void Readyz_PluginHangsWithoutReport_FalseUntilItGoesOn()
    {
        using NodeFixture node = Node();
        node.Environment["AA_ALLOWED_PLUGINS"] = "any";
        string settings = node.Files.Write("events.yaml", $"to: file:{node.Files["events.json"]}\n");
        node.Plugins.Swap(("aks-auditd.conf", $"active = yes\ndirection = out\npath = {AgentProcess.Binary}\ntype = always\nargs = plugin --config={settings}\nformat = string\n"));
        AgentProcess agent = node.StartInSync();
        Eventually.True(() =>
        {
            // On a quiet machine nobody else starts a program.
            AuditMachine.Run("/bin/true");
            return node.Get("/metrics").Body.Contains("aks_auditd_rule_events_total{key=\"exec\"}", StringComparison.Ordinal);
        });
        Assert.Contains("aks_auditd_events_up 1", node.Get("/metrics").Body.Split('\n'));
        (_, string status, _) = AuditMachine.TryRun("env", [.. node.Environment.Select(e => $"{e.Key}={e.Value}"), AgentProcess.Binary, "status"]);
        Assert.Matches("(?m)^cost .*GB/day", status);
        Assert.Matches(@"(?m)^ +[0-9]+\.[0-9]+ +[0-9.]+ +[0-9.]+  exec$", status);

        string plugin = AuditMachine.Run("sh", "-c", $"grep -o '\"pid\":[0-9]*' /run/aks-auditd/events.json | cut -d: -f2").Trim();
        // For five seconds after auditd was started nothing is said of its plugins.
        Thread.Sleep(5000);
        AuditMachine.Run("kill", "-STOP", plugin);
        try
        {
            File.Delete("/run/aks-auditd/events.json");
            agent.WaitForMessage("in sync, but: the events program does not run: there is no /run/aks-auditd/events.json");
            Assert.Equal(503, node.Get("/readyz").Status);
        }
        finally
        {
            AuditMachine.Run("kill", "-CONT", plugin);
        }

        WaitFor(node, 200, "the plugin goes on", 10_000);
    }

    private static NodeFixture Node()
    {
        NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = $"{Poll}ms";
        node.Environment["AA_DRIFT"] = "report";
        node.Rules.Swap(("10.rules", Rules));
        return node;
    }

    private static int WaitFor(NodeFixture node, int status, string what, int slack = Slack)
    {
        Stopwatch watch = Stopwatch.StartNew();
        (int Status, string Body) answer = node.Get("/readyz");
        while (answer.Status != status)
        {
            Assert.True(watch.ElapsedMilliseconds < Poll + slack, $"{what}: /readyz is still {answer.Status} after {watch.ElapsedMilliseconds} ms: {answer.Body}");
            Thread.Sleep(20);
            answer = node.Get("/readyz");
        }

        return (int)watch.ElapsedMilliseconds;
    }
}
