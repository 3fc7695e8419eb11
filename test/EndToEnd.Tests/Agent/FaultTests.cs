using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>A system call of an apply fails (strace injects the error): files and kernel are as before, it is said, and the next try succeeds.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const string OldFile = "-D\n-a always,exit -F arch=b64 -S execve -k exec\n";
    private const string NewFile = "-D\n-a always,exit -F arch=b64 -S execve -k exec\n-a always,exit -F arch=b64 -S mount -k mount\n";
    private const string NewSecond = "-a always,exit -F arch=b64 -S chown -k mount\n";
    private static readonly string[] OldRules = ["-a always,exit -F arch=b64 -S execve -F key=exec"];

    /// <summary>
    /// Call, its n-th occurrence, error. In a long run every error at every call; else each error and each call once.
    /// </summary>
    public static TheoryData<string, int, string> Faults
    {
        get
        {
            (string Call, int Occurrence)[] calls =
                [("fsync", 1), ("fsync", 2), ("fsync", 3), ("fchmod", 1), ("fchmod", 2), ("fchown", 1), ("renameat", 1), ("renameat", 2)];
            string[] errors = ["ENOSPC", "EROFS", "EACCES", "EIO"];
            TheoryData<string, int, string> faults = [];
            for (int i = 0; i < calls.Length; i++)
            {
                foreach (string error in LongRun.IsOn ? errors : [errors[i % errors.Length]]) faults.Add(calls[i].Call, calls[i].Occurrence, error);
            }

            return faults;
        }
    }

    [KernelTheory]
    [MemberData(nameof(Faults))]
    public void Run_FileCallFails_NodeIsAsBeforeAndHeals(string call, int occurrence, string error)
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", OldFile));
        node.StartInSync().Stop();
        node.Rules.Swap(("10.rules", NewFile), ("20.rules", NewSecond));

        AgentProcess agent = node.StartUnder("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={occurrence}");
        agent.WaitForMessage("was rolled back: ");
        string said = agent.Messages.First(m => m.Contains("was rolled back: ", StringComparison.Ordinal));
        Assert.Contains(error, said, StringComparison.Ordinal);
        Assert.Contains("/etc/audit/rules.d", said, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be put back", said, StringComparison.Ordinal);

        // Before the next try, a second later.
        Assert.Equal(OldRules, AuditMachine.Rules());
        Assert.Equal(OldFile, File.ReadAllText("/etc/audit/rules.d/10.rules"));
        Assert.False(File.Exists("/etc/audit/rules.d/20.rules"));

        agent.WaitForSync();
        node.WaitForRules([.. OldRules, "-a always,exit -F arch=b64 -S mount -F key=mount", "-a always,exit -F arch=b64 -S chown -F key=mount"]);
        Assert.Equal(NewFile, File.ReadAllText("/etc/audit/rules.d/10.rules"));
        agent.Stop();
        output.WriteLine($"{call} {occurrence} {error}: {said}");
    }
}
