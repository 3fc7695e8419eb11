using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using AksAuditd.Events.Selection;
using AksAuditd.Events.Sources;
using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>
/// Records become events, events get their pod, are kept or dropped, become lines, and go to delivery. One thread, which waits for nothing but the source:
/// where a sink is slow, delivery has a queue and a spool, and counts what neither can hold.
/// </summary>
internal sealed class EventPipeline
{
    // Looks at the clock now and then; a turn of so many records takes about a millisecond.
    private const int RecordsATurn = 256;
    private const int UnreadableASecond = 20;
    private const long SuppressionInterval = 10_000, LossInterval = 5_000, IdentityInterval = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PatienceWhileOpen = TimeSpan.FromMilliseconds(50);

    private readonly IRecordSource _source;
    private readonly EventAssembler _assembler;
    private readonly PodContext _pods;
    private readonly NodeIdentities _identities;
    private readonly bool _isLive;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly EventFacts _facts = new();
    private readonly HeldEvents _held;
    private readonly List<Suppression> _suppressions = [];
    private readonly ContainerAnnouncements _announcements = new();
    private EventSelection _selection;
    private IEventEncoder _encoder;
    private LineDelivery _delivery;
    private PipelineChange? _change;
    private EventAccounts _before;
    private LossCounts _lostBefore;
    private long _now, _received, _notices, _shortenedBefore, _filtered, _sampled, _overBudget;
    private long _missing, _overruns, _nextSuppression, _nextLoss, _nextIdentity, _unreadableUntil, _unreadableSince;
    private int _unreadable;

    public EventPipeline(PipelineParts parts, TimeProvider clock)
    {
        (_source, _pods, _identities, _clock) = (parts.Source, parts.Pods, parts.Identities, clock);
        (_selection, _encoder, _delivery) = (parts.Selection, parts.Encoder, parts.Delivery);
        _isLive = parts.IsLive;
        _assembler = new EventAssembler(clock: parts.IsLive ? clock : null);
        _held = new HeldEvents(parts.IsLive ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        _start = clock.GetTimestamp();
        (_nextSuppression, _nextLoss, _nextIdentity) = (SuppressionInterval, LossInterval, IdentityInterval);
    }

    /// <summary>Called once a turn, on the pipeline's thread: where the accounts balance.</summary>
    public Action<EventPipeline>? OnTurn { get; init; }

    /// <summary>What each key costs. On the pipeline's thread only.</summary>
    public KeyCosts Costs { get; } = new();

    /// <summary>What assembly did. On the pipeline's thread only.</summary>
    public AssemblerCounters Assembled => _assembler.Counters;

    /// <summary>What was found out about processes. On the pipeline's thread only.</summary>
    public PodContextCounters Places => _pods.Counters;

    /// <summary>What delivery did, with its last error.</summary>
    public DeliveryCounters Delivered => _delivery.Counters;

    /// <summary>Why lines were lost. On the pipeline's thread only.</summary>
    public LossCounts Losses => _lostBefore.Plus(_delivery.Counters.Lost);

    /// <summary>How much delivery's queue in memory holds.</summary>
    public int QueueBytes => _delivery.QueueBytes;

    /// <summary>How much its spool holds; 0 without one.</summary>
    public long SpoolBytes => _delivery.SpoolBytes;

    /// <summary>Whether nobody reads what is written any more.</summary>
    public bool IsClosed => _delivery.Closed.IsCancellationRequested;

    /// <summary>Events of which something was left out. On the pipeline's thread only.</summary>
    public long Shortened => _shortenedBefore + _encoder.Shortened;

    /// <summary>Times that records were lost before they came here.</summary>
    public long Overruns => _source.Overruns;

    /// <summary>Where every event went. On the pipeline's thread only.</summary>
    public EventAccounts Accounts
    {
        get
        {
            DeliveryCounters delivery = _delivery.Counters;
            return new EventAccounts
            {
                Received = _received,
                Recovered = _before.Recovered + delivery.Recovered,
                Notices = _notices,
                Filtered = _filtered,
                Sampled = _sampled,
                OverBudget = _overBudget,
                Held = _held.Count,
                Delivered = _before.Delivered + delivery.Delivered,
                Lost = _before.Lost + delivery.Lost.Total,
                Queued = delivery.Queued,
                Spooled = delivery.Spooled,
            };
        }
    }

    /// <summary>Changes filters, form and sink while it runs, at the next turn. A new sink that still waits for that turn stays, unless this change has another. Any thread.</summary>
    public void Change(PipelineChange change)
    {
        PipelineChange? pending, next;
        do
        {
            pending = Volatile.Read(ref _change);
            next = change with { Delivery = change.Delivery ?? pending?.Delivery };
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _change, next, pending), pending));
    }

    /// <summary>
    /// Runs until the source ends or it is told to stop; then takes what has come already, for a second at the most and not from the past, and drains delivery.
    /// </summary>
    /// <exception cref="Node.NodeException">The source does not work any more.</exception>
    public void Run(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && !_delivery.Closed.IsCancellationRequested && Turn(_assembler.OpenEvents + _held.Count > 0 ? PatienceWhileOpen : Patience, stop) != SourceState.Ended) { }
            long end = Now() + 1000;
            while (_isLive && stop.IsCancellationRequested && Now() < end && Turn(TimeSpan.Zero, CancellationToken.None, end) == SourceState.Ready) { }
        }
        finally
        {
            _assembler.Flush();
            TakeReady();
            Release(long.MaxValue);
            Tell(now: true);
            _delivery.Drain(_isLive || stop.IsCancellationRequested ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(5));
            OnTurn?.Invoke(this);
        }
    }

    private SourceState Turn(TimeSpan patience, CancellationToken stop, long end = long.MaxValue)
    {
        SourceState state = Wait(patience, stop);
        _now = Now();
        for (int i = 0; _source.TryRead(out RawRecord raw); i++)
        {
            Take(raw);
            if (i < RecordsATurn) continue;
            i = 0;
            Tick(stop);
            if (stop.IsCancellationRequested || _now >= end) break;
        }

        Tick(stop);
        return state;
    }

    private SourceState Wait(TimeSpan patience, CancellationToken stop)
    {
        bool mayGather = !_pods.IsPressed;
        if (_delivery.HasThread) return _source.Wait(patience, mayGather);
        // Nobody else delivers: while the source has more that can be later, but not when it makes us wait.
        SourceState state = _source.Wait(TimeSpan.Zero, mayGather);
        if (state != SourceState.Idle) return state;
        _delivery.Deliver(all: true, stop);
        return _source.Wait(patience, mayGather);
    }

    private long Now() => (long)_clock.GetElapsedTime(_start).TotalMilliseconds;

    private void Take(in RawRecord raw)
    {
        bool isRecord = !raw.IsCut && (raw.Type == 0 ? _assembler.Add(raw.Bytes) : _assembler.Add(raw.Type, raw.Bytes));
        if (!isRecord) TellUnreadable(raw.Bytes);
        if (_assembler.HasReady) TakeReady();
    }

    private void TakeReady()
    {
        while (_assembler.TryTake(out AuditEvent? ready))
        {
            _received++;
            _facts.Read(ready);
            ProcessContext context = _pods.Resolve(_facts);
            KeyCost cost = Costs.Of(_facts);
            cost.Events++;
            cost.RecordBytes += ready.Length;
            if (!_pods.IsNamed(context) && _held.HasRoom(ready.Length)) _held.Add(ready, context, _now);
            else using (ready) Pass(ready, context, cost);
        }
    }

    /// <summary>Passes an event on, or not. Its facts have been read.</summary>
    private void Pass(AuditEvent passed, in ProcessContext context, KeyCost cost)
    {
        switch (_selection.Decide(_facts, context, _now))
        {
            case Verdict.Filtered: _filtered++; break;
            case Verdict.Sampled: _sampled++; break;
            case Verdict.OverBudget: _overBudget++; break;
            default:
                if (_encoder.NeedsAnnouncements && context.Container is { } container && _announcements.IsDue(container, _now))
                    Enqueue(new Notice(NoticeKind.ContainerSeen, _facts.Id.Time) { Container = container });
                ReadOnlySpan<byte> line = _encoder.Encode(passed, _facts, context);
                cost.Bytes += line.Length;
                _delivery.Enqueue(line, _facts.Id.TotalMilliseconds * 1000);
                return;
        }

        cost.Suppressed++;
    }

    private void Release(long now)
    {
        while (_held.TryTake(_pods, now, out AuditEvent? held, out ProcessContext context))
        {
            using (held)
            {
                _facts.Read(held);
                Pass(held, context, Costs.Of(_facts));
            }
        }
    }

    private void Tick(CancellationToken stop)
    {
        _now = Now();
        _assembler.Expire();
        TakeReady();
        if (_held.Count > 0) Release(_now);
        if (Interlocked.Exchange(ref _change, null) is { } change) Apply(change);
        if (_now >= _nextIdentity)
        {
            _nextIdentity = _now + IdentityInterval;
            _identities.Refresh();
        }

        Tell(now: false);
        OnTurn?.Invoke(this);
        if (!_delivery.HasThread) _delivery.Deliver(all: false, stop);
    }

    private void Apply(PipelineChange change)
    {
        _selection = change.Selection;
        _announcements.Clear();
        if (change.Delivery is { } make) ChangeDelivery(make);
        _shortenedBefore += _encoder.Shortened;
        _encoder = change.Encoder();
    }

    private void ChangeDelivery(Func<LineDelivery> make)
    {
        _delivery.Drain(TimeSpan.FromSeconds(1));
        _delivery.Dispose();
        DeliveryCounters last = _delivery.Counters;
        // What it left on disk the next one finds there.
        _before = _before with
        {
            Recovered = _before.Recovered + last.Recovered - last.Spooled,
            Delivered = _before.Delivered + last.Delivered,
            Lost = _before.Lost + last.Lost.Total,
        };
        _lostBefore = _lostBefore.Plus(last.Lost);
        _delivery = make();
    }

    private void Tell(bool now)
    {
        if (_delivery.TryGetLoss(out LossReport loss))
        {
            LossCounts lost = loss.Lost;
            string reason = $"lost on the way out: {lost.QueueFull} queue full, {lost.SpoolFull} spool full, {lost.SpoolFailed} disk failed, {lost.TooLong} too long, {lost.Damaged} damaged, {lost.Stopped} at the end";
            if (Enqueue(new Notice(NoticeKind.Lost, loss.To) { Count = lost.Total, Since = loss.From, Message = Encoding.UTF8.GetBytes(reason) })) _delivery.Told(loss);
        }

        if (now || _now >= _nextSuppression)
        {
            _nextSuppression = _now + SuppressionInterval;
            _selection.CollectSuppressions(_suppressions, _now);
            DateTimeOffset time = _clock.GetUtcNow();
            foreach (Suppression s in _suppressions)
                Enqueue(new Notice(NoticeKind.Suppressed, time) { Count = s.Count, Since = time.AddMilliseconds(-s.Milliseconds), Key = s.Key, Container = s.Container, Message = "over budget"u8 });
            _suppressions.Clear();
        }

        if (now || _now >= _nextLoss)
        {
            _nextLoss = _now + LossInterval;
            TellLossBefore();
        }

        if (_unreadable > UnreadableASecond && (now || _now >= _unreadableUntil)) TellManyUnreadable();
    }

    // A gap may still be filled by a record that comes late; what was told stays told.
    private void TellLossBefore()
    {
        long missing = _assembler.Counters.MissingEvents, overruns = _source.Overruns;
        if (missing <= _missing && overruns <= _overruns) return;
        string message = overruns > _overruns ? $"the kernel dropped records {overruns - _overruns} times because they were not read in time"
            : _isLive ? "serial numbers are missing" : "serial numbers are missing (auditd was not running, or an exclude rule)";
        Enqueue(new Notice(NoticeKind.Lost, _clock.GetUtcNow()) { Count = Math.Max(0, missing - _missing), Message = Encoding.UTF8.GetBytes(message) });
        (_missing, _overruns) = (Math.Max(missing, _missing), overruns);
    }

    private void TellUnreadable(ReadOnlySpan<byte> raw)
    {
        if (_now >= _unreadableUntil)
        {
            if (_unreadable > UnreadableASecond) TellManyUnreadable();
            (_unreadable, _unreadableSince, _unreadableUntil) = (0, _now, _now + 1000);
        }

        if (++_unreadable > UnreadableASecond) return;
        Enqueue(new Notice(NoticeKind.Unreadable, _clock.GetUtcNow()) { Count = 1, Message = "no audit record"u8, Raw = raw });
    }

    private void TellManyUnreadable()
    {
        DateTimeOffset time = _clock.GetUtcNow();
        Enqueue(new Notice(NoticeKind.Unreadable, time)
        {
            Count = _unreadable - UnreadableASecond,
            Since = time.AddMilliseconds(_unreadableSince - _now),
            Message = "no audit records; too many to show"u8,
        });
        _unreadable = 0;
    }

    private bool Enqueue(in Notice notice)
    {
        _notices++;
        return _delivery.Enqueue(_encoder.EncodeNotice(notice), (notice.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }
}
