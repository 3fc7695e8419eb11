namespace AksAuditd.Events.Delivery;

/// <content>Losses, and telling them.</content>
internal sealed partial class LineDelivery
{
    private LossCounts _told;
    private DateTimeOffset _lossFrom, _lossTo;
    private long _lastReport;
    private bool _workedSinceLoss;

    /// <summary>
    /// What was lost and not told, once the sink has taken something again; not more often than the options say. The same again, or more, until
    /// <see cref="Told"/>.
    /// </summary>
    public bool TryGetLoss(out LossReport report)
    {
        report = default;
        using (_gate.Enter())
        {
            LossCounts lost = _counters.Lost.Minus(_told);
            if (lost.Total == 0 || !_workedSinceLoss) return false;
            if (_lastReport != 0 && _clock.GetElapsedTime(_lastReport) < _options.LossReportInterval) return false;
            report = new(_lossFrom, _lossTo, lost);
            return true;
        }
    }

    /// <summary>Somebody has been told: the line that says so was enqueued.</summary>
    public void Told(in LossReport report)
    {
        using (_gate.Enter())
        {
            _told = _told.Plus(report.Lost);
            _lossFrom = _lossTo;
            _lastReport = _clock.GetTimestamp();
        }
    }

    /// <summary>Counts lost lines; with the gate held.</summary>
    private void Lose(LossReason reason, long count)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (_counters.Lost == _told) _lossFrom = now;
        _lossTo = now;
        LossCounts lost = _counters.Lost;
        lost.Add(reason, count);
        _counters.Lost = lost;

        // A line that is too long says nothing about the sink.
        if (reason is not (LossReason.TooLong or LossReason.Damaged)) _workedSinceLoss = false;
    }
}
