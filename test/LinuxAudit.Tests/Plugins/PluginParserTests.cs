using System.Collections.Immutable;
using System.Text;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Plugins;

public class PluginParserTests
{
    private const string Syslog = "# comment\n\nactive = yes\ndirection = out\npath = /sbin/audisp-syslog\ntype = always\nargs = LOG_INFO LOG_LOCAL6\nformat = string\n";

    [Fact]
    public void Parse_SyslogFile_IsActiveWithPathAndArguments()
    {
        PluginFile plugin = Parse(Syslog, out ImmutableArray<Diagnostic> found);

        Assert.Equal(new PluginFile(true, "/sbin/audisp-syslog", "LOG_INFO LOG_LOCAL6"), plugin);
        Assert.Empty(found);
    }

    // What auditd 3.0.9 logs for each: audispd-pconfig.c.
    [Theory]
    [InlineData("active=yes\n", "AUD101", 1, 1, 10)]
    [InlineData("active yes\n", "AUD101", 1, 8, 3)]
    [InlineData("active\n", "AUD101", 1, 1, 6)]
    [InlineData("atcive = yes\n", "AUD102", 1, 1, 6)]
    [InlineData("active =\n", "AUD103", 1, 9, 0)]
    [InlineData("args =\n", "AUD103", 1, 7, 0)]
    [InlineData("  active =  maybe\n", "AUD104", 1, 13, 5)]
    [InlineData("direction = in\n", "AUD104", 1, 13, 2)]
    [InlineData("type = sometimes\n", "AUD104", 1, 8, 9)]
    [InlineData("format = json\n", "AUD104", 1, 10, 4)]
    [InlineData("active = yes no\n", "AUD105", 1, 14, 2)]
    [InlineData("args = a b c\n", "AUD105", 1, 12, 1)]
    [InlineData("format = string\nactive = yes\n", "AUD106", 2, 10, 3)]
    [InlineData("path = sbin/x\n", "AUD107", 1, 8, 6)]
    [InlineData("path = /sbin/../bin/sh\n", "AUD107", 1, 8, 15)]
    [InlineData("path = /usr/bin/\n", "AUD107", 1, 8, 9)]
    [InlineData("path = /a/b\n", "AUD107", 1, 8, 4)]
    [InlineData("active = no\nACTIVE = yes\npath = /sbin/x\n", "AUD108", 2, 1, 6)]
    [InlineData("active\t= no\n", "AUD109", 1, 7, 1)]
    [InlineData("active = no\r\n", "AUD109", 1, 12, 1)]
    [InlineData("active = no\0\n", "AUD109", 1, 12, 1)]
    [InlineData("type = builtin\n", "AUD110", 1, 8, 7)]
    [InlineData("path = builtin_af_unix\n", "AUD110", 1, 8, 15)]
    [InlineData("active = no", "AUD111", 1, 12, 0)]
    [InlineData("args = käse maß x\n", "AUD105", 1, 17, 1)]
    public void Parse_OneMistake_ReportsItsPlace(string text, string code, int line, int column, int length)
    {
        Parse(text, out ImmutableArray<Diagnostic> found);

        Diagnostic only = Assert.Single(found);
        Assert.Equal((code, new SourceLocation("syslog.conf", line, column, length)), (only.Code, only.Location));
    }

    [Fact]
    public void Parse_SeveralMistakes_ReportsAllOfThem()
    {
        Parse("active = ja\nfromat = string\nargs = 1 2 3\npath\n", out ImmutableArray<Diagnostic> found);

        Assert.Equal(["AUD104", "AUD102", "AUD105", "AUD101"], found.Select(d => d.Code));
        Assert.Equal("did you mean \"format\"?", found[1].Fix);
    }

    [Fact]
    public void Parse_KeysInCapitals_AreKeys() =>
        Assert.Equal(new PluginFile(true, "/sbin/x", ""), Parse("Active = YES\nPath = /sbin/x\n", out _));

    [Fact]
    public void Parse_BuiltinPath_IsTheProgramThatAuditdTakes() =>
        Assert.Equal("/sbin/audisp-af_unix", Parse("path = builtin_af_unix\n", out _).Path);

    [Theory]
    [InlineData(158, 0)]
    [InlineData(159, 1)]
    public void Parse_LongLine_IsAnErrorFrom159Bytes(int length, int errors)
    {
        Parse("path = /sbin/".PadRight(length, 'x') + "\n", out ImmutableArray<Diagnostic> found);

        Assert.Equal(errors, found.Count(d => d.Code == "AUD100"));
    }

    [Theory]
    [InlineData("syslog.conf", 0)]
    [InlineData("plugins/v1.2/syslog.conf", 0)]
    [InlineData("syslog.v2.conf", 1)]
    public void Parse_NameWithTwoDots_IsABackupCopy(string name, int warnings)
    {
        PluginParser.Parse(name, "active = no\n"u8, out ImmutableArray<Diagnostic> found);

        Assert.Equal(warnings, found.Count(d => d.Code == "AUD112"));
    }

    [Fact]
    public void Parse_ArbitraryBytes_NeverThrows()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        string alphabet = "active = yes\npath/sbin#\0\t\r\u00FF";
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(60)];
            for (int b = 0; b < bytes.Length; b++) bytes[b] = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)alphabet[random.Next(alphabet.Length)];
            try
            {
                PluginParser.Parse("x.conf", bytes, out _);
                PluginFile.Deactivated(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, input {Convert.ToHexString(bytes)}: {e}");
            }
        }
    }

    [Fact]
    public void Deactivated_ActiveFile_ChangesThatLineAlone() =>
        Assert.Equal("# active = x\nactive = no\npath = /sbin/\u00FF\nactivex = 1\n", Encoding.Latin1.GetString(
            PluginFile.Deactivated(Encoding.Latin1.GetBytes("# active = x\n ACTIVE = yes\npath = /sbin/\u00FF\nactivex = 1\n"))));

    [Fact]
    public void All_Codes_AreUniqueAndInOrder()
    {
        string[] codes = [.. DiagnosticCatalogue.All.Concat(PluginDiagnostics.All).Select(k => k.Code)];
        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), codes);
    }

    private static PluginFile Parse(string text, out ImmutableArray<Diagnostic> found) => PluginParser.Parse("syslog.conf", Encoding.UTF8.GetBytes(text), out found);
}
