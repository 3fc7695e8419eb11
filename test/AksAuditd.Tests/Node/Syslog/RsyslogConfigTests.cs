using AksAuditd.Node.Syslog;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node.Syslog;

public sealed class RsyslogConfigTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("*.* action(type=\"omfwd\" template=\"T\" queue.type=\"LinkedList\"\n  target=\"127.0.0.1\" Port=\"28330\" Protocol=\"tcp\")", "127.0.0.1", 28330)]
    [InlineData("action(type=\"omfwd\" target=\"collector\")", "collector", 514)]
    [InlineData("*.* @@127.0.0.1:28330", "127.0.0.1", 28330)]
    [InlineData("local6.info\t@@(o)127.0.0.1:28330;RSYSLOG_SyslogProtocol23Format", "127.0.0.1", 28330)]
    [InlineData("*.* @@[::1]:28330", "::1", 28330)]
    [InlineData("auth,authpriv.* @collector.example", "collector.example", 514)]
    [InlineData("if $syslogfacility-text == 'local6' then @@127.0.0.1:28330", "127.0.0.1", 28330)]
    public void Parse_Forward_IsFound(string text, string host, int port) => Assert.Equal([new ForwardRule(host, port)], RsyslogConfig.Parse(text).Forwards);

    [Theory]
    [InlineData("# *.* @@127.0.0.1:28330")]
    [InlineData("#action(type=\"omfwd\" target=\"127.0.0.1\" port=\"28330\")")]
    [InlineData("action(type=\"omfile\" file=\"/var/log/a@b\")")]
    [InlineData("*.*;auth,authpriv.none -/var/log/syslog # to root@example:28330")]
    [InlineData("")]
    public void Parse_NoForward_NoneIsFound(string text) => Assert.Empty(RsyslogConfig.Parse(text).Forwards);

    [Theory]
    [InlineData("module(load=\"imuxsock\")\nmodule(load=\"imjournal\" StateFile=\"imjournal.state\")", true, true)]
    [InlineData("module(load=\"imuxsock\" SysSock.Use=\"off\")\nmodule(load=\"imjournal\")", true, false)]
    [InlineData("$ModLoad imuxsock\n$ModLoad imjournal", true, true)]
    [InlineData("$ModLoad imuxsock.so\n$OmitLocalLogging on", false, false)]
    [InlineData("module(load=\"imuxsock\") # provides support for local system logging\n#module(load=\"imjournal\")", false, true)]
    [InlineData("module(load=\"imklog\")", false, false)]
    public void Parse_Inputs_AreFound(string text, bool journal, bool socket)
    {
        RsyslogConfig config = RsyslogConfig.Parse(text);
        Assert.Equal((journal, socket), (config.ReadsJournal, config.ReadsSocket));
    }

    [Theory]
    [InlineData("$IncludeConfig DIR/rsyslog.d/*.conf\n")]
    [InlineData("include(file=\"DIR/rsyslog.d/*.conf\" mode=\"optional\")")]
    public void Read_IncludedFile_Counts(string main)
    {
        Directory.CreateDirectory(_directory["rsyslog.d"]);
        _directory.Write("rsyslog.d/70-forward.conf", "*.* @@127.0.0.1:28330");
        _directory.Write("rsyslog.d/80-off.conf.bak", "*.* @@127.0.0.1:1");
        string file = _directory.Write("rsyslog.conf", main.Replace("DIR", _directory[""].TrimEnd('/'), StringComparison.Ordinal));

        Assert.Equal([new ForwardRule("127.0.0.1", 28330)], RsyslogConfig.Read(file)!.Forwards);
    }

    [Fact]
    public void Read_IncludesItself_Ends()
    {
        string file = _directory["loop.conf"];
        _directory.Write("loop.conf", $"$IncludeConfig {file}\n*.* @@127.0.0.1:28330\n");
        Assert.Single(RsyslogConfig.Read(file)!.Forwards);
    }

    [Fact]
    public void Read_NoFile_IsNull() => Assert.Null(RsyslogConfig.Read(_directory["nothing"]));
}
