using System.Diagnostics;
using System.Text;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class RuleParserLimitTests
{
    private const string Open = "-a always,exit -F arch=b64 -S open ";

    public static TheoryData<string, string> Lines => new()
    {
        { Open + "-k " + new string('k', 257), "AUD027" },
        { Open + "-k " + new string('k', 200) + " -k " + new string('k', 56), "AUD027" },
        { "-a always,exit" + string.Concat(Enumerable.Repeat(" -F a0=5", 64)), "AUD021" },
        { Open + string.Concat(Enumerable.Repeat("-F a0=5 ", 62)) + "-k x", "AUD021" },
        { "-a always,exit -F path=/" + new string('p', 5000), "AUD040" },
        { "-a always,exit -F path=/" + new string('p', 256), "AUD040" },
        { "-w /" + string.Concat(Enumerable.Repeat("p/", 2048)), "AUD040" },
        { Open + new string(' ', 6144), "AUD007" },
        { "-a always,exit -F pid=99999999999999999999999999", "AUD031" },
        { "-a always,exit -S 2032", "AUD031" },
        { "-b 4294967296", "AUD031" },
        { "-a always,exit -F saddr_fam=46", "AUD031" },
    };

    [Theory, MemberData(nameof(Lines))]
    public void Parse_JustTooMuch_HasItsOwnMessage(string line, string code)
    {
        Assert.Equal(code, Assert.Single(Read.File(line).Diagnostics).Code);
        Assert.Empty(Read.File(line).Directives);
    }

    [Theory]
    [InlineData(256, "k")]
    [InlineData(6, "KEY")]
    public void Parse_LongestKey_IsTaken(int length, string letter) =>
        Assert.Equal(length, Read.Rule(Open + "-k " + string.Concat(Enumerable.Repeat(letter, length / letter.Length))).Keys.Single().Length);

    [Fact]
    public void Parse_MostFields_AreTaken() =>
        Assert.Equal(63, Read.Rule("-a always,exit" + string.Concat(Enumerable.Repeat(" -F a0=5", 63))).Fields.Length);

    public static TheoryData<string> Repeated => new()
    {
        "x\n", "\n", "-", "\0", "\\", "-a always,exit -F arch=b64 -S exceve -k x\n", "-a always,exit -F arch=b64 -S open -k x\n", "-w /etc -p wa\n", "-S ", "a,", "\"", "-k \" ", "=", "\xff", "-D\n", "-e 1\n", "é", "-F uid=",
    };

    [Fact]
    public void Parse_LongestLine_MakesARuleTheKernelTakes()
    {
        string line = "-a always,exit -F exe=/" + string.Concat(Enumerable.Repeat("p/", 2046)) + "x -F subj_type=";
        AuditRule rule = Read.Rule(line + new string('s', 6143 - line.Length));
        Assert.True(rule.ToWire().Length + 16 < 8970);
    }

    [Theory, MemberData(nameof(Repeated))]
    public void Parse_TenMebibytesOfAnything_IsAnswered(string text)
    {
        byte[] piece = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[10 * 1024 * 1024];
        for (int i = 0; i < bytes.Length; i += piece.Length) piece.AsSpan(0, Math.Min(piece.Length, bytes.Length - i)).CopyTo(bytes.AsSpan(i));
        Stopwatch watch = Stopwatch.StartNew();
        RuleFile file = RuleParser.Parse(new RuleSource("big.rules", bytes), Read.Laptop);
        MergedRules merged = RuleMerger.Merge([file]);
        int warnings = RuleLinter.Lint(merged, new LintOptions { Machine = Machine.X86_64, OtherMachines = [Machine.Aarch64] }).Length;
        Assert.InRange(file.Diagnostics.Length, 0, 1001);
        Assert.InRange(warnings, 0, 1001);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Parse_ManyMistakes_KeepsAThousandAndCountsTheRest()
    {
        RuleFile file = Read.File(string.Concat(Enumerable.Repeat("-e 9\n", 1500)));
        Assert.Equal(1001, file.Diagnostics.Length);
        Assert.Equal(("AUD011", 1001, "500 more problems from here on are not shown"), (file.Diagnostics[^1].Code, file.Diagnostics[^1].Location.Line, file.Diagnostics[^1].Message));
        Assert.True(file.HasSourceErrors);
    }

    [Fact]
    public void Parse_HundredThousandDifferentRules_AreReadAndLinted()
    {
        string text = "-D\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"-a {(i % 2 == 0 ? "never" : "always")},exit -F arch=b64 -S openat -F auid={i} -F key=k{i}\n"));
        RuleFile file = Read.File(text);
        Assert.Empty(file.Diagnostics);
        Assert.Equal(100_001, file.Directives.Length);
        Assert.NotEmpty(RuleLinter.Lint(RuleMerger.Merge([file]), new LintOptions { Machine = Machine.X86_64 }));
    }
}
