using System.Text;
using AksAuditd.Events.Sources;
using AksAuditd.Forecast;
using AksAuditd.Policy;
using AksAuditd.Tests.Events;
using AksAuditd.Tests.Support;
using LinuxAudit.Matching;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Forecast;

public sealed class LogForecastTests
{
    private const string Change = "type=CONFIG_CHANGE msg=audit(1700000000.000:1): auid=4294967295 ses=4294967295 op=add_rule key=\"procmon\" list=4 res=1";

    private static ForecastReport Forecast(string rules, params string[] lines)
    {
        using TempDirectory directory = new();
        using AuditLogSource log = new(directory.Write("audit.log", string.Join('\n', lines) + "\n"), follow: false, fromEnd: false);
        DesiredRules desired = DesiredRules.Read([new("10.rules", Encoding.UTF8.GetBytes(rules), "")], new RuleContext { Machine = Machine.X86_64 });
        Assert.Empty(desired.Problems);
        return new LogForecast(desired.Rules, PathLinks.None, EventMaker.Names).Run(log);
    }

    private static string At(string line, int second, int serial) => line.Replace("1700000000.123:7", $"{1700000000 + second}.000:{serial}", StringComparison.Ordinal);

    [Fact]
    public void Run_Rules_CostsByKeyAndRule()
    {
        string other = EventMaker.Exec.Replace("syscall=59", "syscall=87", StringComparison.Ordinal);
        ForecastReport report = Forecast(
            "-a never,exit -F arch=b64 -S execve -F auid=5\n-a always,exit -F arch=b64 -S execve,execveat -k procmon\n-a always,exit -F arch=b64 -S unlinkat -k gone\n",
            Change, At(EventMaker.Exec, 0, 7), At(EventMaker.Exec, 50, 8), At(other, 100, 9), "no record");
        Assert.Equal((4, 100, 1, 0), (report.Logged.Events, (report.To - report.From).TotalSeconds, report.Unreadable, report.Incomplete));

        // 2 events in 100 s are 1,728 a day.
        ForecastKey procmon = Assert.Single(report.Keys, k => k.Key == "procmon");
        int bytes = EventMaker.Exec.Length - "123:7".Length + "000:7".Length;
        Assert.Equal((2, 1728, false), (procmon.Cost.Events, procmon.Cost.EventsPerDay, procmon.AtLeast));
        Assert.Equal(2 * bytes / 100.0 * 86400 / 1e9, procmon.Cost.RecordGigabytesPerDay, 12);
        Assert.InRange(procmon.Cost.GigabytesPerDay, procmon.Cost.RecordGigabytesPerDay / 2, procmon.Cost.RecordGigabytesPerDay * 2);

        // The key is in no event of the log, and nor are its calls.
        ForecastRule gone = report.Rules[2];
        Assert.Equal(("gone", "10.rules:3", 0, true), (gone.Key, gone.Origin, gone.Cost.Events, gone.AtLeast));
        Assert.Equal(["unlinkat"], gone.NotInLog);
        Assert.Equal(["execveat"], report.Rules[1].NotInLog);
        Assert.True(report.Rules[0].KeepsOut);
        Assert.Equal((1, 1, 3), (report.NotWanted.Events, report.Unasked.Events, report.Recorded.Events));
    }

    [Fact]
    public void Run_NeverAndExclude_SayWhatTheyKeepOut()
    {
        string title = "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=6C73";
        ForecastReport report = Forecast("-a always,exclude -F msgtype=PROCTITLE\n-a never,exit -F arch=b64 -S execve -F auid=1000\n-a always,exit -F arch=b64 -S execve -k procmon\n",
            EventMaker.Exec, title);
        Assert.Equal((0, 1), (report.Recorded.Events, report.KeptOut.Events));
        Assert.Equal(1, report.Rules.Single(r => r.Rule.StartsWith("-a never,exit", StringComparison.Ordinal)).Cost.Events);

        report = Forecast("-a always,exclude -F msgtype=PROCTITLE\n-a always,exit -F arch=b64 -S execve -k procmon\n", EventMaker.Exec, title);
        Assert.Equal((1, 0), (report.Recorded.Events, report.KeptOut.Events));
        Assert.Equal(EventMaker.Exec.Length * 86400 / 1e9, report.Recorded.RecordGigabytesPerDay, 12);
        Assert.Equal(title.Length * 86400 / 1e9, report.KeptOut.RecordGigabytesPerDay, 12);
    }

    [Fact]
    public void Run_EmptyLog_IsNothing()
    {
        ForecastReport report = Forecast("-a always,exit -F arch=b64 -S execve -k procmon\n", "");
        Assert.Equal((0, 0, 0), (report.Logged.Events, report.Recorded.Events, report.Unreadable));
        Assert.True(Assert.Single(report.Rules).AtLeast);
    }
}
