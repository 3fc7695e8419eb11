using System.Security.Cryptography;
using System.Text;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>From ConfigMap volume to kernel, with the real auditd.</summary>
public sealed class SyncTests
{
    private const string ExecRule = "-a always,exit -F arch=b64 -S execve -F key=exec";
    private const string MountRule = "-a always,exit -F arch=b64 -S mount -F key=mount";
    private const string ChownRule = "-a always,exit -F arch=b64 -S chown -F key=mount";

    [KernelFact]
    public void Run_FilesAddedChangedDeleted_KernelFollows()
    {
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.StartInSync();
        node.WaitForRules(ExecRule);
        Assert.Equal(["10.rules"], Directory.GetFiles("/etc/audit/rules.d").Select(Path.GetFileName));
        Assert.NotNull(NodeFixture.AuditdPid);
        Assert.Equal((200, "ok\n"), node.Get("/readyz"));

        node.Rules.Swap(("10.rules", NodeFixture.Exec), ("20.rules", "-a always,exit -F arch=b64 -S mount -k mount"));
        node.WaitForRules(ExecRule, MountRule);
        node.Rules.Swap(("10.rules", NodeFixture.Exec), ("20.rules", "-a always,exit -F arch=b64 -S chown -k mount"));
        node.WaitForRules(ExecRule, ChownRule);
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.WaitForRules(ExecRule);
        Eventually.True(() => Directory.GetFiles("/etc/audit/rules.d").Select(Path.GetFileName).SequenceEqual(["10.rules"]));
        Assert.InRange(agent.Stop().TotalSeconds, 0, 2);
        Assert.Equal(0, agent.ExitCode);
        node.WaitForRules(ExecRule);
    }

    [KernelFact]
    public void Run_WithoutInotify_PollSeesTheChange()
    {
        using NodeFixture node = new();
        node.Environment["AA_WATCH"] = "false";
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.StartInSync();
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n"));
        node.WaitForRules(ExecRule, MountRule);
    }

    [KernelFact]
    public void Run_PollAnHourAway_InotifySeesTheChange()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "1h";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.StartInSync();
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n"));
        node.WaitForRules(ExecRule, MountRule);
    }

    [KernelFact]
    public void Run_ChangedWhileStopped_NextStartApplies()
    {
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.StartInSync().Stop();
        int? auditd = NodeFixture.AuditdPid;
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n"));
        node.StartInSync();
        node.WaitForRules(ExecRule, MountRule);
        Assert.Equal(auditd, NodeFixture.AuditdPid);
    }

    [KernelFact]
    public void Run_ThousandSwaps_EveryAppliedVersionIsWhole()
    {
        const int Swaps = 1000;
        using NodeFixture node = new();
        HashSet<string> written = [PolicyHash(Version(0))[..12]];
        node.Rules.Swap(Version(0));
        AgentProcess agent = node.StartInSync();
        for (int i = 1; i <= Swaps; i++)
        {
            written.Add(PolicyHash(Version(i))[..12]);
            node.Rules.Swap(Version(i));
            if (i % 50 == 0) Thread.Sleep(100);
        }

        node.WaitForRules([.. Enumerable.Range(0, 3).Select(n => $"-a always,exit -F arch=b64 -S mount -F key=v{Swaps}-{n}")]);
        string last = PolicyHash(Version(Swaps))[..12];
        agent.WaitForMessage($"policy {last}: files ");
        string[] applied = [.. agent.Messages.Where(m => m.StartsWith("policy ", StringComparison.Ordinal)).Select(m => m[7..19])];
        Assert.All(applied, hash => Assert.Contains(hash, written));
        Assert.True(applied.Length > 5, $"only {applied.Length} versions were applied");
        Assert.Equal(last, applied[^1]);

        static (string, string)[] Version(int version) =>
        [
            ("0.rules", $"-D\n-a always,exit -F arch=b64 -S mount -k v{version}-0\n"),
            ("1.rules", $"-a always,exit -F arch=b64 -S mount -k v{version}-1\n"),
            ("2.rules", $"-a always,exit -F arch=b64 -S mount -k v{version}-2\n"),
        ];
    }

    [KernelFact]
    public void Run_Overlay_KeepsForeignFiles()
    {
        using NodeFixture node = new();
        node.Environment["AA_SYNC"] = "overlay";
        File.WriteAllText("/etc/audit/rules.d/00-site.rules", "-D\n-a always,exit -F arch=b64 -S mount -k mount\n");
        node.Rules.Swap(("10.rules", "-a always,exit -F arch=b64 -S execve -k exec\n"), ("20.rules", "-a always,exit -F arch=b64 -S chown -k mount\n"));
        node.StartInSync();
        node.WaitForRules(MountRule, ExecRule, ChownRule);
        node.Rules.Swap(("10.rules", "-a always,exit -F arch=b64 -S execve -k exec\n"));
        node.WaitForRules(MountRule, ExecRule);
        Assert.True(File.Exists("/etc/audit/rules.d/00-site.rules"));
        Assert.True(File.Exists("/etc/audit/rules.d/audit.rules"));
        Eventually.True(() => !File.Exists("/etc/audit/rules.d/20.rules"));
    }

    [KernelFact]
    public void Run_WorkspaceId_OmsFilesArriveToo()
    {
        using NodeFixture node = new();
        string target = Directory.CreateDirectory(node.Files["oms-target"]).FullName;
        AksAuditd.Tests.Support.VolumeWriter oms = new(node.Files["oms"]);
        oms.Swap(("audit.conf", "<source>\n</source>\n"));
        node.Environment["LOG_ANALYTICS_WORKSPACE_ID"] = "0000-1111";
        node.Environment["AA_OMS_SOURCE"] = oms.Path;
        node.Environment["AA_OMS_DIR"] = target;
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.StartInSync();
        Assert.Equal("<source>\n</source>\n", File.ReadAllText($"{target}/audit.conf"));
        oms.Swap(("audit.conf", "<match>\n</match>\n"));
        Eventually.True(() => File.ReadAllText($"{target}/audit.conf") == "<match>\n</match>\n");
    }

    [KernelFact]
    public void Run_PluginChanged_AuditdRunsItWithItsNewArguments()
    {
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.StartInSync();
        Eventually.True(() => CommandLines().Contains("/sbin/audisp-syslog LOG_INFO LOG_LOCAL6"));
        node.Plugins.Swap(("syslog.conf", NodeFixture.Syslog.Replace("LOG_LOCAL6", "LOG_LOCAL5", StringComparison.Ordinal)));
        Eventually.True(() => CommandLines().Contains("/sbin/audisp-syslog LOG_INFO LOG_LOCAL5"), 20, () => string.Join('\n', CommandLines()));
        Eventually.True(() => !CommandLines().Contains("/sbin/audisp-syslog LOG_INFO LOG_LOCAL6"));

        static string[] CommandLines() => AuditMachine.Run("ps", "-eo", "args").Split('\n', StringSplitOptions.TrimEntries);
    }

    /// <summary>The hash by its definition: sha256 over a line "set/name sha256" for each file, rules then plugins.</summary>
    private static string PolicyHash((string Name, string Content)[] rules)
    {
        string text = string.Concat(rules.Select(f => $"rules/{f.Name} {Sha256(f.Content)}\n")) + $"plugins/syslog.conf {Sha256(NodeFixture.Syslog)}\n";
        return Sha256(text);

        static string Sha256(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
