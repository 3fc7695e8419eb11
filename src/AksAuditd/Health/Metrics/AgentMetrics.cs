using System.Diagnostics.Metrics;
using AksAuditd.Events.Reporting;
using AksAuditd.Node.Syslog;

namespace AksAuditd.Health.Metrics;

/// <summary>
/// What the agent measures: each is in <c>docs/metrics.md</c>, named as Prometheus has it. Made at each scrape from what the last pass saw and what the events
/// program says now; only what nobody else counts is counted here. Thread safe.
/// </summary>
internal sealed class AgentMetrics : IDisposable
{
    private readonly NodeStatus _status;
    private readonly Func<EventsReport?> _readEvents;
    private readonly string _version;
    private readonly Histogram<double> _applyDuration;
    private readonly MetricsCollector _collector;
    private EventsReport? _events;
    private long _applied, _failed, _repairs, _starts;

    /// <summary>Begins to measure.</summary>
    /// <param name="status">What passes see.</param>
    /// <param name="readEvents">What the program that reads events says of itself; null when there is none. Any thread.</param>
    /// <param name="version">The agent's version.</param>
    public AgentMetrics(NodeStatus status, Func<EventsReport?> readEvents, string version)
    {
        (_status, _readEvents, _version) = (status, readEvents, version);
        _collector = new(Meter);
        AddPolicy();
        _applyDuration = Meter.CreateHistogram<double>("aks_auditd_policy_apply_duration_seconds", "s",
            "How long it took to bring the node to a policy, or to find that it cannot be.");
        AddKernel();
        AddEvents();
        AddKeys();
        AddProcess();
    }

    /// <summary>Everything that is measured: name and type.</summary>
    public IReadOnlyList<(string Name, string Type)> Families => _collector.Families;

    private Meter Meter { get; } = new("AksAuditd");

    /// <summary>All of it now, in Prometheus' text format.</summary>
    public string Collect()
    {
        Volatile.Write(ref _events, _readEvents());
        return _collector.Collect();
    }

    /// <summary>Counts a policy that was applied, or was not and the node was put back.</summary>
    public void Applied(bool succeeded, TimeSpan took)
    {
        Interlocked.Increment(ref succeeded ? ref _applied : ref _failed);
        _applyDuration.Record(took.TotalSeconds);
    }

    /// <summary>Counts a drift that was repaired.</summary>
    public void Repaired() => Interlocked.Increment(ref _repairs);

    /// <summary>Counts that auditd did not run and was started.</summary>
    public void StartedAuditd() => Interlocked.Increment(ref _starts);

    public void Dispose()
    {
        _collector.Dispose();
        Meter.Dispose();
    }

    private static Measurement<long> Of(long value, string label, string text) => new(value, new KeyValuePair<string, object?>(label, text));

    private void AddPolicy()
    {
        Gauges("aks_auditd_build_info", "1, with the version of the agent.", () => [Of(1, "version", _version)]);
        Gauge("aks_auditd_ready", "Whether the node is audited as its policy says and nothing was lost lately: what /readyz says.", () => _status.Current.Ready ? 1 : 0);
        Gauge("aks_auditd_policy_in_sync", "Whether the node is as its policy says.", () => _status.Current.InSync ? 1 : 0);
        Gauges("aks_auditd_policy_info", "1, with the hash of the policy that is on the node.", () => _status.Current.Policy is { } hash ? [Of(1, "hash", hash)] : []);
        Gauges("aks_auditd_policy_applied_timestamp_seconds", "When that policy was applied, in seconds since 1970.",
            () => _status.Current.AppliedAt is { } at ? [new(at.ToUnixTimeSeconds())] : []);
        Gauges("aks_auditd_last_pass_timestamp_seconds", "When policy and node were last compared, in seconds since 1970.",
            () => _status.Current.LastPass is { } at ? [new(at.ToUnixTimeSeconds())] : []);
        Gauges("aks_auditd_rules", "Rules of the policy: desired, loaded into the kernel, skipped because this node lacks something.", () =>
        {
            StatusReport report = _status.Current;
            return [Of(report.RulesDesired, "state", "desired"), Of(report.RulesLoaded, "state", "loaded"), Of(report.Skipped.Count, "state", "skipped")];
        });
        Counters("aks_auditd_policy_applies_total", "Policies, and repairs, that were applied, and that failed so that the node was put back.",
            () => [Of(Interlocked.Read(ref _applied), "result", "applied"), Of(Interlocked.Read(ref _failed), "result", "failed")]);
        Counters("aks_auditd_drift_repairs_total", "Drifts of the node from its policy that were repaired.", () => [new(Interlocked.Read(ref _repairs))]);
    }

    private void AddKernel()
    {
        Counters("aks_auditd_kernel_lost_records_total", "Audit records that the kernel lost since boot, or since somebody reset the number.", () => Kernel(k => k.Lost));
        Gauges("aks_auditd_kernel_backlog_records", "Audit records that wait in the kernel.", () => Kernel(k => k.Backlog));
        Gauges("aks_auditd_kernel_backlog_limit_records", "How many may wait there; 0: any number.", () => Kernel(k => k.BacklogLimit));
        Gauges("aks_auditd_kernel_enabled", "Whether the kernel audits: 0 no, 1 yes, 2 yes and locked until the next boot.", () => Kernel(k => (uint)k.Enabled));
        Gauges("aks_auditd_older_programs", "Programs that have run since before audit was on, and are not recorded until they start anew.",
            () => _status.Older is { } older ? [new(older.Count)] : []);
        Gauges("aks_auditd_auditd_up", "Whether auditd, or the agent in its place, runs and has the kernel's audit socket.",
            () => _status.Look is { } look ? [new(look.DaemonRuns ? 1 : 0)] : []);
        Gauges("aks_auditd_delivery_up", "Whether a stage of the way out works: plugin, syslog, forward, receiver, sink. Those that the policy's events pass.",
            () => _status.Look is { } look ? Delivery(look.Delivery) : []);
        Gauges("aks_auditd_syslog_doubled", "Whether the node's rsyslog gets each message twice; absent when nothing goes through it.",
            () => _status.Look?.Delivery.IsDoubled is { } doubled ? [new(doubled ? 1 : 0)] : []);
        Counters("aks_auditd_auditd_starts_total", "Times that the agent started auditd because it did not run.", () => [new(Interlocked.Read(ref _starts))]);
    }

    private void AddEvents()
    {
        Gauges("aks_auditd_events_up", "Whether the program that reads events does its work; absent when the policy has none.",
            () => _status.Look is { WantsEvents: true } look ? [new(look.EventsProblem is null ? 1 : 0)] : []);
        Counters("aks_auditd_events_received_total", "Events that came.", () => Events(r => r.Accounts.Received));
        Counters("aks_auditd_events_recovered_total", "Events that an earlier process had left on disk.", () => Events(r => r.Accounts.Recovered));
        Counters("aks_auditd_events_notices_total", "Events of our own: of loss, of suppression, of what could not be read.", () => Events(r => r.Accounts.Notices));
        Counters("aks_auditd_events_delivered_total", "Events that the sink took.", () => Events(r => r.Accounts.Delivered));
        Counters("aks_auditd_events_suppressed_total", "Events that did not go on, by reason.", () => Volatile.Read(ref _events) is not { } r ? []
            : [Of(r.Accounts.Filtered, "reason", "filtered"), Of(r.Accounts.Sampled, "reason", "sampled"), Of(r.Accounts.OverBudget, "reason", "over_budget")]);
        Counters("aks_auditd_events_lost_total", "Events that were lost on their way to the sink, by reason.", () => Volatile.Read(ref _events) is not { } r ? []
            :
            [
                Of(r.Losses.QueueFull, "reason", "queue_full"), Of(r.Losses.SpoolFull, "reason", "spool_full"), Of(r.Losses.SpoolFailed, "reason", "spool_failed"),
                Of(r.Losses.TooLong, "reason", "too_long"), Of(r.Losses.Damaged, "reason", "damaged"), Of(r.Losses.Stopped, "reason", "stopped"),
            ]);
        Counters("aks_auditd_events_missing_total", "Serial numbers of events that never came.", () => Events(r => r.Missing));
        Counters("aks_auditd_events_overruns_total", "Times that the kernel dropped records because they were not read in time.", () => Events(r => r.Overruns));
        Counters("aks_auditd_events_unreadable_total", "Lines that are no audit records.", () => Events(r => r.Unreadable));
        Counters("aks_auditd_events_unknown_places_total", "Events whose process could not be placed in a container or on the node.", () => Events(r => r.UnknownPlaces));
        Gauges("aks_auditd_queue_bytes", "Bytes that wait for the sink in memory.", () => Events(r => r.QueuedBytes));
        Gauges("aks_auditd_queue_limit_bytes", "How many may.", () => Events(r => r.QueueLimitBytes));
        Gauges("aks_auditd_spool_bytes", "Bytes that wait for the sink on disk.", () => Events(r => r.SpooledBytes));
        Gauges("aks_auditd_spool_limit_bytes", "How many may; 0 without a spool.", () => Events(r => r.SpoolLimitBytes));
        Counters("aks_auditd_sink_errors_total", "How often the sink went from well to unwell.", () => Events(r => r.SinkErrors));
    }

    private void AddKeys()
    {
        Counters("aks_auditd_rule_events_total", "Events by the first key of the rule that recorded them; empty for none.", () => Keys(k => k.Events));
        Counters("aks_auditd_rule_record_bytes_total", "Bytes of their records.", () => Keys(k => k.RecordBytes));
        Counters("aks_auditd_rule_output_bytes_total", "Bytes that were made of them and went on.", () => Keys(k => k.Bytes));
        Counters("aks_auditd_rule_suppressed_total", "Events that did not go on, by key.", () => Keys(k => k.Suppressed));
    }

    private void AddProcess()
    {
        Meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "CPU time of the agent.");
        Gauge("process_resident_memory_bytes", "Resident memory of the agent.", () => Environment.WorkingSet);
    }

    private Measurement<long>[] Kernel(Func<LinuxAudit.Kernel.AuditStatus, uint> value) => _status.Look?.Kernel is { } kernel ? [new(value(kernel))] : [];

    private static IEnumerable<Measurement<long>> Delivery(DeliveryLook look) =>
        look.Checked.Select(stage => Of(look.Problems.Any(p => p.Stage == stage) ? 0 : 1, "stage", stage.ToString().ToLowerInvariant()));

    private Measurement<long>[] Events(Func<EventsReport, long> value) => Volatile.Read(ref _events) is { } report ? [new(value(report))] : [];

    private Measurement<long>[] Keys(Func<KeyReport, long> value)
    {
        if (Volatile.Read(ref _events) is not { } report) return [];
        Measurement<long>[] keys = new Measurement<long>[report.Keys.Count];
        for (int i = 0; i < keys.Length; i++) keys[i] = Of(value(report.Keys[i]), "key", report.Keys[i].Key);
        return keys;
    }

    private void Gauge(string name, string help, Func<long> value) => Meter.CreateObservableGauge(name, value, null, help);

    private void Gauges(string name, string help, Func<IEnumerable<Measurement<long>>> values) => Meter.CreateObservableGauge(name, values, null, help);

    private void Counters(string name, string help, Func<IEnumerable<Measurement<long>>> values) => Meter.CreateObservableCounter(name, values, null, help);
}
