using EndToEnd.Tests.Support;
using NoEventLost;

namespace EndToEnd.Tests.Agent;

/// <summary>auditd.conf beside the plugin files in the ConfigMap, with the real auditd.</summary>
public sealed class AuditdConfTests(ITestOutputHelper output)
{
    private const string Conf = "/etc/audit/auditd.conf";
    private const string ExecRule = "-a always,exit -F arch=b64 -S execve -F key=exec";
    private const string MountLine = "-a always,exit -F arch=b64 -S mount -k mount\n";

    [KernelFact]
    public void Run_ChangedUnderLoad_AuditdTakesItOverAndNoProcessIsMissing()
    {
        using NodeFixture node = Node();
        string packaged = File.ReadAllText(Conf);
        AgentProcess agent = node.StartInSync();
        int auditd = NodeFixture.AuditdPid!.Value;
        Assert.Equal(packaged, File.ReadAllText(Conf));

        AuditMachine.Run("auditctl", "--reset-lost");
        ExecLoad.Compile(node.Files.Path);
        using ExecLoad load = ExecLoad.Start(node.Files.Path, 300);
        foreach (string format in (string[])["RAW", "ENRICHED", "RAW"])
        {
            int seen = agent.Messages.Count;
            string content = With(packaged, "log_format", format);
            node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", content));
            agent.WaitForMessage($"auditd took over {Conf}", seen);
            Assert.Equal(content, File.ReadAllText(Conf));
            Thread.Sleep(300);
        }

        (int count, double seconds) = load.Stop();
        Eventually.True(() => Missing(node, load.Tag, count).Count == 0, 10, () => $"missing: {string.Join(' ', Missing(node, load.Tag, count))}");
        Assert.Equal("0", AuditMachine.Status()["lost"]);
        Assert.Equal(auditd, NodeFixture.AuditdPid);
        Assert.Equal((UnixFileMode)0x1a0, File.GetUnixFileMode(Conf));
        output.WriteLine($"{count} processes in {seconds:0.0} s, 3 changes of auditd.conf, 0 missing");

        // Without it the packages' file is back, and is left alone from then on.
        int before = agent.Messages.Count;
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog));
        agent.WaitForMessage($"auditd took over {Conf}", before);
        Assert.Equal(packaged, File.ReadAllText(Conf));
        File.AppendAllText(Conf, "# mine\n");
        Thread.Sleep(1000);
        Assert.Equal(packaged + "# mine\n", File.ReadAllText(Conf));
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("drift", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Run_NoPluginIsActive_AuditdTakesItOverWithoutARestart()
    {
        using NodeFixture node = Node();
        string packaged = File.ReadAllText(Conf);
        string inactive = NodeFixture.Syslog.Replace("active = yes", "active = no", StringComparison.Ordinal);
        Assert.NotEqual(NodeFixture.Syslog, inactive);
        node.Plugins.Swap(("syslog.conf", inactive));
        AgentProcess agent = node.StartInSync();
        int auditd = NodeFixture.AuditdPid!.Value, seen = agent.Messages.Count;

        // As when somebody removes the plugin's file a moment after auditd.conf was edited.
        node.Plugins.Swap(("syslog.conf", inactive), ("auditd.conf", With(packaged, "freq", "20")));
        agent.WaitForMessage($"auditd took over {Conf}", seen);
        Assert.Equal(auditd, NodeFixture.AuditdPid);
    }

    [KernelTheory]
    [InlineData("edited")]
    [InlineData("removed")]
    [InlineData("mode")]
    public void Run_FileDrifts_IsRepaired(string kind)
    {
        using NodeFixture node = Node();
        string content = With(File.ReadAllText(Conf), "freq", "20");
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", content));
        AgentProcess agent = node.StartInSync();
        switch (kind)
        {
            case "edited": File.AppendAllText(Conf, "freq = 1\n"); break;
            case "removed": File.Delete(Conf); break;
            case "mode": File.SetUnixFileMode(Conf, (UnixFileMode)0x1b6); break;
        }

        agent.WaitForMessage($"drift: {Conf} ");
        Eventually.True(() => File.Exists(Conf) && File.ReadAllText(Conf) == content && File.GetUnixFileMode(Conf) == (UnixFileMode)0x1a0);
        Eventually.True(() => node.Get("/readyz").Status == 200);
    }

    [KernelFact]
    public void Run_MistakeInIt_RefusesThePolicyAndTouchesNothing()
    {
        using NodeFixture node = Node();
        string packaged = File.ReadAllText(Conf);
        AgentProcess agent = node.StartInSync();
        node.Rules.Swap(("10.rules", NodeFixture.Exec + MountLine));
        node.WaitForRules(ExecRule, "-a always,exit -F arch=b64 -S mount -F key=mount");
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", "num_logs = 1000\nspace_left = 75\nspace_left_action = exec /bin/sh\nplugin_dir = /etc/other\n"));
        agent.WaitForMessage("not in sync: auditd.conf:1:12: error AUD104: num_logs: \"1000\" is not valid");
        Assert.Contains(agent.Messages, m => m.Contains("auditd.conf: space_left_action: /bin/sh is not an allowed program", StringComparison.Ordinal)
            && m.Contains("auditd.conf: plugin_dir is /etc/other, and the plugin files go to /etc/audit/plugins.d", StringComparison.Ordinal));
        Assert.Equal(packaged, File.ReadAllText(Conf));
    }

    /// <summary>Whether auditd runs already, which then has to be silent for as long as one that stands still may be: of a long run.</summary>
    public static TheoryData<bool> WithoutAndWithAuditd => LongRun.IsOn ? [false, true] : [false];

    /// <summary>A file that only auditd can tell is not for it: here a key of a newer one.</summary>
    [KernelTheory]
    [MemberData(nameof(WithoutAndWithAuditd))]
    public void Run_AuditdRefusesIt_EverythingIsAsBeforeAndItIsNotTriedAgain(bool running)
    {
        using NodeFixture node = Node();
        string packaged = File.ReadAllText(Conf), refused = packaged + "report_interval = 5m\n";
        if (running) node.StartInSync().Stop();
        node.Rules.Swap(("10.rules", NodeFixture.Exec + MountLine));
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", refused));
        AgentProcess agent = node.Start();
        agent.WaitForMessage("; it is not given that file again", seconds: 60);
        Assert.Equal(packaged, File.ReadAllText(Conf));
        Assert.Equal(running ? [ExecRule] : [], AuditMachine.Rules());
        Eventually.True(() => NodeFixture.AuditdPid is not null);
        int auditd = NodeFixture.AuditdPid!.Value;
        Thread.Sleep(2500);
        Assert.Equal(auditd, NodeFixture.AuditdPid);
        Assert.Equal(503, node.Get("/readyz").Status);

        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog), ("auditd.conf", With(packaged, "freq", "20")));
        agent.WaitForSync();
        node.WaitForRules(ExecRule, "-a always,exit -F arch=b64 -S mount -F key=mount");
        Assert.Contains(agent.Messages, m => m == $"auditd took over {Conf}");
        output.WriteLine(agent.Messages.First(m => m.Contains("was rolled back", StringComparison.Ordinal)));
    }

    private static NodeFixture Node()
    {
        NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        return node;
    }

    private static string With(string conf, string key, string value) =>
        string.Join('\n', conf.Split('\n').Where(l => !l.StartsWith($"{key} =", StringComparison.Ordinal)).Prepend($"{key} = {value}"));

    // The log may have been rotated meanwhile.
    private static List<int> Missing(NodeFixture node, string tag, int count)
    {
        string all = node.Files["log"];
        string[] logs = ["/var/log/audit/audit.log.1", "/var/log/audit/audit.log"];
        File.WriteAllText(all, string.Concat(logs.Where(File.Exists).Select(File.ReadAllText)));
        return ExecLog.Missing(all, tag, count);
    }
}
