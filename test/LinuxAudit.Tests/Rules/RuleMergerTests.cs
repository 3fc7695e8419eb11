using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class RuleMergerTests
{
    [Fact]
    public void Merge_Files_HasAugenrulesOrder()
    {
        MergedRules merged = RuleMerger.Merge(
            [
                Read.Source("/x/99-finalize.rules", "-e 2\n"),
                Read.Source("/x/10-base.rules", "## first\n-D\n-b 100\n-f 2\n--backlog_wait_time 5\n"),
                Read.Source("/x/9-early.rules", "-e 1\n-b 200\n-w /a -p w"),
                Read.Source("/x/30-stig.rules", "-w /b -p w\n-f 1\n-D -k gone\n"),
            ],
            Read.Laptop);
        Assert.Equal(
            ["-D", "-b 100", "-f 1", "-w /a -p w", "--backlog_wait_time 5", "-w /b -p w", "-D -k gone", "-e 2"],
            merged.Directives.Select(d => d.Text));
        Assert.Equal(("/x/9-early.rules", 3), merged.Directives[3].Location is { } l ? (l.File, l.Line) : default);
    }

    [Fact]
    public void Merge_MissingFinalNewline_JoinsNothing()
    {
        MergedRules merged = RuleMerger.Merge([Read.Source("1.rules", "-w /a -p w"), Read.Source("2.rules", "-w /b -p w")], Read.Laptop);
        Assert.Empty(merged.Diagnostics);
        Assert.Equal(2, merged.UsableRules.Count());
    }

    [Fact]
    public void Merge_SettingsThatShareALine_StayTogether()
    {
        MergedRules merged = RuleMerger.Merge([Read.Source("1.rules", "-f 1 -r 5\n-w /a\n-e 1\n"), Read.Source("2.rules", "-f 2 -r 6\n")], Read.Laptop);
        Assert.Equal([(ControlSetting.Failure, 2u), (ControlSetting.RateLimit, 6u), (ControlSetting.Enabled, 1u)], merged.Directives.OfType<ControlDirective>().Select(d => (d.Setting, d.Value)));
    }

    [Theory]
    [InlineData("10-base.rules", true)]
    [InlineData("/etc/audit/rules.d/x.rules", true)]
    [InlineData(".hidden.rules", false)]
    [InlineData("10-base.rules.bak", false)]
    [InlineData("README", false)]
    public void IsRulesFile_Name_DecidesAsAugenrules(string name, bool expected) => Assert.Equal(expected, RuleMerger.IsRulesFile(name));
}
