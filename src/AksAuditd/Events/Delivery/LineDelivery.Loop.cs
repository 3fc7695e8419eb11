using Microsoft.Extensions.Logging;

namespace AksAuditd.Events.Delivery;

/// <content>What delivers. It waits for the sink in short pieces, so that the queue goes to the spool in time.</content>
internal sealed partial class LineDelivery
{
    private const int BusyMilliseconds = 20, DownMilliseconds = 50;
    private long _waitingSince;
    private bool _sinkWell = true;

    private void Run()
    {
        try
        {
            while (Turn()) continue;
        }
        catch (Exception e)
        {
            // A bug. The rest of the program lives on, and its balance holds.
            _log.LogCritical(e, "delivery to {Sink} has ended", _sink.Name);
        }

        Finish();
    }

    private bool Turn()
    {
        if (!_hasOpenedSpool) OpenSpool();
        bool reopen, stopping;
        using (_gate.Enter())
        {
            (reopen, stopping) = (_reopen, _stopping);
            _reopen = false;
        }

        if (reopen) _sink.Reopen();
        // What an earlier process left there goes on as soon as it can be read.
        if (_spoolFailed && _spool is null && IsSpoolDue) OpenSpool(TimeSpan.Zero);
        SendState state = SendState.Sent;
        if (_spool is { Count: > 0 }) state = SendSpooled();
        else if (!SendQueued(ref state) && stopping) return false;
        SpoolQueued();
        SyncSpool();
        if (stopping && MustStop(state)) return false;
        Pause(state, stopping);
        return true;
    }

    /// <summary>Offers the sink the oldest lines in memory; false when there were none.</summary>
    private bool SendQueued(ref SendState state)
    {
        ReadOnlySpan<byte> frames;
        using (_gate.Enter()) frames = _ring.Peek();
        if (frames.IsEmpty)
        {
            _waitingSince = 0;
            return false;
        }

        state = Send(frames, out int taken);
        int refused = state == SendState.Refused ? 1 : 0;
        if (taken + refused == 0)
        {
            if (_waitingSince == 0) _waitingSince = _clock.GetTimestamp();
            return true;
        }

        _waitingSince = 0;
        int size = LineFrames.SizeOf(frames, taken + refused);
        using (_gate.Enter())
        {
            _ring.Release(size, taken + refused);
            _counters.Queued -= taken + refused;
            Settle(taken, refused);
        }

        return true;
    }

    private SendState Send(ReadOnlySpan<byte> frames, out int taken)
    {
        SendState state = _sink.Send(new(frames), out taken);
        bool well = state is not (SendState.Down or SendState.Closed);
        if (well && (taken > 0 || state == SendState.Refused) && !_sinkWell)
        {
            _sinkWell = true;
            _log.LogInformation("{Sink} takes events again", _sink.Name);
        }
        else if (!well && _sinkWell)
        {
            _sinkWell = false;
            string error = $"{_sink.Name}: {_sink.Error}";
            using (_gate.Enter())
            {
                _counters.SinkErrors++;
                _counters.LastError = error;
            }

            // A reader that has gone is how a pipe ends, and nothing to complain about.
            if (state == SendState.Closed) _closed.Cancel();
            else _log.LogWarning("{Error}; it is tried again", error);
        }

        return state;
    }

    private void Settle(int taken, int refused)
    {
        _counters.Delivered += taken;
        if (taken > 0) _workedSinceLoss = true;
        if (refused > 0) Lose(LossReason.TooLong, refused);
    }

    /// <summary>Whether a stop has waited long enough. With a spool to put the rest into, nobody waits for a sink that is not there.</summary>
    private bool MustStop(SendState state) =>
        _clock.GetElapsedTime(_stopBegan) >= _stopLimit || state == SendState.Closed || (state == SendState.Down && _spool is not null && !_spoolFailed);

    private void Pause(SendState state, bool stopping)
    {
        switch (state)
        {
            case SendState.Busy:
                _sink.Wait(BusyMilliseconds);
                return;
            case SendState.Down or SendState.Closed:
                using (_gate.Enter())
                {
                    if (!_reopen && _stopping == stopping) Rest(_ring.Used < _spoolAt ? _spoolAt : NotAsleep, DownMilliseconds);
                }

                return;
            default:
                if (_options.HasThread && _spool is not { Count: > 0 }) Sleep();
                return;
        }
    }

    private void Sleep()
    {
        int linger = (int)_options.Linger.TotalMilliseconds;
        using (_gate.Enter())
        {
            // Lines were there a moment ago, so more will come: not woken by the first of them, they are taken together.
            if (_ring.Used < _enough && !_stopping && !_reopen && linger > 0) Rest(_enough, linger);
            if (_counters.Queued > 0) return;
            while (_counters.Queued == 0 && !_stopping && !_reopen) Rest(0, Timeout.Infinite);
            if (!_stopping && !_reopen && _ring.Used < _enough && linger > 0) Rest(_enough, linger);
        }
    }

    /// <summary>Sleeps until the queue has so many bytes, somebody wants something, or the time is over; with the gate held.</summary>
    private void Rest(int wakeAt, int milliseconds)
    {
        _wakeAt = wakeAt;
        _gate.Wait(milliseconds);
        _wakeAt = NotAsleep;
    }

    private void Finish()
    {
        try
        {
            MoveToSpool();
            _spool?.Sync();
            _spool?.Dispose();
        }
        catch (Exception e)
        {
            _log.LogError("spool {Directory}: {Failure}", _options.SpoolDirectory, e.Message);
        }

        using (_gate.Enter())
        {
            if (_counters.Queued > 0) Lose(LossReason.Stopped, _counters.Queued);
            _counters.Queued = 0;
            while (_ring.Count > 0)
            {
                int size = LineFrames.SizeOf(_ring.Peek(), 1);
                _ring.Release(size, 1);
            }

            _finished = true;
        }
    }
}
