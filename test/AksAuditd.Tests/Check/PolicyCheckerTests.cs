using System.Text;
using AksAuditd.Check;
using AksAuditd.Configuration;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Check;

public class PolicyCheckerTests
{
    [Fact]
    public void Check_CallThatOneMachineLacks_IsOneWarningInAMixedCluster()
    {
        CheckResult result = Checked.Run(Checked.Rules("-D\n-a always,exit -F arch=b64 -S open,openat -F auid>=1000 -F auid!=unset -k x\n-a always,exit -F arch=b32 -S open,openat -F auid>=1000 -F auid!=unset -k x\n"),
            machines: [Machine.X86_64, Machine.Aarch64]);

        Assert.Equal([("AUD066", 2, DiagnosticSeverity.Warning)], result.Findings.Select(f => (f.Diagnostic.Code, f.Diagnostic.Location.Line, f.Diagnostic.Severity)));
    }

    [Fact]
    public void Check_CallThatTheOnlyMachineLacks_IsAnError() =>
        Assert.Equal(["1:31+4 AUD052"], Checked.Errors(Checked.Run(Checked.Rules("-a always,exit -F arch=b64 -S open -k x\n"), machines: [Machine.Aarch64])));

    [Fact]
    public void Check_WarningsAsErrors_TurnsWarningsIntoErrors()
    {
        InputSet set = Checked.Rules("-w /etc/passwd -p wa\n");

        Assert.Equal((0, 2), (Checked.Run(set).Errors, Checked.Run(set).Warnings));
        Assert.Equal((2, 0), (Checked.Run(set, strict: true).Errors, Checked.Run(set, strict: true).Warnings));
    }

    [Fact]
    public void Check_DuplicateInAnotherEntry_NamesThePlaceInTheYaml()
    {
        CheckResult result = Checked.Run(Checked.Yaml("kind: ConfigMap\ndata:\n  1.rules: |\n    -D\n    -a never,task -F uid=1\n  2.rules: |\n    -a never,task -F uid=1\n"));

        Diagnostic only = Assert.Single(result.Findings).Diagnostic;
        Assert.Equal(("AUD063", 7, 5), (only.Code, only.Location.Line, only.Location.Column));
        Assert.StartsWith("the same rule is at cm.yaml:5:5: ", only.Message, StringComparison.Ordinal);
        Assert.Equal(new SourceLocation("cm.yaml", 5, 5, 22), only.Related);
    }

    [Fact]
    public void Check_AuditdConfInAConfigMap_IsCheckedAsWhatItIs()
    {
        CheckResult result = Checked.Run(Checked.Yaml("kind: ConfigMap\ndata:\n  auditd.conf: |\n    freq = 50\n    num_logs = 1000\n    active = yes\n    space_left = 75\n"));

        Assert.Equal([("AUD104", 5, 16), ("AUD102", 6, 5)], result.Findings.Select(f => (f.Diagnostic.Code, f.Diagnostic.Location.Line, f.Diagnostic.Location.Column)));
    }

    [Fact]
    public void Check_TwoConfigMaps_AreTwoPolicies() => Assert.Empty(Checked.Run(Checked.Yaml(
        "kind: ConfigMap\ndata: {1.rules: \"-D\\n-a never,task -F uid=1\"}\n---\nkind: ConfigMap\ndata: {1.rules: \"-D\\n-a never,task -F uid=1\"}\n")).Findings);

    [Theory]
    [InlineData("active = yes\npath = /sbin/audisp-syslog\n", null)]
    [InlineData("active = no\npath = /usr/bin/logger\n", null)]
    [InlineData("active = yes\npath = /usr/bin/logger\n", "2:8+15 AUD129")]
    [InlineData("path = /sbin/audisp-syslog\nactive = yes\n  PATH = /sbin/audisp-syslog2\n", "3:10+20 AUD129")]
    public void Check_PluginThatTheAgentRefuses_IsAWarning(string plugin, string? expected)
    {
        TextFile file = new("a.conf", Encoding.UTF8.GetBytes(plugin));
        InputSet set = new() { Files = { file }, Groups = { new() { Inputs = { new("a.conf", InputKind.Plugin, file.Bytes, file, null) } } } };

        Diagnostic? found = Checked.Run(set).Findings.Select(f => f.Diagnostic).SingleOrDefault(d => d.Code == "AUD129");
        Assert.Equal(expected, found is null ? null : $"{found.Location.Line}:{found.Location.Column}+{found.Location.Length} {found.Code}");
        if (found is not null) Assert.Equal("one of " + SettingTable.Rows.Single(r => r.Key == "allowedPlugins").Default, found.Expected?.Replace(", ", ",", StringComparison.Ordinal));
    }
}
