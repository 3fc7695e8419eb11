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

    private (DesiredPolicy Policy, IReadOnlyList<Skipped> Skipped, IReadOnlyList<string> Problems) Check(string text, string? allowed = null)
    {
        Dictionary<string, string> environment = new() { ["AA_CONFIG"] = _directory.Write("config.yaml", "") };
        if (allowed is not null) environment["AA_ALLOWED_PLUGINS"] = allowed;
        Settings settings = SettingsReader.Read(environment, out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        FileSet set = new(FileSet.Plugins, "", "", ".conf", 0);
        DesiredPolicy policy = new([new SourceVersion(set, [new("syslog.conf", Encoding.UTF8.GetBytes(text), "")], [], [])], "", []);
        return PluginCheck.Check(policy, settings);
    }
}
