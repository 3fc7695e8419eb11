using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Agent;

/// <summary><c>install</c> on this machine, which has the packages and no systemd.</summary>
public sealed partial class InstallTests
{
    private const string Own = "/usr/local/lib/aks-auditd";

    [KernelFact]
    public void Install_Twice_TheSecondWritesNothingOutsideItsStateDirectory()
    {
        Assert.False(Directory.Exists(Own), $"{Own} is there: an agent runs on this machine");
        using NodeFixture node = new();
        try
        {
            using (AgentProcess first = node.Start("install"))
            {
                first.WaitForExit();
                Assert.True(first.ExitCode == 0, string.Join('\n', first.Lines));
            }

            Assert.NotNull(NodeFixture.AuditdPid);
            Assert.Empty(WritesOfInstall(node));

            // What is seen by the same means when there is something to do.
            Directory.Delete(Own, recursive: true);
            Assert.Contains(WritesOfInstall(node), call => call.Contains(Own, StringComparison.Ordinal));
        }
        finally
        {
            if (Directory.Exists(Own)) Directory.Delete(Own, recursive: true);
        }
    }

    [KernelFact]
    public void Install_AfterEmbedded_TheRecordKeepsTheKernelAndLearnsTheRest()
    {
        Assert.False(Directory.Exists(Own), $"{Own} is there: an agent runs on this machine");
        using NodeFixture node = new();
        node.Rules.Swap(("10.rules", NodeFixture.Exec));
        node.Environment["AA_MODE"] = "embedded";
        node.StartInSync().Stop();
        JsonElement first = Before(node);
        Assert.Equal(JsonValueKind.Null, first.GetProperty("auditd").ValueKind);
        Assert.Empty(first.GetProperty("kernel").GetProperty("rules").EnumerateArray());
        try
        {
            node.Environment["AA_MODE"] = "auditd";
            AgentProcess install = node.Start("install");
            install.WaitForExit();
            Assert.True(install.ExitCode == 0, string.Join('\n', install.Lines));
            JsonElement then = Before(node);
            Assert.True(then.GetProperty("auditd").GetProperty("installed").GetBoolean());
            Assert.NotEmpty(then.GetProperty("packages").EnumerateArray());
            Assert.NotEmpty(then.GetProperty("directories").EnumerateArray());
            Assert.Equal(first.GetProperty("kernel").GetRawText(), then.GetProperty("kernel").GetRawText());
            Assert.Equal(first.GetProperty("takenAt").GetString(), then.GetProperty("takenAt").GetString());
        }
        finally
        {
            if (Directory.Exists(Own)) Directory.Delete(Own, recursive: true);
        }
    }

    private static JsonElement Before(NodeFixture node) => JsonDocument.Parse(File.ReadAllBytes($"{node.Environment["AA_STATE_DIR"]}/before.json")).RootElement;

    // The system calls by which install, or a program that it started, changed a file outside the state directory.
    private static string[] WritesOfInstall(NodeFixture node)
    {
        string trace = node.Files["trace"];
        using AgentProcess install = AgentProcess.Start("strace", ["-f", "-q", "-y", "-o", trace, "-e", "trace=%file,fchmod,fchown,ftruncate,fsetxattr", AgentProcess.Binary, "install"],
            node.Environment);
        install.WaitForExit(60);
        Assert.True(install.ExitCode == 0, string.Join('\n', install.Lines));
        string[] calls = File.ReadAllLines(trace);
        Assert.Contains(calls, call => call.Contains("/etc/os-release", StringComparison.Ordinal));
        string state = node.Environment["AA_STATE_DIR"];
        return [.. calls.Where(call => ChangesFile().IsMatch(call) && !call.Contains(" = -1 ", StringComparison.Ordinal)
            && !call.Contains(state, StringComparison.Ordinal) && !call.Contains("\"/dev/null\"", StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"^\d+ +(open\w*\(.*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC)|creat\(|rename|unlink|mkdir|rmdir|link|symlink|chmod|chown|fchmod|fchown|lchown|truncate|ftruncate|utime|futimesat|mknod|setxattr|lsetxattr|fsetxattr|removexattr)")]
    private static partial Regex ChangesFile();
}
