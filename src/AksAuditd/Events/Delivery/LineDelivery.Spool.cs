using Microsoft.Extensions.Logging;

namespace AksAuditd.Events.Delivery;

/// <content>The way by the spool: into it, out of it, and what its disk may do to it.</content>
internal sealed partial class LineDelivery
{
    private static readonly TimeSpan SpoolRetry = TimeSpan.FromSeconds(1), SyncInterval = TimeSpan.FromSeconds(1);
    private Spool? _spool;
    private long _spoolTried, _synced;
    private bool _hasOpenedSpool, _spoolFailed;

    /// <summary>Offers the sink the oldest lines of the spool.</summary>
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
}
