using System.Buffers;
using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using AksAuditd.Events.Sources;
using AksAuditd.Node;
using LinuxAudit.Records;

namespace AksAuditd.Report;

/// <summary>
/// Reads inputs into a report, each once. Records become the lines of JSON that they would be sent as, so that whatever the input is, events are read the same
/// way and the bytes of both forms are known. One thread.
/// </summary>
/// <param name="report">Where to.</param>
/// <param name="options">What the log is and how much of it is wanted.</param>
internal sealed class ReportReader(AuditReport report, ReportReaderOptions options)
{
    private readonly EventAssembler _assembler = new();
    private readonly EventFacts _facts = new();
    private readonly ReportEvent _event = new();
    private readonly RecordedNames _names = new(options.Names);
    private EventEncoder? _encoder;
    private bool _isSkipping;

    /// <summary>Reads all inputs.</summary>
    /// <exception cref="NodeException">One cannot be read, or is no log.</exception>
    public void Read(IReadOnlyList<ReportInput> inputs)
    {
        foreach (ReportInput input in inputs) Read(input);
        _assembler.Flush();
        Take();
        AssemblerCounters assembled = _assembler.Counters;
        report.Losses.UnreadableLines += assembled.Malformed;
        report.Losses.Restarts = assembled.Restarts;
        // Serial numbers are one machine's.
        if (report.Nodes.Count <= 1) report.Losses.Missing = assembled.MissingEvents;
        string names = string.Join(", ", report.Inputs);
        if (report.HasRecords && report.HasJson) throw new NodeException(names, "are records and JSON: the same events may be in both; give one kind");
        if (report.All.Events == 0) throw new NodeException(names, options.IsLimited ? "no event of that time in it" : "no event in it");
    }

    private void Read(ReportInput input)
    {
        long good = 0;
        while (input.TryRead(out RawRecord line))
        {
            if (ReportInput.IsJson(line.Bytes, out int start)) good += AddJson(line.Bytes[start..], line.Bytes[..start]) ? 1 : 0;
            else good += AddRecord(line) ? 1 : 0;
        }

        if (good == 0 && input.Lines > 0) throw new NodeException(input.Name, "is no audit log: none of its lines is a record or an event");
        report.Inputs.Add(input.Name);
    }

    private bool AddJson(ReadOnlySpan<byte> line, ReadOnlySpan<byte> header)
    {
        if (!JsonEventReader.TryRead(line, _event))
        {
            report.Losses.UnreadableLines++;
            return false;
        }

        report.HasJson = true;
        if (_event.Node.WrittenCount == 0) _event.Node.Write(NodeOf(header));
        if (options.Wants(_event.Time)) report.Add(_event);
        return true;
    }

    // Syslog says the node before the program: Nov 22 03:52:15 NODE aks-auditd[42]: {…}
    private static ReadOnlySpan<byte> NodeOf(ReadOnlySpan<byte> header)
    {
        int program = header.IndexOf(" aks-auditd"u8);
        return program < 0 ? default : header[(header[..program].LastIndexOf((byte)' ') + 1)..program];
    }

    private bool AddRecord(in RawRecord line)
    {
        if (line.IsCut)
        {
            report.Losses.UnreadableLines++;
            return false;
        }

        // What is not wanted is not assembled: its serial numbers are not missing.
        if (options.IsLimited && IsUnwanted(line.Bytes)) return true;
        bool isRecord = _assembler.Add(line.Bytes);
        Take();
        return isRecord;
    }

    // A line that is no record may be the rest of the one before.
    private bool IsUnwanted(ReadOnlySpan<byte> line)
    {
        if (AuditRecord.TryParse(line, out AuditRecord record)) _isSkipping = !options.Wants(record.Id.TotalMilliseconds);
        return _isSkipping;
    }

    private void Take()
    {
        while (_assembler.TryTake(out AuditEvent? ready))
            using (ready) Add(ready);
    }

    private void Add(AuditEvent added)
    {
        report.HasRecords = true;
        _facts.Read(added);
        AuditRecord main = added[_facts.MainRecord];
        _names.Learn(main, _facts.Uid, _facts.AuditUid);
        ProcessContext place = options.Pods?.Resolve(_facts) ?? default;
        _encoder ??= new EventEncoder(new Interpreter(_names), new EncoderOptions { NodeName = options.NodeName });
        if (!JsonEventReader.TryRead(_encoder.Encode(added, _facts, place), _event)) throw new InvalidOperationException("an event of ours cannot be read");
        _event.RecordBytes = added.Length;
        if (!added.Node.IsEmpty)
        {
            _event.Node.ResetWrittenCount();
            _event.Node.Write(added.Node);
        }

        report.Add(_event);
        if (added.DroppedRecords > 0 || added.IsLate || added.End == EventEnd.Evicted) report.Losses.Incomplete++;
        if (_facts.Type == RecordType.ConfigChange) ReadCounterReset(added[0]);
    }

    // auditctl --reset-lost: lost=0 old=7
    private void ReadCounterReset(in AuditRecord record)
    {
        if (record.TryGetField("lost"u8, out _) && record.TryGetField("old"u8, out Field old) && old.TryGetUInt64(out ulong lost) && lost <= uint.MaxValue) report.Losses.KernelLost += (long)lost;
    }
}

/// <summary>What a log is and how much of it is wanted.</summary>
internal sealed record ReportReaderOptions
{
    /// <summary>The machine's name; empty when it is not known. Default empty.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Names of the machine that the log is of; null when it is not this one.</summary>
    public IIdentityNames? Names { get; init; }

    /// <summary>Where processes live, when the log is this machine's; else null.</summary>
    public PodContext? Pods { get; init; }

    /// <summary>The first moment wanted. Default: all.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.MinValue;

    /// <summary>The moment from which on nothing is wanted. Default: none.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    public bool IsLimited => Since != DateTimeOffset.MinValue || Until != DateTimeOffset.MaxValue;

    /// <summary>Whether a time, in milliseconds since 1970, is wanted.</summary>
    public bool Wants(long time) => time >= Since.ToUnixTimeMilliseconds() && time < Until.ToUnixTimeMilliseconds();
}
