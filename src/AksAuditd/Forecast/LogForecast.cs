using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Sources;
using AksAuditd.Policy;
using LinuxAudit.Matching;
using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace AksAuditd.Forecast;

/// <summary>Reads a log once, and asks a policy's rules about each of its events.</summary>
internal sealed class LogForecast
{
    private readonly IReadOnlyList<DesiredRule> _rules;
    private readonly RuleMatcher _matcher;
    private readonly RuleTotals[] _totals;
    private readonly RuleTotals _logged = new(), _unasked = new(), _keptOut = new(), _notWanted = new();
    private readonly EventFacts _facts = new();
    private readonly EventEncoder _encoder;
    private readonly EventAssembler _remains = new(new AssemblerOptions { ProcessTitleEnds = false });
    private readonly LogContents _contents = new();
    private long _from = long.MaxValue, _to = long.MinValue, _unreadable, _incomplete;

    /// <param name="rules">In the order of the kernel's lists.</param>
    /// <param name="links">Directories of the node that are links.</param>
    /// <param name="names">The node's users and groups, for the JSON.</param>
    public LogForecast(IReadOnlyList<DesiredRule> rules, PathLinks links, IIdentityNames names)
    {
        _rules = rules;
        _matcher = new([.. rules.Select(r => r.Directive.Rule)], links);
        _totals = [.. rules.Select(_ => new RuleTotals())];
        _encoder = new(new Interpreter(names), new EncoderOptions { NodeName = Environment.MachineName });
    }

    /// <summary>Reads the log to its end.</summary>
    /// <exception cref="Node.NodeException">It cannot be read.</exception>
    public ForecastReport Run(IRecordSource log)
    {
        EventAssembler assembler = new();
        while (log.Wait(TimeSpan.FromSeconds(1), mayGather: true) != SourceState.Ended)
        {
            while (log.TryRead(out RawRecord raw))
            {
                if (raw.IsCut || !(raw.Type == 0 ? assembler.Add(raw.Bytes) : assembler.Add(raw.Type, raw.Bytes))) _unreadable++;
                TakeAll(assembler);
            }
        }

        assembler.Flush();
        TakeAll(assembler);
        return Report(log.Name);
    }

    private void TakeAll(EventAssembler assembler)
    {
        while (assembler.TryTake(out AuditEvent? ready))
            using (ready) Take(ready);
    }

    private void Take(AuditEvent logged)
    {
        _facts.Read(logged);
        _contents.Saw(_facts);
        (_from, _to) = (Math.Min(_from, logged.Id.TotalMilliseconds), Math.Max(_to, logged.Id.TotalMilliseconds));
        long json = JsonLength(logged);
        _logged.Add(logged.Length, json);
        EventVerdict verdict = _matcher.Match(logged);
        for (int i = 0; i < verdict.Possible.Count; i++) _totals[verdict.Possible[i]].Possible++;
        if (verdict.Fate == EventFate.Incomplete) _incomplete++;
        if (verdict.Fate == EventFate.NotRecorded && !verdict.HasRecords)
        {
            _notWanted.Add(logged.Length, json);
            return;
        }

        (long bytes, long keptJson) = verdict.IsWhole ? (logged.Length, json) : Kept(logged, verdict);
        if (verdict.Fate == EventFate.Suppressed && verdict.Rule >= 0) _totals[verdict.Rule].Add(logged.Length - bytes, json - keptJson);
        if (!verdict.IsWhole) _keptOut.Add(logged.Length - bytes, json - keptJson, verdict.HasRecords ? 0 : 1);
        if (!verdict.HasRecords) return;
        (verdict.Fate == EventFate.Recorded ? _totals[verdict.Rule] : _unasked).Add(bytes, keptJson);
    }

    /// <summary>What remains of an event when some of its records are left out.</summary>
    private (long Bytes, long Json) Kept(AuditEvent logged, EventVerdict verdict)
    {
        if (!verdict.HasRecords) return (0, 0);
        for (int i = 0; i < logged.Count; i++)
            if (verdict.Keeps(i)) _remains.Add(logged[i]);
        _remains.Flush();
        long bytes = 0, json = 0;
        while (_remains.TryTake(out AuditEvent? rest))
        {
            using (rest)
            {
                bytes += rest.Length;
                _facts.Read(rest);
                json += JsonLength(rest);
            }
        }

        return (bytes, json);
    }

    private long JsonLength(AuditEvent read) => _encoder.Encode(read, _facts, default).Length;

    private ForecastReport Report(string log)
    {
        // A log of one moment has no rate.
        double seconds = Math.Max(1, (_to - _from) / 1000.0);
        ForecastRule[] rules = new ForecastRule[_rules.Count];
        Dictionary<string, (RuleTotals Totals, bool AtLeast)> keys = [];
        RuleTotals recorded = new();
        recorded.Add(_unasked);
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i] = RuleReport(i, seconds);
            if (rules[i].KeepsOut) continue;
            recorded.Add(_totals[i]);
            (RuleTotals sum, bool atLeast) = keys.GetValueOrDefault(rules[i].Key, (new(), false));
            sum.Add(_totals[i]);
            keys[rules[i].Key] = (sum, atLeast || rules[i].AtLeast);
        }

        bool isEmpty = _logged.Events == 0;
        return new()
        {
            Log = log,
            From = DateTimeOffset.FromUnixTimeMilliseconds(isEmpty ? 0 : _from),
            To = DateTimeOffset.FromUnixTimeMilliseconds(isEmpty ? 0 : _to),
            Logged = _logged.Over(seconds),
            Unreadable = _unreadable,
            Incomplete = _incomplete,
            Recorded = recorded.Over(seconds),
            Unasked = _unasked.Over(seconds),
            KeptOut = _keptOut.Over(seconds),
            NotWanted = _notWanted.Over(seconds),
            Keys = [.. keys.Select(k => new ForecastKey(k.Key, k.Value.Totals.Over(seconds), k.Value.AtLeast)).OrderByDescending(k => k.Cost.RecordGigabytesPerDay).ThenBy(k => k.Key, StringComparer.Ordinal)],
            Rules = rules,
        };
    }

    private ForecastRule RuleReport(int place, double seconds)
    {
        RuleDirective directive = _rules[place].Directive;
        AuditRule rule = directive.Rule;
        string[] keys = [.. rule.Keys];
        bool keepsOut = rule.Action == RuleAction.Never || rule.List == FilterList.Exclude;
        return new(
            rule.ToText(Machines.Current),
            $"{directive.Location.File}:{directive.Location.Line}",
            keys.FirstOrDefault() ?? "",
            keepsOut,
            _totals[place].Over(seconds),
            _totals[place].Possible,
            !keepsOut && !keys.Any(_contents.HasKey),
            keepsOut ? [] : _contents.Missing(rule),
            RuleMatcher.WhyNot(rule));
    }
}
