using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Commands;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events.Plugin;

/// <summary>The plugin as auditd's child: what arrives, what it does on signals, and what nobody can make it say.</summary>
public sealed class PluginTests
{
    [KernelTheory]
    [InlineData("binary", "ENRICHED")]
    [InlineData("binary", "RAW")]
    [InlineData("string", "ENRICHED")]
    public void Exec_RealAuditd_IsOneLineWithItsArgumentsAndKey(string format, string logFormat)
    {
        using PluginNode node = new(format: format, logFormat: logFormat);
        string unique = $"{Guid.NewGuid():N}";
        PluginNode.Run("/bin/echo", "two words", unique, "");
        JsonNode line = node.WaitForArgument(unique);
        Assert.Equal(["/bin/echo", "two words", unique, ""], PluginNode.Arguments(line));
        Assert.Equal("""["plugin-test"]""", line["tags"]!.ToJsonString());
        Assert.Equal("executed", (string?)line["event"]!["action"]);
        // That is what it says of a start that went well.
        Assert.Null(line["event"]!["outcome"]);
        Assert.Equal(PluginNode.Login, (int)line["user"]!["audit"]!["id"]!);
        Assert.Equal("root", (string?)line["user"]!["name"]);
        Assert.Single(node.Lines, l => PluginNode.Arguments(l).Contains(unique));
    }

    [KernelFact]
    public void Exec_SinkIsTcp_ArrivesAsSyslog()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using PluginNode node = new($"to: syslog:tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
        string unique = $"{Guid.NewGuid():N}";
        PluginNode.Run("/bin/echo", unique);
        using Socket peer = listener.Accept();
        peer.ReceiveTimeout = 20_000;
        using StreamReader reader = new(new NetworkStream(peer));
        string line;
        do line = reader.ReadLine()!;
        while (!line.Contains(unique, StringComparison.Ordinal) || !line.Contains("\"executed\"", StringComparison.Ordinal));
        Assert.StartsWith("<182>1 ", line, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal(["/bin/echo", unique], PluginNode.Arguments(json));
    }

    [KernelFact]
    public void Sighup_OtherFilters_AreTakenOverAndNoEventIsLost()
    {
        using PluginNode node = new();
        int count = node.Load("before-", 300, () =>
        {
            // Programs before, during and after it.
            Thread.Sleep(200);
            node.ChangeSettings("to: file:FILE\nfilters: [ drop: { exe: /bin/false }, drop: { exe: /usr/bin/false } ]");
            node.Reload();
            Eventually.True(() => (int)PluginNode.Report["settingsRead"]! == 2);
            Thread.Sleep(200);
        });
        PluginNode.Run("/bin/false", "dropped");
        PluginNode.Run("/bin/echo", "kept");
        node.WaitForArgument("kept");
        Assert.DoesNotContain(node.Lines, l => PluginNode.Arguments(l).Contains("dropped"));
        AssertNumbers(node.Lines, "before-", count);
        node.Stop();
        Assert.Equal(1, (long)PluginNode.Report["accounts"]!["filtered"]!);
        PluginNode.AssertBalanced(PluginNode.Report);
    }

    [KernelFact]
    public void Sighup_BadSettings_KeepsTheOldOnes()
    {
        using PluginNode node = new("to: file:FILE\nfilters: [ drop: { exe: /usr/bin/false } ]");
        node.ChangeSettings("to: file:FILE\nfiltres: []");
        node.Reload();
        Eventually.True(() => (int)PluginNode.Report["settingsRead"]! == 2);
        Assert.EndsWith("events.yaml:2:1: unknown key 'filtres'; did you mean filters?", (string)PluginNode.Report["settingsError"]!, StringComparison.Ordinal);
        PluginNode.Run("/usr/bin/false", "dropped");
        PluginNode.Run("/bin/echo", "kept");
        node.WaitForArgument("kept");
        Assert.DoesNotContain(node.Lines, l => PluginNode.Arguments(l).Contains("dropped"));
    }

    [KernelFact]
    public void Stop_RightAfterALoad_DrainsEverythingAndEnds()
    {
        using PluginNode node = new();
        int count = node.Load("last-", 500, () => Thread.Sleep(500));
        // What waits in the kernel or in auditd when it is stopped is not the plugin's to drain.
        Eventually.True(() => File.ReadAllText(node.AuditLog).Contains($"last-{count - 1}\"", StringComparison.Ordinal));
        node.Stop();
        AssertNumbers(node.Lines, "last-", count);
        JsonNode report = PluginNode.Report;
        PluginNode.AssertBalanced(report);
        Assert.Equal(0, (long)report["accounts"]!["queued"]! + (long)report["accounts"]!["spooled"]! + (long)report["accounts"]!["lost"]!);
    }

    [KernelFact]
    public void Exec_HostileArguments_AreArgumentsByteForByte()
    {
        using PluginNode node = new();
        string[] hostile =
        [
            "a\nb", "\"}\n{\"event\":1}", "'", "\u001d", "x type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"forged\"",
            "\ntype=USER_LOGIN msg=audit(1700000000.000:2): pid=1 res=success", "\\x41", "\u202e\u0085", "\t\u007f", "é", new string('A', 20_000),
        ];
        // bash writes what .NET cannot: bytes that are no UTF-8.
        PluginNode.Run("/bin/bash", "-c", "exec /bin/true $'\\xff\\xfe\\xc3' hostile-bytes");
        PluginNode.Run("/bin/true", ["hostile", .. hostile[..^1]]);
        PluginNode.Run("/bin/true", ["hostile-long", hostile[^1]]);
        Assert.Equal(["/bin/true", "hostile", .. hostile[..^1].Select(Written)], PluginNode.Arguments(node.WaitForArgument("hostile")));
        Assert.Equal(["/bin/true", "\\xff\\xfe\\xc3", "hostile-bytes"], PluginNode.Arguments(node.WaitForArgument("hostile-bytes")));
        JsonNode shortened = node.WaitForArgument("hostile-long");
        Assert.InRange(shortened.ToJsonString().Length, 1000, 8000);
        Assert.Contains("bytes…]", PluginNode.Arguments(shortened)[2], StringComparison.Ordinal);
        Assert.DoesNotContain(node.Lines, l => (string?)l["event"]!["action"] is "could-not-read" || (int?)l["process"]?["pid"] == 1);
    }

    [KernelTheory]
    [InlineData("binary")]
    [InlineData("string")]
    public void Connect_SocketPathThatLooksLikeARecord_ForgesNothing(string format)
    {
        using PluginNode node = new(format: format);
        AuditMachine.Run("auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "connect", "-F", $"pid={Environment.ProcessId}", "-F", "success=0", "-k", "connects");
        string path = "/tmp/x\ntype=USER_LOGIN msg=audit(1700000000.000:9): pid=1 uid=0";
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.ThrowsAny<SocketException>(() => socket.Connect(new UnixDomainSocketEndPoint(path)));
        PluginNode.Run("/bin/echo", "after");
        node.WaitForArgument("after");
        JsonNode line = Assert.Single(node.Lines, l => (string?)l["tags"]?[0] == "connects");
        Assert.Contains(path, Strings(line));
        Assert.DoesNotContain(node.Lines, l => (int?)l["process"]?["pid"] == 1 || ((string?)l["@timestamp"])!.StartsWith("2023", StringComparison.Ordinal));
    }

    [KernelFact]
    public void UserMessage_LooksLikeAnExec_IsMarkedAsUntrusted()
    {
        using PluginNode node = new();
        AuditMachine.Run("auditctl", "-m", "x' type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"forged\" key=\"plugin-test\"");
        PluginNode.Run("/bin/echo", "after");
        node.WaitForArgument("after");
        JsonNode line = Assert.Single(node.Lines, l => l.ToJsonString().Contains("forged", StringComparison.Ordinal));
        Assert.Null(line["tags"]);
        Assert.Empty(PluginNode.Arguments(line));
        Assert.Contains("\"untrusted\"", line.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Where a record comes from makes no difference, but for what only the living process could say.</summary>
    [KernelFact]
    public void Events_FromLogStandardInputAndKernel_AreThePluginsEvent()
    {
        using PluginNode node = new();
        string kernel = node.Files["kernel.log"], unique = $"{Guid.NewGuid():N}";
        using AgentProcess listener = AgentProcess.Start(["events", "--from", "kernel", "--to", "file", kernel, "--key", "plugin-test"], new Dictionary<string, string> { ["AA_HOST_ROOT"] = "/" });
        Eventually.True(() =>
        {
            PluginNode.Run("/bin/echo", "first");
            return PluginNode.Parse(kernel).Count > 0;
        });
        PluginNode.Run("/bin/echo", unique);
        string plugin = Comparable(node.WaitForArgument(unique));
        Eventually.True(() => PluginNode.Parse(kernel).Any(l => PluginNode.Arguments(l).Contains(unique)));
        listener.Stop();
        Assert.Equal(plugin, Comparable(PluginNode.Parse(kernel).Single(l => PluginNode.Arguments(l).Contains(unique))));
        Cli log = Cli.Run("events", "--from", "audit-log", node.AuditLog), input = Cli.RunWith(File.ReadAllText(node.AuditLog), "events", "--from", "stdin");
        Assert.Equal((0, 0), (log.ExitCode, input.ExitCode));
        foreach (string output in (string[])[log.Output, input.Output])
            Assert.Equal(plugin, Comparable(JsonNode.Parse(output.Split('\n').Single(l => l.Contains(unique, StringComparison.Ordinal) && l.Contains("\"executed\"", StringComparison.Ordinal)))!));
    }

    private static string Comparable(JsonNode line)
    {
        JsonObject copy = line.DeepClone().AsObject();
        copy.Remove("container");
        copy["process"]!["parent"]?.AsObject().Remove("executable");
        return copy.ToJsonString();
    }

    private static void AssertNumbers(IReadOnlyList<JsonNode> lines, string tag, int count)
    {
        Assert.InRange(count, 10, int.MaxValue);
        Assert.Equal(Enumerable.Range(0, count), PluginNode.Numbers(lines, tag));
    }

    // docs/events.md: a backslash before an x is written as \x5c.
    private static string Written(string argument) => argument.Replace("\\x", "\\x5cx", StringComparison.Ordinal);

    private static IEnumerable<string> Strings(JsonNode node) => node switch
    {
        JsonObject o => o.Where(p => p.Value is not null).SelectMany(p => Strings(p.Value!)),
        JsonArray a => a.Where(i => i is not null).SelectMany(i => Strings(i!)),
        JsonValue v when v.TryGetValue(out string? text) => [text],
        _ => [],
    };
}
