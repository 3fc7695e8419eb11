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
        // 100 ms each when nothing else runs; a busy machine makes them longer.
        using (AgentProcess strace = AgentProcess.Start("timeout", ["-s", "INT", "12", "strace", "-f", "-qq", "-o", trace, "-p", $"{agent.Pid}", "-e", "trace=%file,%desc,sendto,sendmsg"], node.Environment))
            strace.WaitForExit();

        string[] calls = File.ReadAllLines(trace);
        int polls = calls.Count(l => l.Contains("AUDIT_LIST_RULES", StringComparison.Ordinal) && l.Contains("sendto(", StringComparison.Ordinal));
        Assert.True(polls >= 20, $"only {polls} polls");
        string[] writing = ["O_WRONLY", "O_RDWR", "O_CREAT", "renameat", "unlinkat", "mkdirat", "fsync", "fchmod", "fchown", "ftruncate", "AUDIT_ADD_RULE", "AUDIT_DEL_RULE", "AUDIT_SET"];
        Assert.DoesNotContain(calls, l => writing.Any(w => l.Contains(w, StringComparison.Ordinal)) && !l.Contains("ENOENT", StringComparison.Ordinal) && !l.Contains("/dev/null", StringComparison.Ordinal));
        Assert.Equal(configurationChanges, ConfigurationChanges());
        output.WriteLine($"{polls} polls, {calls.Length} file, descriptor and netlink calls, none that changes anything");
    }

    private static int ConfigurationChanges() => File.ReadLines("/var/log/audit/audit.log").Count(l => l.StartsWith("type=CONFIG_CHANGE", StringComparison.Ordinal));
}
