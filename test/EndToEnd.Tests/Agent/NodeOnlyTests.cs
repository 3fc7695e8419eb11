using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary>Rules that only this node cannot have are left out and named; the others are loaded, and it is tried again.</summary>
public sealed class NodeOnlyTests(ITestOutputHelper output)
{
    private const string ExecRule = "-a always,exit -F arch=b64 -S execve -F key=exec";

    [KernelFact]
    public void Run_DirectoryMissing_RuleIsLeftOutUntilItAppears()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        string missing = node.Files["later"];
        node.Rules.Swap(("10.rules", NodeFixture.Exec + $"-a always,exit -F arch=b64 -F path={missing}/file -F perm=wa -k later\n"));
        AgentProcess agent = node.StartInSync();
        node.WaitForRules(ExecRule);
        Assert.Contains(agent.Messages, m => m.StartsWith("left out on this node: 10.rules:4: ", StringComparison.Ordinal) && m.Contains(missing, StringComparison.Ordinal));
        (int status, string body) = node.Get("/readyz");
        Assert.Equal(200, status);
        Assert.StartsWith("ok, degraded: 10.rules:4: ", body, StringComparison.Ordinal);

        Directory.CreateDirectory(missing);
        node.WaitForRules(ExecRule, $"-a always,exit -F arch=b64 -S all -F path={missing}/file -F perm=wa -F key=later");
        Eventually.True(() => node.Get("/readyz").Body == "ok\n");
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("drift", StringComparison.Ordinal));

        // The kernel drops a rule whose directory goes.
        Directory.Delete(missing);
        node.WaitForRules(ExecRule);
        Eventually.True(() => node.Get("/readyz").Body.StartsWith("ok, degraded: 10.rules:4: ", StringComparison.Ordinal));
    }

    /// <summary>A watch on what is not there is a path= rule; once it is a directory, dir=.</summary>
    [KernelFact]
    public void Run_WatchedDirectoryComesAndGoes_IsNoDrift()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        string watched = node.Files["later"];
        node.Rules.Swap(("10.rules", $"-D\n-w {watched}/ -p wa -k later\n" + NodeFixture.Exec[3..]));
        AgentProcess agent = node.StartInSync();
        Directory.CreateDirectory(watched);
        agent.WaitForMessage($"the node has changed, so a rule is loaded: -w {watched} -p wa -k later");
        int seen = agent.Messages.Count;
        Directory.Delete(watched);
        agent.WaitForMessage($"the node has changed, so a rule is loaded: -w {watched} -p wa -k later", seen);
        Eventually.True(() => node.Get("/readyz").Body == "ok\n");
        Assert.DoesNotContain(agent.Messages, m => m.StartsWith("drift", StringComparison.Ordinal) && !m.StartsWith("drift is found", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Run_UserUnknown_RuleIsLeftOutUntilItExists()
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "300ms";
        node.Rules.Swap(("10.rules", NodeFixture.Exec + "-a always,exit -F arch=b64 -S mount -F uid=aksaudtest -k user\n"));
        AgentProcess agent = node.StartInSync();
        node.WaitForRules(ExecRule);
        agent.WaitForMessage("left out on this node: 10.rules:4: ");
        byte[] passwd = File.ReadAllBytes("/etc/passwd");
        try
        {
            File.AppendAllText("/etc/passwd", "aksaudtest:x:54321:54321::/:/bin/false\n");
            node.WaitForRules(ExecRule, "-a always,exit -F arch=b64 -S mount -F uid=54321 -F key=user");
        }
        finally
        {
            File.WriteAllBytes("/etc/passwd", passwd);
        }
    }

    /// <summary>By inotify: the next poll is an hour away.</summary>
    [KernelTheory]
    [InlineData("directory")]
    [InlineData("directory below one that is missing too")]
    [InlineData("user")]
    public void Run_PollAnHourAway_WhatWasMissingComes_RuleIsLoadedAtOnce(string kind)
    {
        using NodeFixture node = new();
        node.Environment["AA_POLL_INTERVAL"] = "1h";
        string directory = node.Files[kind == "directory" ? "later" : "later/below"];
        string line = kind == "user" ? "-S mount -F uid=aksaudtest -k later" : $"-F path={directory}/file -F perm=wa -k later";
        node.Rules.Swap(("10.rules", NodeFixture.Exec + $"-a always,exit -F arch=b64 {line}\n"));
        AgentProcess agent = node.StartInSync();
        agent.WaitForMessage("left out on this node: 10.rules:4: ");
        Eventually.True(() => node.Get("/readyz").Body.StartsWith("ok, degraded", StringComparison.Ordinal));
        Thread.Sleep(500);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            if (kind == "user") AuditMachine.Run("useradd", "--system", "--no-create-home", "aksaudtest");
            else Directory.CreateDirectory(directory);
            watch.Restart();
            Eventually.True(() => AuditMachine.Rules().Any(r => r.EndsWith("-F key=later", StringComparison.Ordinal)), 10, () => string.Join('\n', agent.Lines));
            output.WriteLine($"{kind}: its rule is loaded {watch.ElapsedMilliseconds} ms after it came");
            Eventually.True(() => node.Get("/readyz").Body == "ok\n");
        }
        finally
        {
            if (kind == "user") AuditMachine.Run("userdel", "aksaudtest");
        }
    }
}
