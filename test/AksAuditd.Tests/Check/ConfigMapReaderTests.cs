using System.Diagnostics;
using System.Text;
using AksAuditd.Check;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Check;

public class ConfigMapReaderTests
{
    private const string Head = "apiVersion: v1\nkind: ConfigMap\ndata:\n";

    [Fact]
    public void Check_FiveMistakesInFiveStyles_ReportsEachAtItsPlaceInTheYaml()
    {
        string yaml = """
            # mounted by the agent
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: rules
            data:
              10-block.rules: |
                -D
                -a always,exit -F arch=b64 -S exceve -k x
              20-indented.rules: |2-

                  -w /etc/passwd -p wz
              30-double.rules: "-a always,exit -F äü=1\n-a alwys,exit -S open"
              40-single.rules: '-w /etc/it''s
                -p wa -k'
              syslog.conf: >
                active = no

                fromat = string
            """;

        Assert.Equal(
        [
            "9:35+6 AUD032", "12:26+1 AUD038", "13:39+2 AUD016", "13:48+5 AUD013", "15:13+0 AUD003", "19:5+6 AUD102",
        ], Checked.Errors(Checked.Run(Checked.Yaml(yaml))));
    }

    [Theory]
    [InlineData("  a.rules: -a always,exit -F bad=1\n", "4:30+3 AUD016")]
    [InlineData("  a.rules: &x !!str \"-a always,exit -F bad=1\"\n", "4:40+3 AUD016")]
    [InlineData("  a.rules: -a always,exit\n    -F bad=1\n", "5:8+3 AUD016")]
    [InlineData("  a.rules: >-\n    -a always,exit\n    -F bad=1\n", "6:8+3 AUD016")]
    [InlineData("  a.rules: |+ # comment\n    -a always,exit -F bad=1\n\n\n", "5:23+3 AUD016")]
    [InlineData("  a.rules: |\r\n    -D\r\n    -a always,exit -F bad=1\r\n", "6:23+3 AUD016")]
    [InlineData("  a.rules: \"-D\\n\\\n    -a always,exit -F \\x62ad=1\"\n", "5:23+6 AUD016")]
    [InlineData("  a.rules: \"-D\\n# \\U0001F600\\n-a always,exit -F bad=1\"\n", "4:49+3 AUD016")]
    [InlineData("  a.rules: '-D\n\n    -a always,exit -F bad=1'\n", "6:23+3 AUD016")]
    [InlineData("  ? a.rules\n  : \"-a always,exit -F bad=1\"\n", "5:24+3 AUD016")]
    public void Check_ScalarStyle_ReportsThePlace(string entry, string expected) =>
        Assert.Equal([expected], Checked.Errors(Checked.Run(Checked.Yaml(Head + entry))));

    [Fact]
    public void Check_Json_ReportsThePlace() => Assert.Equal(["1:75+3 AUD016"], Checked.Errors(Checked.Run(Checked.Yaml(
        """{"kind":"ConfigMap","apiVersion":"v1","data":{"a.rules":"-a never,exit -F bad=1"}}"""))));

    [Fact]
    public void Read_ListOfConfigMaps_HasAGroupForEach()
    {
        InputSet set = Checked.Yaml("kind: List\nitems:\n- kind: ConfigMap\n  data: {a.rules: -D}\n- kind: Secret\n  data: {b.rules: -D}\n- data: {c.rules: -D}\n  kind: ConfigMap\n");

        Assert.Equal(["cm.yaml/a.rules", "cm.yaml/c.rules"], set.Groups.Select(g => Assert.Single(g.Inputs).Name));
    }

    [Fact]
    public void Check_AliasOfText_PointsToTheText() => Assert.Equal(["3:20+3 AUD016", "3:20+3 AUD016"], Checked.Errors(Checked.Run(Checked.Yaml(
        "kind: ConfigMap\nx: &rule\n  -a never,exit -F bad=1\ndata:\n  a.rules: *rule\n  b.rules: *rule\n"))));

    [Fact]
    public void Check_BrokenDocument_StillChecksTheNext() => Assert.Equal(["5:1+0 AUD120", "10:35+3 AUD016"], Checked.Errors(Checked.Run(Checked.Yaml(
        Head + "  a.rules: [\n---\n# next\n---\n" + Head.Replace("data:\n", "", StringComparison.Ordinal) + "data: {a.rules: \"-a never,exit -F bad=1\"}\n"))));

    [Theory]
    [InlineData("  a.rules: |\n    -D\n  a.rules: |\n    -D\n", "6:3+7 AUD121")]
    [InlineData("  a.rules: [1]\n", "4:3+7 AUD122")]
    [InlineData("  a.rules:\n", "4:3+7 AUD122")]
    [InlineData("  a.rules: |\n   -D\n  -b 1\n", "6:3+0 AUD120")]
    [InlineData("  a.rules: \"-D\n", "4:12+0 AUD120")]
    [InlineData("\ta.rules: x\n", "4:1+0 AUD120")]
    [InlineData("  a.rules: {{ .Values.x }}\n", "4:3+7 AUD122")]
    public void Check_WrongYaml_IsADiagnostic(string entries, string expected) =>
        Assert.Contains(expected, Checked.Errors(Checked.Run(Checked.Yaml(Head + entries))));

    [Fact]
    public void Read_ManyTooDeepNodes_GivesUpAtTheFirst()
    {
        InputSet set = Checked.Yaml("# a.rules\nkind: List\nitems:\n- " + string.Concat(Enumerable.Repeat("{a: ", 30_000)) + "\n");

        Diagnostic only = Assert.Single(set.Diagnostics);
        Assert.Equal(("AUD124", 4, 7), (only.Code, only.Location.Line, only.Location.Column));
    }

    [Fact]
    public void Read_BinaryData_IsAWarning() =>
        Assert.Equal("AUD123", Assert.Single(Checked.Yaml("kind: ConfigMap\nbinaryData:\n  a.rules: LUQ=\n").Diagnostics).Code);

    [Fact]
    public void Read_ConfOfAnotherProgram_IsLeftOut()
    {
        InputSet set = Checked.Yaml(Head + "  nginx.conf: |\n    server { listen 80; }\n  a.conf: |\n    path = /sbin/x\n");

        Assert.Equal("cm.yaml/a.conf", Assert.Single(set.Inputs).Name);
        Assert.Equal("cm.yaml: nginx.conf: not a plugin file", Assert.Single(set.LeftOut));
    }

    [Fact]
    public void Read_RulesUnderAnotherKey_AreWarnedOfBesideRulesOnly()
    {
        const string Stray = "  70-b.rule: |\n    # mine\n    -a never,task\n  notes: |\n    - a list\n  x.yaml: 'a: b'\n";
        Diagnostic diagnostic = Assert.Single(Checked.Yaml(Head + Stray + "  60-a.rules: -D\n").Diagnostics);

        Assert.Equal(("AUD127", new SourceLocation("cm.yaml", 4, 3, 9), "rename it to 70-b.rules"), (diagnostic.Code, diagnostic.Location, diagnostic.Fix));
        Assert.Empty(Checked.Yaml(Head + Stray + "  a.conf: active = no\n").Diagnostics);
    }

    [Theory]
    [InlineData("  c.rules: >\n    -D\n    -a never,task\n", "4:12")]
    [InlineData("  c.rules: &x >-\n\n    # why\n    # not\n", "4:15")]
    [InlineData("  c.conf: >\n    active = no\n    direction = out\n", "4:11")]
    [InlineData("  c.rules: >\n    -a never,task\n    -F uid=1\n", null)]
    [InlineData("  c.rules: >\n    -D\n\n    -a never,task\n", null)]
    [InlineData("  c.rules: |\n    -D\n    -a never,task\n", null)]
    public void Read_FoldedText_IsAWarningWhereItJoinsLines(string entry, string? place) =>
        Assert.Equal(place is null ? [] : [$"AUD128 {place}"], Checked.Yaml(Head + entry).Diagnostics.Select(d => $"{d.Code} {d.Location.Line}:{d.Location.Column}"));

    [Fact]
    public void Read_AliasBomb_TakesNoTime()
    {
        StringBuilder yaml = new("kind: ConfigMap\na0: &a0 [x, x]\n");
        for (int i = 1; i < 200; i++) yaml.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        yaml.Append("data: {a.rules: *a199}\n");

        Assert.Equal("AUD122", Assert.Single(Timed(yaml.ToString()).Diagnostics).Code);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("&a ")]
    [InlineData("---\n.rules: '\n")]
    [InlineData("a.rules: \"\\\n")]
    [InlineData("*a ,")]
    [InlineData("\n")]
    [InlineData("{}")]
    public void Read_RepeatedPiece_IsAnsweredInLinearTime(string piece) =>
        Timed(Head + "  a.rules: x\nb: " + string.Concat(Enumerable.Repeat(piece, 1024 * 1024 / piece.Length)));

    [Fact]
    public void Read_MutatedBytes_NeverThrows()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        byte[] start = Encoding.UTF8.GetBytes(Head + "  a.rules: |\n    -D\n    -w /etc -p w\n  b.rules: \"-D\\n\\u00e4\"\n  c.conf: >-\n    active = no\n    \n    path = x\n---\n[*a, &b '']\n");
        byte[] spice = Encoding.UTF8.GetBytes("\n\r\t :-?[]{},#&*!|>'\"%@`\\\0\u0085\u2028\uFEFFä");
        for (int i = 0; i < 5_000; i++)
        {
            List<byte> bytes = [.. start];
            for (int m = random.Next(1, 6); m > 0; m--)
            {
                int at = random.Next(bytes.Count);
                if (random.Next(3) == 0) bytes.RemoveAt(at);
                else if (random.Next(2) == 0) bytes.Insert(at, spice[random.Next(spice.Length)]);
                else bytes[at] = (byte)random.Next(256);
            }

            byte[] text = [.. bytes];
            try
            {
                new TextReport(TextWriter.Null, colour: true).Write(Checked.Run(Checked.Yaml(text)));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, input {Convert.ToHexString(text)}: {e}");
            }
        }
    }

    private static InputSet Timed(string yaml)
    {
        Stopwatch watch = Stopwatch.StartNew();
        InputSet set = Checked.Yaml(yaml);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
        return set;
    }
}
