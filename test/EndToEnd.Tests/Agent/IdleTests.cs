using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>Nothing changed: nothing is written, nothing is sent to the kernel that changes it.</summary>
public sealed class IdleTests(ITestOutputHelper output)
{
    [KernelFact]
    public void Run_TwentyPollsWithoutChange_WriteNothing()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "100ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        AgentProcess agent = node.StartInSync();
        Thread.Sleep(1000);

        string trace = node.Files["trace"];
        int configurationChanges = ConfigurationChanges();
        using (AgentProcess strace = AgentProcess.Start("strace", ["-f", "-qq", "-o", trace, "-p", $"{agent.Pid}", "-e", "trace=%file,%desc,sendto,sendmsg"], node.Environment))
        {
            Eventually.True(() => File.Exists(trace) && Polls(File.ReadAllLines(trace)) > 20, 60);
            AuditMachine.Run("kill", "-INT", $"{strace.Pid}");
            strace.WaitForExit();
        }

        string[] calls = File.ReadAllLines(trace);
        string[] writing = ["O_WRONLY", "O_RDWR", "O_CREAT", "renameat", "unlinkat", "mkdirat", "fsync", "fchmod", "fchown", "ftruncate", "AUDIT_ADD_RULE", "AUDIT_DEL_RULE", "AUDIT_SET"];
        Assert.DoesNotContain(calls, l => writing.Any(w => l.Contains(w, StringComparison.Ordinal)) && !l.Contains("ENOENT", StringComparison.Ordinal) && !l.Contains("/dev/null", StringComparison.Ordinal));
        Assert.Equal(configurationChanges, ConfigurationChanges());
        output.WriteLine($"{Polls(calls)} polls, {calls.Length} file, descriptor and netlink calls, none that changes anything");
    }

    private static int Polls(string[] calls) => calls.Count(l => l.Contains("AUDIT_LIST_RULES", StringComparison.Ordinal) && l.Contains("sendto(", StringComparison.Ordinal));

    private static int ConfigurationChanges() => File.ReadLines("/var/log/audit/audit.log").Count(l => l.StartsWith("type=CONFIG_CHANGE", StringComparison.Ordinal));
}
