using System.Text;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>
/// Writes an event as one line of JSON (docs/events.md, docs/event.schema.json). Whatever bytes the records have, the line is valid JSON in valid
/// UTF-8 and no longer than <see cref="EncoderOptions.MaxBytes"/>. Allocates nothing once its buffers have grown. One thread at a time.
/// </summary>
internal sealed partial class EventEncoder : IEventEncoder
{
    private readonly Interpreter _interpreter;
    private readonly EncoderOptions _options;
    private readonly EventSummarizer _summarizer;
    private readonly EventSummary _summary = new();
    private readonly JsonBuffer _json = new();
    private readonly ContainerFragments _containers;
    private readonly ActorFragments _actors = new();
    private readonly RecordFragments _titles = new(), _directories = new();
    private readonly PathFragments _pathFragments = new();
    private readonly SyscallFragments _calls = new();
    private readonly RecordIndex _records = new();
    private readonly LineStart _start;
    private readonly byte[] _host, _nodeName;

    // The event's system call; null without.
    private SyscallFragments.Call? _call;

    public EventEncoder(Interpreter interpreter, EncoderOptions options)
    {
        options.Validate();
        _interpreter = interpreter;
        _options = options;
        _summarizer = new EventSummarizer(interpreter);
        _nodeName = Encoding.UTF8.GetBytes(options.NodeName);
        _host = options.SaysNode ? HostFragment(_nodeName) : [];
        _start = new LineStart(_host);
        _containers = new ContainerFragments(options.LeavesOutKnown);
    }

    public long Shortened { get; private set; }

    public bool NeedsAnnouncements => _options.LeavesOutKnown;

    /// <summary>One line of JSON, without a newline at its end. Valid until the next call.</summary>
    /// <param name="auditEvent">The event.</param>
    /// <param name="facts">The facts of this event: <see cref="EventFacts.Read"/> was given it last.</param>
    /// <param name="context">Where its process lives.</param>
    public ReadOnlySpan<byte> Encode(AuditEvent auditEvent, EventFacts facts, in ProcessContext context)
    {
        _records.Read(auditEvent, facts);
        _call = facts.HasSyscall ? _calls.Of(facts.Architecture, facts.Syscall) : null;
        Write(auditEvent, facts, context, Budget.Whole(_options));
        if (_json.Length > _options.MaxBytes) WriteShortened(auditEvent, facts, context);
        return _json.Written;
    }

    /// <summary>How long things may be in one try at a line, all in bytes of JSON.</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Text">The longest string.</param>
    /// <param name="Arguments">All arguments of the program together.</param>
    /// <param name="Raw">The records as they came, together; 0 for none of them.</param>
    private readonly record struct Budget(int Line, int Text, int Arguments, int Raw)
    {
        public bool IsShortened => Arguments != int.MaxValue;

        public static Budget Whole(EncoderOptions options) => new(options.MaxBytes, options.MaxBytes, int.MaxValue, options.Raw ? int.MaxValue : 0);
    }

    private void Write(AuditEvent auditEvent, EventFacts facts, in ProcessContext context, in Budget budget)
    {
        _json.Clear();
        _json.StringLimit = budget.Text;
        _start.Write(facts.Id, _json);
        WriteWhat(auditEvent, facts);
        ActorFragments.Entry? actor = facts.IsActorKept && !budget.IsShortened ? FragmentsOf(facts) : null;
        if (actor is not null) _json.Write(actor.Tags);
        else WriteTags(facts);
        WriteProcess(auditEvent, facts, context, budget, actor);
        if (actor is not null) _json.Write(actor.User);
        else WriteUser(facts);
        WriteFile(auditEvent, facts, budget);
        WriteAddress(auditEvent, facts);
        _containers.Write(context, _json);
        WriteAudit(auditEvent, facts, budget);
        _json.Write((byte)'}');
    }

    private void WriteWhat(AuditEvent auditEvent, EventFacts facts)
    {
        _json.Number(facts.Id.Serial);
        if (facts.Type == RecordType.Syscall && _call!.Action is { } action) _json.Write(action);
        else
        {
            _json.Write(",\"action\":"u8);
            _summarizer.Summarize(auditEvent, _summary);
            _json.String(_summary[SummaryColumn.Action]);
        }
        // A message of user space says itself how it ended.
        bool? success = facts.Success ?? (RecordTypes.IsUserMessage(facts.Type) ? ResultOf(auditEvent[0].UserFields) : null);
        WriteOutcome(success, _options.LeavesOutKnown && facts.Type == RecordType.Syscall && _call!.StartsProgram);
        _json.Write((byte)'}');
    }

    /// <param name="mostlySucceeds">True when success is what is left out: then even a record that does not say has to say so.</param>
    private void WriteOutcome(bool? success, bool mostlySucceeds)
    {
        if (success == false) _json.Write(",\"outcome\":\"failure\""u8);
        else if (success == true && !mostlySucceeds) _json.Write(",\"outcome\":\"success\""u8);
        else if (success is null && mostlySucceeds) _json.Write(",\"outcome\":\"unknown\""u8);
    }

    private void WriteTags(EventFacts facts)
    {
        if (facts.KeyCount == 0) return;
        _json.Write(",\"tags\":["u8);
        for (int i = 0; i < facts.KeyCount; i++)
        {
            if (i > 0) _json.Write((byte)',');
            _json.String(facts.Key(i));
        }
        _json.Write((byte)']');
    }

    /// <summary>The pieces that are the same for all events of the actor. They are short; no limit applies.</summary>
    private ActorFragments.Entry FragmentsOf(EventFacts facts)
    {
        ActorFragments.Entry entry = _actors.Of(facts);
        if (entry.IsOf(facts)) return entry;
        int before = _json.Length, limit = _json.StringLimit;
        // Shortened pieces are no good for the next line: one that is too long is written again, without pieces.
        _json.StringLimit = int.MaxValue;
        entry.Begin(facts);
        WriteTags(facts);
        entry.SetTags(_json.Written[before..]);
        _json.Cut(before);
        WriteProgram(facts);
        entry.SetProgram(_json.Written[before..]);
        _json.Cut(before);
        WriteUser(facts);
        entry.SetUser(_json.Written[before..]);
        _json.Cut(before);
        _json.StringLimit = limit;
        return entry;
    }

    private static bool? ResultOf(FieldReader fields)
    {
        if (!fields.TryFind("res"u8, out Field result)) return null;
        return result.Value.SequenceEqual("success"u8) || result.Value.SequenceEqual("1"u8) || result.Value.SequenceEqual("yes"u8) ? true
            : result.Value.SequenceEqual("failed"u8) || result.Value.SequenceEqual("0"u8) || result.Value.SequenceEqual("no"u8) ? false
            : null;
    }

    /// <summary>A word of our tables: nothing in it needs an escape.</summary>
    private void WriteWord(ReadOnlySpan<byte> word)
    {
        _json.Write((byte)'"');
        _json.Write(word);
        _json.Write((byte)'"');
    }

    private static byte[] HostFragment(byte[] nodeName)
    {
        if (nodeName.Length == 0) return [];
        JsonBuffer json = new() { StringLimit = 256 };
        json.Write(",\"host\":{\"name\":"u8);
        json.String(nodeName);
        json.Write((byte)'}');
        return json.Written.ToArray();
    }
}
