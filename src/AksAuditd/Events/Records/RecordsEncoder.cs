using System.Buffers;
using System.Buffers.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Records;

/// <summary>
/// Writes an event as its records, one line each, as audisp-syslog gives them to syslog and rsyslog hands them on: the separator of an enriched record becomes a
/// space, other control characters <c>#</c> and three octal digits. The lines of an event are a <see cref="LineGroup"/>. What has no room is left out and
/// marked; the event counts as <see cref="Shortened"/>. Allocates nothing once its buffer has grown. One thread at a time.
/// </summary>
internal sealed partial class RecordsEncoder : IEventEncoder
{
    // What a record in place of others takes.
    private const int RoomForMark = 128;

    // What rsyslog (8.2302) escapes when it receives a message; not 0x7F.
    private static readonly SearchValues<byte> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private readonly int _mostOfLine, _mostOfEvent;
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    /// <param name="maxLine">The longest line in bytes, without its newline; at least 100.</param>
    /// <param name="maxEvent">The most bytes of all lines of an event, newlines included; at least 1,024.</param>
    public RecordsEncoder(int maxLine, int maxEvent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLine, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvent, 1024);
        _mostOfEvent = maxEvent - RoomForMark;
        _mostOfLine = Math.Min(maxLine, _mostOfEvent - 1);
    }

    public bool NeedsAnnouncements => false;

    public long Shortened { get; private set; }

    /// <summary>The records of an event, a newline behind each. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(AuditEvent auditEvent, EventFacts facts, in ProcessContext context)
    {
        _length = 0;
        bool isWhole = true;
        int written = 0;
        for (; written < auditEvent.Count; written++)
        {
            int before = _length;
            isWhole &= WriteRecord(auditEvent[written]);
            if (_length <= _mostOfEvent) continue;
            _length = before;
            break;
        }

        int missing = auditEvent.Count - written + auditEvent.DroppedRecords;
        if (missing > 0) WriteLeftOut(auditEvent.Id, missing);
        if (!isWhole || missing > 0) Shortened++;
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Writes a record; false when some of it is left out.</summary>
    private bool WriteRecord(in AuditRecord record)
    {
        int start = _length;
        // A message of the kernel's socket has its type beside it.
        if (record.Raw.StartsWith("audit("u8))
        {
            Write("type="u8);
            WriteType(record);
            Write(" msg="u8);
        }

        WriteEscaped(record.Raw);
        return EndLine(start);
    }

    private void WriteType(in AuditRecord record)
    {
        ReadOnlySpan<byte> name = record.TypeName;
        if (!name.IsEmpty)
        {
            Write(name);
            return;
        }

        // As auditd calls it.
        Write("UNKNOWN["u8);
        WriteNumber((long)record.Type);
        Write("]"u8);
    }

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        // audisp-syslog (3.0.9) makes a space of the first one only.
        bool hasSeparator = false;
        for (int at = text.IndexOfAny(Controls); at >= 0; at = text.IndexOfAny(Controls))
        {
            Write(text[..at]);
            byte control = text[at];
            text = text[(at + 1)..];
            if (control == AuditRecord.EnrichmentSeparator && !hasSeparator)
            {
                hasSeparator = true;
                Write(" "u8);
            }
            else
            {
                Write([(byte)'#', (byte)('0' + (control >> 6)), (byte)('0' + ((control >> 3) & 7)), (byte)('0' + (control & 7))]);
            }
        }

        Write(text);
    }

    /// <summary>Ends the line that began at <paramref name="start"/>; false when it was too long and has lost its middle.</summary>
    private bool EndLine(int start)
    {
        bool isWhole = _length - start <= _mostOfLine;
        if (!isWhole) CutMiddle(start);
        Write("\n"u8);
        return isWhole;
    }

    // Both ends say most: what happened to whom stands in front, how it ended behind.
    private void CutMiddle(int start)
    {
        const int RoomForCut = 40;
        int half = (_mostOfLine - RoomForCut) / 2;
        int head = start + half, tail = _length - half;
        // No character in UTF-8 is cut in two; none has more than three bytes behind its first.
        for (int i = 0; i < 3 && IsContinuation(_bytes[head]); i++) head--;
        for (int i = 0; i < 3 && IsContinuation(_bytes[tail]); i++) tail++;
        int left = tail - head;
        byte[] end = _bytes.AsSpan(tail, _length - tail).ToArray();
        _length = head;
        Write("[aks-auditd:"u8);
        WriteNumber(left);
        Write("-bytes-cut]"u8);
        Write(end);
    }

    private static bool IsContinuation(byte b) => (b & 0xc0) == 0x80;

    private void WriteLeftOut(in EventId id, int records)
    {
        WriteHead(id);
        Write("left-out records="u8);
        WriteNumber(records);
        Write("\n"u8);
    }

    // type=AKS_AUDITD msg=audit(1700000000.123:7): op=
    private void WriteHead(in EventId id)
    {
        Write("type=AKS_AUDITD msg=audit("u8);
        id.TryFormat(RoomFor(EventId.MaxLength), out int written);
        _length += written;
        Write("): op="u8);
    }

    private void WriteNumber(long number)
    {
        const int MostDigits = 20;
        Utf8Formatter.TryFormat(number, RoomFor(MostDigits), out int written);
        _length += written;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(RoomFor(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> RoomFor(int length)
    {
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, Math.Max(_length + length, _bytes.Length * 2));
        return _bytes.AsSpan(_length);
    }
}
