using System.Text.Json;
using AksAuditd.Tests.Support;
using TestSupport;

namespace EndToEnd.Tests.Commands;

/// <summary>These need no kernel and no root.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Yaml = """
        apiVersion: v1
        kind: ConfigMap
        data:
          10.rules: |
            -D
            -a always,exit -F arch=b64 -S exceve -k x
            -w relative -p wa
          20.rules: "-a always,exit -F nofield=1\n-a always,task -F uid=5000000000"
          syslog.conf: |
            active = no
            fromat = string

        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Check_ConfigMapWithFiveMistakes_ReportsAllFiveInTheYaml()
    {
        Cli run = Cli.Run("check", _directory.Write("cm.yaml", Yaml));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["6:35: error AUD032", "7:8: error AUD039", "8:32: error AUD016", "8:65: error AUD031", "11:5: error AUD102"],
            run.Output.Split('\n').Where(l => l.Contains(": error ", StringComparison.Ordinal)).Select(l => string.Join(':', l.Split(':')[1..4])));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Check_StandardInputAsSarif_IsValidAgainstTheSchema()
    {
        Cli run = Cli.RunWith(Yaml, "check", "-", "--output", "sarif");

        Assert.Equal(1, run.ExitCode);
        SchemaValidator schema = new(JsonDocument.Parse(File.ReadAllText(Repository.File("test", "corpus", "sarif", "sarif-2.1.0.json"))).RootElement);
        JsonElement sarif = JsonDocument.Parse(run.Output).RootElement;
        Assert.Empty(schema.Problems(sarif));
        Assert.Equal(5, sarif.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Count(r => r.GetProperty("level").GetString() == "error"));
    }

    [Fact]
    public void Check_Json_HasCountsAndPlaces()
    {
        JsonElement json = JsonDocument.Parse(Cli.RunWith(Yaml, "check", "-", "-o", "json").Output).RootElement;

        Assert.Equal((3, 5), (json.GetProperty("files").GetInt32(), json.GetProperty("errors").GetInt32()));
        JsonElement last = json.GetProperty("diagnostics").EnumerateArray().Last();
        Assert.Equal(("AUD102", "<stdin>", 11, 5, 6), (last.GetProperty("code").GetString(), last.GetProperty("file").GetString(),
            last.GetProperty("line").GetInt32(), last.GetProperty("column").GetInt32(), last.GetProperty("length").GetInt32()));
    }

    [Fact]
    public void Check_OnlyWarnings_FailsWhenTheyCountAsErrors()
    {
        string file = _directory.Write("a.rules", "-D\n-w /etc/passwd -p wa -k id\n");

        Assert.Equal(0, Cli.Run("check", file).ExitCode);
        Assert.Equal(1, Cli.Run("check", file, "--warnings-as-errors").ExitCode);
    }

    [Fact]
    public void Check_MixedCluster_WarnsOfTheCallThatOneMachineLacks()
    {
        string file = _directory.Write("a.rules", "-D\n-a always,exit -F arch=b64 -S open -F auid>=1000 -k x\n");

        Cli run = Cli.Run("check", file, "--arch", "x86_64,aarch64");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(":2:31: warning AUD066: aarch64 has no open", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, Cli.Run("check", file, "--arch", "aarch64").ExitCode);
    }

    [Theory]
    [InlineData("check", "a PATH")]
    [InlineData("check x --arch pdp11", "no machine 'pdp11'")]
    [InlineData("check x --output xml", "valid: text, json, sarif")]
    [InlineData("compile x --output sarif", "valid: text, json")]
    [InlineData("check x --nonsense", "--nonsense")]
    public void CalledWrongly_Says_AndEndsWithTwo(string line, string expected)
    {
        Cli run = Cli.Run(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        if (expected != "a PATH") Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Check_WhatCannotBeRead_SaysAllOfItAndEndsWithThree()
    {
        using (System.Diagnostics.Process fifo = System.Diagnostics.Process.Start("mkfifo", [_directory["pipe"]])) fifo.WaitForExit();
        string good = _directory.Write("a.rules", "-D\n");
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_directory["socket"]));
        Cli run = Cli.Run("check", _directory["nothing"], _directory["pipe"], _directory["socket"], good);

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(3, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("nothing: there is no such file or directory", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("of 1 file\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EmptyDirectory_EndsWithThree()
    {
        Directory.CreateDirectory(_directory["empty"]);
        Cli run = Cli.Run("check", _directory["empty"]);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("aks-auditd: nothing to check", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yaml")]
    [InlineData("rules")]
    [InlineData("conf")]
    public void Check_TenMebibytesOfAnything_AreAnswered(string extension)
    {
        int seed = Random.Shared.Next();
        byte[] bytes = new byte[10 * 1024 * 1024];
        new Random(seed).NextBytes(bytes);
        File.WriteAllBytes(_directory["x." + extension], [.. "kind: ConfigMap\ndata:\n  a.rules: \""u8, .. bytes]);
        Cli run = Cli.Run("check", _directory["x." + extension]);

        Assert.True(run.ExitCode is 1, $"seed {seed}: exit {run.ExitCode}: {run.Error}");
    }

    [Fact]
    public void Check_HundredThousandRules_AreChecked()
    {
        string file = _directory.Write("x.rules", "-D\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"-a never,exit -F arch=b64 -S openat -F a1={i} -F auid>=1000\n")));

        Assert.EndsWith("in 100000 rules of 1 file\n", Cli.Run("check", file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Colour_OnlyWhenAsked()
    {
        Assert.DoesNotContain('\u001B', Cli.RunWith(Yaml, "check", "-").Output);
        Assert.Contains("\u001B[1;31merror AUD032", Cli.RunWith(Yaml, "check", "-", "--color", "always").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Docs_EachCommand_Works()
    {
        string[] lines = [.. File.ReadAllLines(Repository.File("docs", "check.md")).SkipWhile(l => l != "```sh").Skip(1).TakeWhile(l => l != "```")];

        Assert.Equal(8, lines.Length);
        foreach (string line in lines)
        {
            Cli run = Cli.Shell(line);
            Assert.True(run is { ExitCode: 0, Error: "" } && run.Output.Length > 0, $"{line}: exit {run.ExitCode}: {run.Error}");
        }
    }

    [Fact]
    public void Docs_EachCodeThatIsNotOfRules_IsThere()
    {
        string[] documented = [.. File.ReadAllLines(Repository.File("docs", "check.md")).Where(l => l.StartsWith("| AUD", StringComparison.Ordinal)).Select(l => l[2..8])];

        Assert.Equal(AksAuditd.Check.InputDiagnostics.Catalogue.Select(k => k.Code).Where(c => string.CompareOrdinal(c, "AUD100") >= 0), documented);
    }
}
