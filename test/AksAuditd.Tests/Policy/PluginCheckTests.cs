using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Policy;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Policy;

public sealed class PluginCheckTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("active = no\npath = /usr/bin/anything\n")]
    [InlineData("Active = No\n")]
    public void Check_InactivePlugin_IsKeptWhateverItsProgram(string text)
    {
        (DesiredPolicy policy, IReadOnlyList<Skipped> skipped, IReadOnlyList<string> problems) = Check(text);

        Assert.Single(policy.Sources[0].Files);
        Assert.Empty(skipped);
        Assert.Empty(problems);
    }

    [Fact]
    public void Check_MistakesInAFile_RefusesThePolicyWithPlaceCodeAndFix()
    {
        (_, _, IReadOnlyList<string> problems) = Check("active = yes\npath = /sbin/audisp-syslog\nfromat = string\nargs = 1 2 3\n");

        Assert.Equal(
        [
            "syslog.conf:3:1: error AUD102: there is no key \"fromat\" (did you mean \"format\"?)",
            "syslog.conf:4:12: error AUD105: args has 3 values (let the program read a file of its own)",
        ], problems);
    }

    [Fact]
    public void Check_ProgramNotAllowed_RefusesThePolicy()
    {
        (_, _, IReadOnlyList<string> problems) = Check("active = yes\npath = /bin/sh\n");

        Assert.StartsWith("syslog.conf: /bin/sh is not an allowed plugin; allowed: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AllowedProgramThatTheNodeLacks_LeavesTheFileOut()
    {
        (DesiredPolicy policy, IReadOnlyList<Skipped> skipped, IReadOnlyList<string> problems) = Check($"active = yes\npath = {_directory["missing"]}\n", _directory["missing"]);

        Assert.Empty(policy.Sources[0].Files);
        Assert.Equal($"syslog.conf: {_directory["missing"]} is not on this node", Assert.Single(skipped).ToString());
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("freq = 50\nlog_group = root\nlog_file = /tmp/audit.log\nplugin_dir = /etc/audit/plugins.d/\n", 1, "", "")]
    [InlineData("freq = x\n", 1, "", "auditd.conf:1:8: error AUD104: freq: \"x\" is not valid")]
    [InlineData("plugin_dir = /etc/other\n", 1, "", "auditd.conf: plugin_dir is /etc/other, and the plugin files go to /etc/audit/plugins.d (pluginsDirectory, AA_PLUGINS_DIR)")]
    [InlineData("log_group = aksaudnone\n", 0, "auditd.conf: log_group: this node has no group aksaudnone", "")]
    [InlineData("log_file = /nosuch/audit.log\n", 0, "auditd.conf: log_file: this node has no directory /nosuch", "")]
    public void Check_AuditdConf_IsKeptLeftOutOrRefused(string text, int kept, string left, string refused)
    {
        (DesiredPolicy policy, IReadOnlyList<Skipped> skipped, IReadOnlyList<string> problems) = Check(text + Sizes, set: FileSet.Auditd);

        Assert.Equal(kept, policy.Sources[0].Files.Count);
        Assert.Equal(left, string.Join('\n', skipped));
        Assert.Equal(refused, string.Join('\n', problems));
    }

    [Fact]
    public void Check_AuditdConfRunsAProgramThatIsNotAllowed_RefusesThePolicy()
    {
        (_, _, IReadOnlyList<string> problems) = Check("disk_full_action = exec /bin/sh\n" + Sizes, set: FileSet.Auditd);

        Assert.StartsWith("auditd.conf: disk_full_action: /bin/sh is not an allowed program; allowed: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    private const string Sizes = "space_left = 75\nadmin_space_left = 50\n";

    private (DesiredPolicy Policy, IReadOnlyList<Skipped> Skipped, IReadOnlyList<string> Problems) Check(string text, string? allowed = null, string set = FileSet.Plugins)
    {
        Dictionary<string, string> environment = new() { ["AA_CONFIG"] = _directory.Write("config.yaml", "") };
        if (allowed is not null) environment["AA_ALLOWED_PLUGINS"] = allowed;
        Settings settings = SettingsReader.Read(environment, out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        string name = set == FileSet.Plugins ? "syslog.conf" : "auditd.conf";
        DesiredPolicy policy = new([new SourceVersion(new(set, "", "", ".conf", 0), [new(name, Encoding.UTF8.GetBytes(text), "")], [], [])], "", []);
        return PluginCheck.Check(policy, settings);
    }
}
