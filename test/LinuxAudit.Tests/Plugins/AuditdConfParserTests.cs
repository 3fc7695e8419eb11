using System.Collections.Immutable;
using System.Text;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Plugins;

public class AuditdConfParserTests
{
    // Without them space_left and admin_space_left are 0, and auditd refuses the file.
    private const string Sizes = "space_left = 75\nadmin_space_left = 50\n";

    [Fact]
    public void Parse_DebiansFile_HasItsValuesAndNoMistake()
    {
        AuditdConf conf = Parse("#\n# comment\n#\n\nlocal_events = yes\nlog_file = /var/log/audit/audit.log\nFLUSH = INCREMENTAL_ASYNC\nfreq = 50\n##name = mydomain\nspace_left = 75\n"
            + "space_left_action = exec /bin/true\nadmin_space_left = 50\ntcp_client_ports = 1024-65535\nq_depth = 2000\n", out ImmutableArray<Diagnostic> found);

        Assert.Empty(found);
        Assert.Equal(("yes", "INCREMENTAL_ASYNC", "exec", null), (conf.Get("local_events"), conf.Get("flush"), conf.Get("space_left_action"), conf.Get("name")));
        Assert.Equal([KeyValuePair.Create("space_left_action", "/bin/true")], conf.Programs);
    }

    // What auditd 3.0.9 refuses (it was started with each), or passes over.
    [Theory]
    [InlineData("freq=50\n", "AUD101", 1, 1, 7)]
    [InlineData("freq 50\n", "AUD101", 1, 6, 2)]
    [InlineData("freq\n", "AUD101", 1, 1, 4)]
    [InlineData("frequ = 50\n", "AUD102", 1, 1, 5)]
    [InlineData("freq =\n", "AUD103", 1, 7, 0)]
    [InlineData("space_left_action = exec\n", "AUD103", 1, 25, 0)]
    [InlineData("freq = -1\n", "AUD104", 1, 8, 2)]
    [InlineData("freq = 99999999999\n", "AUD104", 1, 8, 11)]
    [InlineData("flush = sometimes\n", "AUD104", 1, 9, 9)]
    [InlineData("write_logs = maybe\n", "AUD104", 1, 14, 5)]
    [InlineData("num_logs = 1000\n", "AUD104", 1, 12, 4)]
    [InlineData("disk_full_action = email\n", "AUD104", 1, 20, 5)]
    [InlineData("disk_error_action = rotate\n", "AUD104", 1, 21, 6)]
    [InlineData("overflow_action = rotate\n", "AUD104", 1, 19, 6)]
    [InlineData("space_left = 100%\n", "AUD104", 1, 14, 4)]
    [InlineData("tcp_listen_port = 0\n", "AUD104", 1, 19, 1)]
    [InlineData("tcp_listen_port = 65536\n", "AUD104", 1, 19, 5)]
    [InlineData("tcp_client_ports = 10-5\n", "AUD104", 1, 20, 4)]
    [InlineData("tcp_max_per_addr = 1025\n", "AUD104", 1, 20, 4)]
    [InlineData("q_depth = 100000\n", "AUD104", 1, 11, 6)]
    [InlineData("action_mail_acct = a@b\n", "AUD104", 1, 20, 3)]
    [InlineData("transport = udp\n", "AUD104", 1, 13, 3)]
    [InlineData("freq = 50 60\n", "AUD105", 1, 11, 2)]
    [InlineData("max_log_file_action = rotate /bin/true\n", "AUD105", 1, 30, 9)]
    [InlineData("space_left_action = exec /bin/true -x\n", "AUD105", 1, 36, 2)]
    [InlineData("log_file = audit.log\n", "AUD107", 1, 12, 9)]
    [InlineData("disk_error_action = exec true\n", "AUD107", 1, 26, 4)]
    [InlineData("freq = 50\nFREQ = 60\n", "AUD108", 2, 1, 4)]
    [InlineData("freq\t=\t50\n", "AUD109", 1, 5, 1)]
    [InlineData("freq = 50\r\n", "AUD109", 1, 10, 1)]
    [InlineData("log_format = nolog\n", "AUD110", 1, 14, 5)]
    [InlineData("space_left = 75\nadmin_space_left = 50\nfreq = 50\nlog_format = RAW\n", "AUD115", 4, 14, 3)]
    [InlineData("dispatcher = /sbin/audispd\n", "AUD110", 1, 1, 10)]
    [InlineData("space_left = 75\nadmin_space_left = 50\nfreq = 50", "AUD111", 3, 10, 0)]
    [InlineData("log_file = /a/b\n", "AUD107", 1, 12, 4)]
    [InlineData("log_file = /\n", "AUD107", 1, 12, 1)]
    [InlineData("name_format = user\n", "AUD113", 1, 1, 11)]
    [InlineData("admin_space_left = 75\nspace_left = 75\n", "AUD113", 1, 1, 16)]
    [InlineData("# nothing but\nadmin_space_left = 50\n", "AUD113", 2, 1, 16)]
    [InlineData("space_left = 0\n", "AUD113", 1, 1, 10)]
    [InlineData("space_left = 0\nadmin_space_left = 0\n", "AUD113", 2, 1, 16)]
    [InlineData("\nlog_format = enriched\n#space_left = 75\n", "AUD113", 1, 1, 0)]
    [InlineData("flush = incremental\n", "AUD113", 1, 1, 5)]
    [InlineData("freq = 0\nflush = INCREMENTAL_ASYNC\n", "AUD113", 2, 1, 5)]
    [InlineData("log_file = /var/log/audit.log\nlog_group = adm\n", "AUD113", 2, 1, 9)]
    [InlineData("report_interval = 5m\n", "AUD114", 1, 1, 15)]
    public void Parse_Mistake_IsReportedWithItsPlace(string text, string code, int line, int column, int length)
    {
        Parse(text.Contains("space_left = ", StringComparison.Ordinal) ? text : text + Sizes, out ImmutableArray<Diagnostic> found);

        Diagnostic only = Assert.Single(found);
        Assert.Equal((code, new SourceLocation("auditd.conf", line, column, length)), (only.Code, only.Location));
    }

    [Theory]
    [InlineData("name = ", 151, true)]
    [InlineData("name = ", 152, false)]
    public void Parse_LongLine_IsPassedOverFrom159Bytes(string start, int rest, bool isRead)
    {
        AuditdConf conf = Parse(start + new string('x', rest) + "\n" + Sizes, out ImmutableArray<Diagnostic> found);

        Assert.Equal(isRead, conf.Get("name") is not null);
        Assert.Equal(isRead ? [] : ["AUD100"], found.Select(d => d.Code));
    }

    [Theory]
    [InlineData("space_left = 20%\nadmin_space_left = 50\n")]
    [InlineData("space_left = 51\nadmin_space_left = 50\n")]
    [InlineData("space_left = 10%\nadmin_space_left = 20%\n")]
    [InlineData("admin_space_left = 50%\n")]
    [InlineData("space_left = 1\n")]
    [InlineData("name = x\nname_format = user\n" + Sizes)]
    [InlineData("log_group = adm\nKRB5_KEY_FILE = /etc/audit/audit.key\n" + Sizes)]
    [InlineData("flush = incremental\nfreq = 1\n" + Sizes)]
    [InlineData("flush = data\n" + Sizes)]
    [InlineData("log_file = /var/log/audit.log\nlog_group = root\n" + Sizes)]
    [InlineData("log_file = /var/log/a/b\nlog_group = adm\n" + Sizes)]
    [InlineData("log_file = /var/a\n" + Sizes)]
    [InlineData("# no line with a key\n")]
    public void Parse_ValuesThatFit_AreFine(string text)
    {
        Parse(text, out ImmutableArray<Diagnostic> found);

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("freq = 1\nlog_file = /a/b\n", "freq = 2\nlog_file = /c/d\n", "")]
    [InlineData("local_events = yes\n", "local_events = NO\n", "local_events")]
    [InlineData("local_events = yes\n", "local_events = YES\n", "")]
    [InlineData("q_depth = 2000\n", "q_depth = 4000\n", "")]
    [InlineData("q_depth = 4000\npriority_boost = 4\n", "q_depth = 2000\npriority_boost = 5\nplugin_dir = /x/y\n", "plugin_dir q_depth priority_boost")]
    public void NeedStart_Change_NamesWhatSighupLeaves(string before, string after, string keys) =>
        Assert.Equal(keys, string.Join(' ', Parse(after, out _).NeedStart(Parse(before, out _))));

    private static AuditdConf Parse(string text, out ImmutableArray<Diagnostic> found) => AuditdConfParser.Parse("auditd.conf", Encoding.UTF8.GetBytes(text), out found);
}
