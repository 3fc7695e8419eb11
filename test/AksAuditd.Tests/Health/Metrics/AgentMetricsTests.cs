using System.Text.RegularExpressions;
using AksAuditd.Events.Reporting;
using AksAuditd.Health;
using AksAuditd.Health.Metrics;
using AksAuditd.Node;
using AksAuditd.Node.Syslog;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using TestSupport;

namespace AksAuditd.Tests.Health.Metrics;

public sealed partial class AgentMetricsTests : IDisposable
{
    private readonly NodeStatus _status = new(TimeProvider.System, NullLogger.Instance);
    private readonly AgentMetrics _metrics;
    private EventsReport? _report;

    public AgentMetricsTests() => _metrics = new(_status, () => _report, "0.1.0");

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Collect_BeforeTheFirstPass_SaysWhatIsKnown()
    {
        string[] lines = Lines();
        Assert.Contains("aks_auditd_build_info{version=\"0.1.0\"} 1", lines);
        Assert.Contains("aks_auditd_ready 0", lines);
        Assert.Contains("aks_auditd_policy_applies_total{result=\"failed\"} 0", lines);
        Assert.Contains("aks_auditd_policy_apply_duration_seconds_count 0", lines);
        Assert.DoesNotContain(lines, l => l.Contains("aks_auditd_kernel_", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains("aks_auditd_events_", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains("aks_auditd_policy_info", StringComparison.Ordinal));
    }

    [Fact]
    public void Collect_AfterAPass_HasItsNumbers()
    {
        Fill();
        string[] lines = Lines();
        string[] expected =
        [
            "# TYPE aks_auditd_policy_in_sync gauge", "aks_auditd_ready 0", "aks_auditd_policy_in_sync 1", "aks_auditd_policy_info{hash=\"abc\"} 1",
            "aks_auditd_policy_applied_timestamp_seconds 1700000000",
            "aks_auditd_rules{state=\"desired\"} 12", "aks_auditd_rules{state=\"loaded\"} 10", "aks_auditd_rules{state=\"skipped\"} 2",
            "# TYPE aks_auditd_policy_applies_total counter", "aks_auditd_policy_applies_total{result=\"applied\"} 2", "aks_auditd_policy_applies_total{result=\"failed\"} 1",
            "aks_auditd_drift_repairs_total 1",
            "# TYPE aks_auditd_policy_apply_duration_seconds histogram", "aks_auditd_policy_apply_duration_seconds_bucket{le=\"0.005\"} 0",
            "aks_auditd_policy_apply_duration_seconds_bucket{le=\"0.1\"} 1", "aks_auditd_policy_apply_duration_seconds_bucket{le=\"0.25\"} 2",
            "aks_auditd_policy_apply_duration_seconds_bucket{le=\"30\"} 2", "aks_auditd_policy_apply_duration_seconds_bucket{le=\"+Inf\"} 3",
            "aks_auditd_policy_apply_duration_seconds_sum 60.35", "aks_auditd_policy_apply_duration_seconds_count 3",
            "aks_auditd_kernel_lost_records_total 7", "aks_auditd_kernel_backlog_records 3", "aks_auditd_kernel_backlog_limit_records 8192", "aks_auditd_kernel_enabled 1",
            "aks_auditd_auditd_up 1", "aks_auditd_events_up 0", "aks_auditd_events_received_total 1000", "aks_auditd_events_lost_total{reason=\"spool_full\"} 5",
            "aks_auditd_events_suppressed_total{reason=\"over_budget\"} 4", "aks_auditd_spool_bytes 600", "aks_auditd_spool_limit_bytes 6000", "aks_auditd_sink_errors_total 2",
            "aks_auditd_rule_events_total{key=\"exec\"} 900", "aks_auditd_rule_record_bytes_total{key=\"exec\"} 90000", "aks_auditd_rule_output_bytes_total{key=\"exec\"} 80000",
            "aks_auditd_rule_suppressed_total{key=\"exec\"} 40",
        ];
        foreach (string line in expected) Assert.Contains(line, lines);
    }

    [Fact]
    public void Collect_HostileKeys_AreEscapedAndNoNameStandsTwice()
    {
        _report = Report(new("a\"b\\c\nd", 1, 0, 0, 0), new("x\uFFFD", 2, 0, 0, 0), new("x\uFFFD", 3, 0, 0, 0), new(new string('k', 300), 4, 0, 0, 0), new("", 5, 0, 0, 0));
        string[] lines = [.. Lines().Where(l => l.StartsWith("aks_auditd_rule_events_total", StringComparison.Ordinal))];
        Assert.Equal(
        [
            @"aks_auditd_rule_events_total{key=""a\""b\\c\nd""} 1",
            "aks_auditd_rule_events_total{key=\"x\uFFFD\"} 5",
            $"aks_auditd_rule_events_total{{key=\"{new string('k', 256)}\"}} 4",
            "aks_auditd_rule_events_total{key=\"\"} 5",
        ], lines);
    }

    [Fact]
    public void Collect_KeyThatIsGone_IsGone()
    {
        _report = Report(new KeyReport("old", 1, 0, 0, 0));
        Assert.Contains("aks_auditd_rule_events_total{key=\"old\"} 1", Lines());
        _report = Report(new KeyReport("new", 1, 0, 0, 0));
        Assert.DoesNotContain(Lines(), l => l.Contains("\"old\"", StringComparison.Ordinal));
    }

    /// <summary>docs/metrics.md has a row for each metric, "| `name` | type | labels | …", and none besides.</summary>
    [Fact]
    public void Families_AreThoseOfTheDocument()
    {
        Fill();
        string[] lines = Lines();
        SortedSet<string> code = new(StringComparer.Ordinal), document = new(StringComparer.Ordinal);
        foreach ((string name, string type) in _metrics.Families)
        {
            SortedSet<string> labels = new(StringComparer.Ordinal);
            foreach (string line in lines.Where(l => l.StartsWith(name + "{", StringComparison.Ordinal)))
                foreach (Match label in Label().Matches(line)) labels.Add(label.Groups[1].Value);
            Assert.True(lines.Contains($"# TYPE {name} {type}"), $"{name}: this test gives it no value");
            code.Add($"{name} {type} {string.Join(' ', labels)}".TrimEnd());
        }

        foreach (Match row in Row().Matches(File.ReadAllText(Path.Join(Repository.Root, "docs", "metrics.md"))))
            Assert.True(document.Add($"{row.Groups[1].Value} {row.Groups[2].Value} {row.Groups[3].Value.Replace("`", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}".TrimEnd()));
        Assert.Equal(code, document);
    }

    /// <summary>promtool lint's rules: counters and only they end in _total, units are whole words at the end.</summary>
    [Fact]
    public void Families_NamesFollowPrometheusConventions()
    {
        foreach ((string name, string type) in _metrics.Families)
        {
            Assert.Matches("^(aks_auditd|process)(_[a-z]+)+$", name);
            Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("""([a-z]+)=""")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (counter|gauge|histogram) \| ([a-z`, ]*?) *\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static EventsReport Report(params KeyReport[] keys) => new()
    {
        Version = "0.1.0",
        Pid = 1,
        Since = DateTimeOffset.UnixEpoch,
        At = DateTimeOffset.UnixEpoch,
        Source = "auditd",
        Sink = "syslog:/dev/log",
        SinkErrors = 2,
        Accounts = new() { Received = 1000, OverBudget = 4, Lost = 5 },
        Losses = new(0, 5, 0, 0, 0, 0),
        SpooledBytes = 600,
        SpoolLimitBytes = 6000,
        Keys = keys,
    };

    private void Fill()
    {
        _report = Report(new KeyReport("exec", 900, 90000, 80000, 40));
        _status.Applied("abc", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), 12, 10, ["a", "b"]);
        AuditStatus kernel = new() { Lost = 7, Backlog = 3, BacklogLimit = 8192, Enabled = AuditEnabled.On };
        _status.Saw(new(kernel, DaemonRuns: true, WantsEvents: true, _report, "it hangs")
        {
            Delivery = new([DeliveryStage.Plugin, DeliveryStage.Syslog], [new(DeliveryStage.Syslog, "there is none")], [], IsDoubled: false),
        });
        _status.SawOlder(new(new(BootId.Current, long.MaxValue)));
        _status.Report(problem: null, "it hangs");
        _metrics.Applied(succeeded: true, TimeSpan.FromMilliseconds(100));
        _metrics.Applied(succeeded: true, TimeSpan.FromMilliseconds(250));
        _metrics.Applied(succeeded: false, TimeSpan.FromSeconds(60));
        _metrics.Repaired();
    }

    private string[] Lines() => _metrics.Collect().Split('\n');
}
