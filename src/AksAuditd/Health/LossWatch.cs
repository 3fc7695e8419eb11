using System.Globalization;
using AksAuditd.Events.Reporting;

namespace AksAuditd.Health;

/// <summary>
/// Says that events were lost since the last look, and goes on saying it for a while, so that somebody who asks now and then hears of it. Counters that
/// begin anew, with a boot, a reset or another process, count from there.
/// </summary>
/// <param name="hold">How long a loss is said after it was seen.</param>
/// <param name="clock">Measures that.</param>
internal sealed class LossWatch(TimeSpan hold, TimeProvider clock)
{
    private uint? _kernelLost;
    private EventsReport? _report;
    private string? _said;
    private long _saidAt;
    private bool _looked;

    /// <summary>Compares with the last look. The first one only remembers: what was lost before is not this agent's to say.</summary>
    /// <returns>What was lost; null when nothing was.</returns>
    public string? Look(NodeLook look)
    {
        List<string> lost = [];
        if (look.Kernel is { } kernel)
        {
            if (_kernelLost is { } before && kernel.Lost > before)
                lost.Add(string.Create(CultureInfo.InvariantCulture, $"the kernel lost {kernel.Lost - before} audit records (backlog_limit {kernel.BacklogLimit}, rate_limit {kernel.RateLimit})"));
            _kernelLost = kernel.Lost;
        }

        if (look.Events is { } report)
        {
            bool same = _report is { } r && r.Pid == report.Pid && r.Since == report.Since;
            long events = report.Accounts.Lost - (same ? _report!.Accounts.Lost : 0), overruns = report.Overruns - (same ? _report!.Overruns : 0);
            if (_looked && events > 0) lost.Add(string.Create(CultureInfo.InvariantCulture, $"{events} events were lost on their way to {report.Sink}"));
            if (_looked && overruns > 0) lost.Add(string.Create(CultureInfo.InvariantCulture, $"the kernel dropped records {overruns} times because they were not read in time"));
            _report = report;
        }

        _looked = true;
        if (lost.Count > 0) (_said, _saidAt) = (string.Join("; ", lost), clock.GetTimestamp());
        else if (_said is not null && clock.GetElapsedTime(_saidAt) >= hold) _said = null;
        return _said;
    }
}
