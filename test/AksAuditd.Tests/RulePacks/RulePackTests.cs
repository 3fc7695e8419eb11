using System.Text.RegularExpressions;
using AksAuditd.Check;
using LinuxAudit.Rules;
using TestSupport;

namespace AksAuditd.Tests.RulePacks;

/// <summary>What can be said of the files of <c>rules/</c> without a kernel. That they record what they say is tested with one, in EndToEnd.Tests.</summary>
public sealed partial class RulePackTests
{
    private static readonly Machine[][] Clusters = [[Machine.X86_64], [Machine.Aarch64], [Machine.X86_64, Machine.Aarch64], [Machine.Aarch64, Machine.X86_64]];

    public static TheoryData<string> Packs => [.. RulePack.Names];

    [Theory]
    [MemberData(nameof(Packs))]
    public void Check_OnePack_IsClean(string name) => AssertClean(RulePack.PathOf(name), 1);

    [Fact]
    public void Check_AllPacks_AreClean() => AssertClean(Repository.File("rules"), 6);

    [Theory]
    [MemberData(nameof(Packs))]
    public void Comments_EachRule_SayKeyTechniqueAndCost(string name)
    {
        foreach ((string comment, string[] rules) in Blocks(name))
        {
            foreach (string rule in rules.Where(r => r.StartsWith("-a always,exit", StringComparison.Ordinal)))
            {
                string key = rule[(rule.LastIndexOf(" -k ", StringComparison.Ordinal) + 4)..];
                Assert.True(comment.StartsWith($"## {key}: ", StringComparison.Ordinal), $"{name}: the comment of '{rule}' does not begin with '{key}: '");
                Assert.Matches(@"\bT1\d{3}(\.\d{3})?\b", comment);
                Assert.Matches(@"\b(Cheap|Moderate|Loud)\b", comment);
                Assert.InRange(key.Length, 3, 16);
            }
        }
    }

    [Fact]
    public void Readme_Tables_NameEveryPackAndKey()
    {
        string readme = File.ReadAllText(Repository.File("rules", "README.md"));
        string[] rows = [.. readme.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal))];
        foreach (string name in RulePack.Names)
        {
            string row = Assert.Single(rows, r => r.StartsWith($"| [{name}]({name}) |", StringComparison.Ordinal));
            string[] documented = [.. Code().Matches(row).Select(m => m.Groups[1].Value)];
            string[] keys = [.. Blocks(name).SelectMany(b => b.Rules).Where(r => r.Contains(" -k ", StringComparison.Ordinal)).Select(r => r.Split(" -k ")[1]).Distinct()];
            Assert.Equal(keys, documented);
            foreach (Match technique in Technique().Matches(File.ReadAllText(RulePack.PathOf(name)))) Assert.Contains(technique.Value, row, StringComparison.Ordinal);
        }
    }

    private static void AssertClean(string path, int files)
    {
        foreach (Machine[] machines in Clusters)
        {
            CheckResult result = PolicyChecker.Check(new InputReader(Stream.Null).Read([path]), new CheckOptions { Machines = machines });
            Assert.Empty(result.Findings.Select(f => f.Diagnostic.ToString()));
            Assert.Empty(result.Unreadable);
            Assert.Equal(files, result.Entries);
            Assert.True(result.Rules > 0);
        }
    }

    /// <summary>Rules with the comment above them.</summary>
    private static IEnumerable<(string Comment, string[] Rules)> Blocks(string name) =>
        File.ReadAllText(RulePack.PathOf(name)).Split("\n\n").Select(b => b.Split('\n')).Select(lines => (
            string.Join('\n', lines.TakeWhile(l => l.StartsWith('#'))), lines.Where(l => l.StartsWith("-a ", StringComparison.Ordinal)).ToArray()));

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\bT1\d{3}(\.\d{3})?\b")]
    private static partial Regex Technique();
}
