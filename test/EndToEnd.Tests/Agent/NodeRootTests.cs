using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>The agent as in its pod: the node mounted under a directory, the ConfigMaps beside it, two capabilities.</summary>
public sealed class NodeRootTests
{
    [KernelFact]
    public void Run_NodeUnderADirectoryWithTwoCapabilities_KeepsThePolicy()
    {
        using NodeFixture node = new();
        string root = Directory.CreateDirectory(node.Files["node"]).FullName;
        AuditMachine.Run("mount", "--rbind", "/", root);
        AuditMachine.Run("mount", "--make-rprivate", root);
        try
        {
            node.Environment["AA_HOST_ROOT"] = root;
            node.Rules.Swap(("10.rules", NodeFixture.Exec));
            // The node's auditd needs more than the agent may; in the cluster systemd starts it.
            node.StartInSync().Stop();
            AuditMachine.ClearRules();

            AgentProcess agent = node.StartUnder("setpriv", "--bounding-set=-all,+audit_control,+sys_chroot", "--inh-caps=-all", "--no-new-privs");
            agent.WaitForSync();
            node.WaitForRules("-a always,exit -F arch=b64 -S execve -F key=exec");
            string capabilities = File.ReadLines($"/proc/{agent.Pid}/status").Single(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
            Assert.Equal("CapEff:\t0000000040040000", capabilities);
            Assert.Equal(root, new FileInfo($"/proc/{agent.Pid}/root").LinkTarget);
            node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -k mount\n"));
            node.WaitForRules("-a always,exit -F arch=b64 -S execve -F key=exec", "-a always,exit -F arch=b64 -S mount -F key=mount");
        }
        finally
        {
            foreach (AgentProcess agent in node.Agents) agent.Dispose();
            AuditMachine.Run("umount", "-R", "-l", root);
        }
    }
}
