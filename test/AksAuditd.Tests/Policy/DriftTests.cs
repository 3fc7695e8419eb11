using AksAuditd.Policy;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Policy;

public sealed class DriftTests
{
    private static readonly KernelRule[] Policy = Rules("a b c d e");

    [Theory]
    [InlineData("a b c d e", "")]
    [InlineData("", "5 rules are gone from the kernel: #a | #b | #c | …")]
    // The kernel's d and e have to make way for c; nobody moved them.
    [InlineData("a b d e", "1 rule is gone from the kernel: #c")]
    [InlineData("b c d e", "1 rule is gone from the kernel: #a")]
    [InlineData("b c d e a", "1 rule is in another order: #a")]
    [InlineData("b a c e d", "2 rules are in another order: *")]
    [InlineData("a b x c d e", "1 rule in the kernel is not the policy's: #x")]
    [InlineData("a a b c d e", "1 rule in the kernel is not the policy's: #a")]
    [InlineData("x y b c e d", "1 rule is gone from the kernel: #a; 2 rules in the kernel are not the policy's: #x | #y; 1 rule is in another order: *")]
    public void DescribeRules_WhatSomebodyDid_IsSaid(string kernel, string expected)
    {
        string actual = string.Join("; ", Describe(Rules(kernel), Policy, Policy));
        foreach (char key in "abcdexy") expected = expected.Replace($"#{key}", Text($"{key}"), StringComparison.Ordinal);
        if (expected.EndsWith('*')) Assert.StartsWith(expected[..^1], actual, StringComparison.Ordinal);
        else Assert.Equal(expected, actual);
    }

    [Fact]
    public void DescribeRules_DirectoryCame_IsNoDrift()
    {
        KernelRule path = Rule("-a always,exit -S all -F path=/srv/x -F perm=wa"), dir = Rule("-a always,exit -S all -F dir=/srv/x -F perm=wa");
        KernelRule[] before = [.. Rules("a b"), path, .. Rules("c")], after = [.. Rules("a b"), dir, .. Rules("c")];
        Assert.Empty(Describe(before, after, before));
        // And back.
        Assert.Empty(Describe(after, before, after));
        // What somebody adds is.
        Assert.Equal([$"1 rule in the kernel is not the policy's: {Text("x")}"], Describe([.. before, .. Rules("x")], after, before));
    }

    private static IReadOnlyList<string> Describe(KernelRule[] kernel, KernelRule[] wanted, KernelRule[] loaded) =>
        Drift.DescribeRules(kernel, RuleDifference.Between(kernel, wanted), loaded.ToHashSet());

    private static KernelRule[] Rules(string keys) => [.. keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => Rule($"-a always,exit -F arch=b64 -S mount -k {k}"))];

    private static string Text(string key) => $"-a always,exit -F arch=b64 -S mount -F key={key}";

    private static KernelRule Rule(string text) =>
        DesiredRules.Read([new("a.rules", System.Text.Encoding.UTF8.GetBytes(text + "\n"), "")], new RuleContext()).Rules.Single().Rule;
}
