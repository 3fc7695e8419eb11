using LinuxAudit.Records;

namespace AksAuditd.Events.Sources;

/// <summary>
/// Bytes of a stream, and the records in them: lines of text, or auditd's binary frames; which of the two the first bytes tell. Bounded: a line longer
/// than any record is handed out in part and the rest of it passed over.
/// </summary>
internal sealed class RecordBuffer(bool mayBeBinary)
{
    /// <summary>The longest line: an enriched record of the kernel's longest message is below 32 KiB.</summary>
    public const int MaxLine = 64 * 1024;

    private const int Capacity = 2 * MaxLine;
    private readonly byte[] _bytes = new byte[Capacity];
    private int _start, _end;
    private bool? _isBinary = mayBeBinary ? null : false;
    private bool _skipping;

    /// <summary>True when the stream cannot be understood any more: in binary frames nothing tells where the next one starts.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Where bytes are read to; never empty after <see cref="TryRead"/> returned false. Then <see cref="Advance"/>.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_start > 0)
            {
                _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
                _end -= _start;
                _start = 0;
            }

            return _bytes.AsSpan(_end);
        }
    }

    /// <summary>So many bytes were put into <see cref="Free"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The stream has ended: what has no newline is a line too.</summary>
    public void End()
    {
        if (_end > _start && _isBinary is not true && _end < Capacity) _bytes[_end++] = (byte)'\n';
    }

    /// <summary>The next record; false when more bytes are needed.</summary>
    public bool TryRead(out RawRecord record)
    {
        // Mostly it is text.
        if (_isBinary is false) return TryReadLine(out record);
        record = default;
        if (IsBroken) return false;
        _isBinary ??= Guess();
        return _isBinary is { } isBinary && (isBinary ? TryReadFrame(out record) : TryReadLine(out record));
    }

    // The second number of a frame's header is its length, 16; text has letters there.
    private bool? Guess()
    {
        if (_end - _start < 8) return _end > _start && _bytes[_start] >= ' ' ? false : null;
        return _bytes[_start] < ' ' && AudispFrame.HeaderLength == BitConverter.ToInt32(_bytes, _start + 4);
    }

    private bool TryReadFrame(out RawRecord record)
    {
        record = default;
        if (AudispFrame.TryRead(_bytes.AsSpan(_start, _end - _start), out AudispFrame frame, out int consumed))
        {
            _start += consumed;
            // Protocol 1 frames hold a line, protocol 0 frames the kernel's message.
            record = frame.Version == 0 ? new(frame.Type, frame.Data.TrimEnd((byte)0)) : new(0, frame.Data.TrimEnd("\0\n"u8));
            return true;
        }

        if (consumed >= 0) return false;
        IsBroken = true;
        record = new(0, _bytes.AsSpan(_start, Math.Min(_end - _start, 256)), isCut: true);
        return true;
    }

    private bool TryReadLine(out RawRecord record)
    {
        record = default;
        while (true)
        {
            ReadOnlySpan<byte> rest = _bytes.AsSpan(_start, _end - _start);
            int newline = ByteSearch.IndexOf(rest, (byte)'\n');
            if (newline is > 0 and < MaxLine && !_skipping)
            {
                _start += newline + 1;
                record = new(0, rest[..newline]);
                return true;
            }

            if (newline < 0 && rest.Length < MaxLine) return false;
            int length = newline < 0 ? rest.Length : newline;
            _start += newline < 0 ? length : length + 1;
            bool skipped = _skipping;
            _skipping = newline < 0;
            if (skipped || length == 0) continue;
            record = new(0, rest[..Math.Min(length, MaxLine)], isCut: newline < 0 || length >= MaxLine);
            return true;
        }
    }
}
