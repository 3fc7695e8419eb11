using Microsoft.Extensions.Logging;

namespace AksAuditd.Events.Delivery;

/// <content>What delivers. It waits for the sink in short pieces, so that the queue goes to the spool in time.</content>
internal sealed partial class LineDelivery
{
    private const int BusyMilliseconds = 20, DownMilliseconds = 50;
    private static readonly TimeSpan SpoolRetry = TimeSpan.FromSeconds(1), SyncInterval = TimeSpan.FromSeconds(1);
    private Spool? _spool;
    private long _spoolTried, _synced, _waitingSince;
    private bool _hasOpenedSpool, _spoolFailed, _sinkWell = true;

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

    private SendState SendSpooled()
    {
        ReadOnlySpan<byte> frames = _spool!.Peek(out long damaged);
        if (damaged > 0)
        {
            _sink.Forget();
            using (_gate.Enter())
            {
                _counters.Spooled -= damaged;
                Lose(LossReason.Damaged, damaged);
            }

            _log.LogError("spool {Directory}: {Count} lines cannot be read and are lost", _options.SpoolDirectory, damaged);
        }

        if (frames.IsEmpty) return SendState.Sent;
        SendState state = Send(frames, out int taken);
        int refused = state == SendState.Refused ? 1 : 0;
        if (taken + refused == 0) return state;
        _spool.Release(LineFrames.SizeOf(frames, taken + refused), taken + refused);
        using (_gate.Enter())
        {
            _counters.Spooled -= taken + refused;
            _counters.SpooledBytes = _spool.Bytes;
            Settle(taken, refused);
        }

        return state;
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

    /// <summary>Moves the queue to the spool when it has become long, or has stood for long.</summary>
    private void SpoolQueued()
    {
        int used;
        using (_gate.Enter()) used = _ring.Used;
        if (used == 0) return;

        // While the spool goes first, the queue stands.
        if (_waitingSince == 0 && _spool is { Count: > 0 }) _waitingSince = _clock.GetTimestamp();
        if (used >= _spoolAt || (_waitingSince != 0 && _clock.GetElapsedTime(_waitingSince) >= _options.SpoolAfter)) MoveToSpool();
    }

    private void MoveToSpool()
    {
        if (_options.SpoolDirectory is null || !IsSpoolUsable()) return;
        while (true)
        {
            ReadOnlySpan<byte> frames;
            using (_gate.Enter()) frames = _ring.Peek();
            if (frames.IsEmpty) break;
            string? failure = null;
            int taken = 0;
            try
            {
                _spool!.Append(new(frames), out taken);
            }
            catch (IOException e)
            {
                failure = e.Message;
            }

            int size = LineFrames.SizeOf(frames, taken);
            using (_gate.Enter())
            {
                _ring.Release(size, taken);
                _counters.Queued -= taken;
                _counters.Spooled += taken;
                _counters.SpooledBytes = _spool!.Bytes;
                _whyFull = failure is not null ? LossReason.SpoolFailed : _spool.IsFull ? LossReason.SpoolFull : LossReason.QueueFull;
            }

            NoteSpool(failure);
            if (failure is not null || _spool.IsFull) return;
        }

        _waitingSince = 0;
    }

    private bool IsSpoolDue => !_spoolFailed || _clock.GetElapsedTime(_spoolTried) >= SpoolRetry;

    private bool IsSpoolUsable()
    {
        if (!IsSpoolDue) return false;
        if (_spool is null) OpenSpool(TimeSpan.Zero);
        return _spool is not null;
    }

    private void OpenSpool(TimeSpan? patience = null)
    {
        _hasOpenedSpool = true;
        if (_options.SpoolDirectory is not { } directory) return;
        try
        {
            _spool = Spool.Open(directory, _options.SpoolBytes, out long damaged, patience);
            using (_gate.Enter())
            {
                _counters.Recovered = _spool.Count + damaged;
                _counters.Accepted += _counters.Recovered;
                _counters.Spooled = _spool.Count;
                _counters.SpooledBytes = _spool.Bytes;
                if (damaged > 0) Lose(LossReason.Damaged, damaged);
            }

            if (_counters.Recovered > 0)
                _log.LogInformation("spool {Directory}: {Count} lines of an earlier process are delivered first, {Damaged} are damaged", directory, _spool.Count, damaged);
            NoteSpool(null);
        }
        catch (IOException e)
        {
            using (_gate.Enter()) _whyFull = LossReason.SpoolFailed;
            NoteSpool(e.Message);
        }
    }

    private void NoteSpool(string? failure)
    {
        bool changed = _spoolFailed != failure is not null;
        _spoolFailed = failure is not null;
        _spoolTried = _clock.GetTimestamp();
        if (!changed) return;
        if (failure is null)
        {
            _log.LogInformation("spool {Directory}: it can be used again", _options.SpoolDirectory);
            return;
        }

        using (_gate.Enter()) _counters.LastError = $"spool: {failure}";
        _log.LogError("spool {Directory}: {Failure}; what does not fit into memory is lost until that is mended", _options.SpoolDirectory, failure);
    }

    private void SyncSpool()
    {
        if (_spool is not { IsUnsynced: true } || _clock.GetElapsedTime(_synced) < SyncInterval) return;
        try
        {
            _spool.Sync();
        }
        catch (IOException e)
        {
            NoteSpool(e.Message);
        }

        _synced = _clock.GetTimestamp();
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
