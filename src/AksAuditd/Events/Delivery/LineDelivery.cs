using Microsoft.Extensions.Logging;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Brings lines to a sink without ever making their producer wait: a bounded queue in memory, behind it a bounded spool on disk, behind that counted loss.
/// Order is kept. One thread enqueues; a thread of its own delivers, or, where the options say so, the one that enqueues; <see cref="Counters"/> may be read by any.
/// </summary>
internal sealed partial class LineDelivery : IDisposable
{
    private const int NotAsleep = int.MaxValue;
    private readonly ISink _sink;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    // Guards the ring, the counters and the flags below. Held for a copy of one line at the most, never over a system call.
    private readonly Gate _gate = new();
    private readonly LineRing _ring;
    private readonly int _enough, _spoolAt;
    private readonly CancellationTokenSource _closed = new();
    private readonly Thread? _thread;
    private DeliveryCounters _counters;
    private LossReason _whyFull = LossReason.QueueFull;
    private bool _stopping, _finished, _reopen;

    // How full the queue must be to wake the thread that delivers; never while it is awake.
    private int _wakeAt = NotAsleep;
    private long _stopBegan;
    private TimeSpan _stopLimit;

    /// <summary>Starts to deliver. What an earlier process left in the spool goes first.</summary>
    /// <param name="sink">Disposed with this.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="clock">For the time of lines, retries and reports.</param>
    /// <param name="log">Told when the sink fails and when it works again.</param>
    public LineDelivery(ISink sink, DeliveryOptions options, TimeProvider clock, ILogger log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.QueueBytes, 1024 * 1024 * 1024);
        if (options.SpoolDirectory is not null) ArgumentOutOfRangeException.ThrowIfLessThan(options.SpoolBytes, 1024 * 1024);
        _sink = sink;
        _options = options;
        _clock = clock;
        _log = log;
        _ring = new(options.QueueBytes);
        _enough = Math.Min(_ring.Capacity * 3 / 8, 512 * 1024);
        MaximumLine = Math.Min(_sink.MaximumLine, MaximumGroup);
        _spoolAt = _ring.Capacity / 2;
        if (!options.HasThread) return;
        _thread = new(Run) { IsBackground = true, Name = "delivery" };
        _thread.Start();
    }

    /// <summary>What happened so far, all of one moment.</summary>
    public DeliveryCounters Counters
    {
        get
        {
            using (_gate.Enter()) return _counters with { QueuedBytes = _ring.Used };
        }
    }

    /// <summary>How much the queue in memory holds.</summary>
    public int QueueBytes => _ring.Capacity;

    /// <summary>Whether it delivers by itself; otherwise the producer has to call <see cref="Deliver"/>.</summary>
    public bool HasThread => _options.HasThread;

    /// <summary>How much the spool on disk holds; 0 without one.</summary>
    public long SpoolBytes => _options.SpoolDirectory is null ? 0 : _options.SpoolBytes;

    /// <summary>Set when nobody will ever read what is delivered: standard output is a pipe whose reader has gone.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>The longest line: the sink's, and no more than an eighth of the queue.</summary>
    public int MaximumLine { get; }

    /// <summary>The longest <see cref="LineGroup"/>, newlines included: an eighth of the queue, 1 MiB at the most.</summary>
    public int MaximumGroup => Math.Min(_ring.Capacity / 8, Spool.MaximumLine);

    /// <summary>Hands over a line of this moment.</summary>
    /// <inheritdoc cref="Enqueue(ReadOnlySpan{byte}, long)"/>
    public bool Enqueue(ReadOnlySpan<byte> line) => Enqueue(line, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Hands over a line. Never waits, allocates nothing.</summary>
    /// <param name="line">Copied; without a newline, and none inside. Or a <see cref="LineGroup"/>, which counts as one.</param>
    /// <param name="time">When it happened: microseconds since 1970, UTC. It stands in the header of a syslog message.</param>
    /// <returns>False when it is lost, and counted as that.</returns>
    public bool Enqueue(ReadOnlySpan<byte> line, long time)
    {
        using (_gate.Enter())
        {
            _counters.Accepted++;
            LossReason reason = LossReason.TooLong;
            if (line.Length <= MaximumLine || (LineGroup.IsGroup(line) && line.Length <= MaximumGroup))
            {
                reason = _finished ? LossReason.Stopped : _whyFull;
                if (!_finished && _ring.TryAdd(line, time))
                {
                    _counters.Queued++;
                    if (_ring.Used >= _wakeAt) Wake();
                    return true;
                }
            }

            Lose(reason, 1);
            return false;
        }
    }

    /// <summary>Delivers on the producer's thread, and waits while the sink takes nothing. Only without a thread of its own.</summary>
    /// <param name="all">False: nothing is done before a write is worth it. Less than half of the queue is in use afterwards.</param>
    /// <param name="stop">Ends the wait.</param>
    public void Deliver(bool all, CancellationToken stop)
    {
        if (_thread is not null) throw new InvalidOperationException("a thread delivers these lines");
        if (!all && _ring.Used < _enough) return;
        // To the last line: the ring begins again at its front, in memory that is near.
        while (_ring.Used > 0 && !stop.IsCancellationRequested && !_closed.IsCancellationRequested) Turn();
    }

    /// <summary>Opens the sink again before the next line: for SIGHUP.</summary>
    public void Reopen()
    {
        using (_gate.Enter())
        {
            _reopen = true;
            Wake();
        }
    }

    /// <summary>
    /// Ends delivery: tries to deliver all for as long as the sink takes something; what is left goes to the spool, synced, or is counted as lost.
    /// What is enqueued afterwards is lost.
    /// </summary>
    /// <param name="limit">How long that may take at the most.</param>
    /// <returns>Whether all lines were delivered.</returns>
    public bool Drain(TimeSpan limit)
    {
        using (_gate.Enter())
        {
            if (!_stopping)
            {
                _stopping = true;
                _stopBegan = _clock.GetTimestamp();
                _stopLimit = limit;
            }

            Wake();
        }

        // A second more, for the spool. It never takes that long unless a disk hangs.
        if (_thread is not null) _thread.Join(limit + TimeSpan.FromSeconds(1));
        else if (!_finished) Run();
        using (_gate.Enter()) return _finished && _counters.Delivered == _counters.Accepted - _counters.Lost.Total && _counters.Lost.Stopped == 0;
    }

    public void Dispose()
    {
        Drain(TimeSpan.Zero);
        if (_thread is { IsAlive: true }) return;
        _sink.Dispose();
        _closed.Dispose();
    }

    private void Wake()
    {
        _wakeAt = NotAsleep;
        _gate.Ring();
    }
}
