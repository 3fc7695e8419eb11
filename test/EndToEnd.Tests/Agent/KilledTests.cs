using System.Globalization;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>
/// SIGKILL at every file and netlink system call of an apply, one run each: strace kills the agent when it enters the k-th of a kind. Whichever it is, the kernel
/// has the old rules, the new ones, or the old and the new ones, never a part; every file is whole; and the next start ends with the new policy.
/// </summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    private static readonly string[] Calls = ["write", "fsync", "fchmod", "fchown", "renameat", "unlinkat", "sendto", "ftruncate"];
    private static readonly string[] Keys = ["a", "b"];

    [KernelFact]
    public void Run_KilledAtEveryCallOfAnApply_OldOrNewAndTheNextStartFinishes()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "1h";
        node.Rules.Swap(Version(0));
        node.StartInSync().Stop();

        int points = 0, old = 0, @new = 0, between = 0, version = 0, call = 0, occurrence = 0;
        while (call < Calls.Length)
        {
            occurrence++;
            int from = version;
            version = 1 - from;
            string[] before = Rules(from), after = Rules(version);
            node.Rules.Swap(Version(version));
            AgentProcess agent = node.StartUnder("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={Calls[call]}",
                "-e", string.Create(CultureInfo.InvariantCulture, $"inject={Calls[call]}:signal=KILL:when={occurrence}"));
            Eventually.True(() => agent.HasExited || agent.Messages.Any(m => m.StartsWith("in sync: ", StringComparison.Ordinal)), 30, () => string.Join('\n', agent.Lines));
            if (!agent.HasExited)
            {
                agent.Stop();
                Assert.Equal(after, AuditMachine.Rules());
                (call, occurrence) = (call + 1, 0);
                continue;
            }

            points++;
            string[] kernel = AuditMachine.Rules();
            // Old, new, or all of both: the new rules are in before the old ones go, or an event between them would be missed.
            Assert.True(kernel.SequenceEqual(before) || kernel.SequenceEqual(after) || (before.All(kernel.Contains) && after.All(kernel.Contains)), $"killed at {Calls[call]} {occurrence}: the kernel has part of a policy:\n{string.Join('\n', kernel)}");
            foreach ((string name, _) in Version(0).Concat(Version(1)).DistinctBy(f => f.Name))
            {
                string path = $"/etc/audit/rules.d/{name}";
                string? content = File.Exists(path) ? File.ReadAllText(path) : null;
                string?[] whole = [Content(from, name), Content(version, name)];
                Assert.Contains(content, whole);
            }

            bool isOld = kernel.SequenceEqual(before), isNew = kernel.SequenceEqual(after);
            (old, @new, between) = (old + (isOld ? 1 : 0), @new + (isNew ? 1 : 0), between + (isOld || isNew ? 0 : 1));
            output.WriteLine($"killed at {Calls[call]} {occurrence}: kernel {(isOld ? "old" : isNew ? "new" : "old and new")}, files {Files(from, version)}");

            node.StartInSync().Stop();
            Assert.Equal(after, AuditMachine.Rules());
            foreach (string directory in (string[])["/etc/audit/rules.d", "/etc/audit/plugins.d", node.Environment["AA_STATE_DIR"]])
                Assert.DoesNotContain(Directory.GetFiles(directory, ".*", new EnumerationOptions { AttributesToSkip = 0 }), f => f.EndsWith(".aks-auditd-new", StringComparison.Ordinal));
            foreach ((string name, string content) in Version(version)) Assert.Equal(content, File.ReadAllText($"/etc/audit/rules.d/{name}"));
        }

        output.WriteLine($"{points} kill points: {old} with the old rules, {@new} with the new, {between} with both, whole");
        Assert.True(points > 20, $"only {points} kill points");
    }

    // Two changed files, one that comes and goes, a rule that stays, rules that move past it.
    private static (string Name, string Content)[] Version(int version) => version == 0
        ? [("10.rules", "-D\n-b 8192\n-a always,exit -F arch=b64 -S execve -k exec\n-a always,exit -F arch=b64 -S mount -k a\n"), ("20.rules", "-a always,exit -F arch=b64 -S chown -k a\n")]
        : [("10.rules", "-D\n-b 8200\n-a always,exit -F arch=b64 -S chown -k b\n-a always,exit -F arch=b64 -S execve -k exec\n"), ("20.rules", "-a always,exit -F arch=b64 -S mount -k b\n"),
            ("30.rules", "-a always,exit -F arch=b64 -S umount2 -k b\n")];

    // What rules.d has: which files are of which version.
    private static string Files(int from, int to)
    {
        string[] names = [.. Version(from).Concat(Version(to)).Select(f => f.Name).Distinct()];
        int changed = names.Count(n => (File.Exists($"/etc/audit/rules.d/{n}") ? File.ReadAllText($"/etc/audit/rules.d/{n}") : null) == Content(to, n));
        return changed == 0 ? "old" : changed == names.Length ? "new" : $"{changed} of {names.Length} new";
    }

    private static string? Content(int version, string name) => Version(version).FirstOrDefault(f => f.Name == name).Content;

    private static string[] Rules(int version) => version == 0
        ? ["-a always,exit -F arch=b64 -S execve -F key=exec", $"-a always,exit -F arch=b64 -S mount -F key={Keys[0]}", $"-a always,exit -F arch=b64 -S chown -F key={Keys[0]}"]
        : [$"-a always,exit -F arch=b64 -S chown -F key={Keys[1]}", "-a always,exit -F arch=b64 -S execve -F key=exec",
            $"-a always,exit -F arch=b64 -S mount -F key={Keys[1]}", $"-a always,exit -F arch=b64 -S umount2 -F key={Keys[1]}"];
}
