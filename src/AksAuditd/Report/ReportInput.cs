using AksAuditd.Events.Sources;
using AksAuditd.Node;
using LinuxAudit.Records;

namespace AksAuditd.Report;

/// <summary>A file of records or of lines of JSON, or standard input: opened, and read as far as its first event.</summary>
internal sealed class ReportInput : IDisposable
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    private readonly FileStream _file;
    private readonly RecordBuffer _buffer = new(mayBeBinary: false);
    private byte[]? _first;
    private bool _ended;

    private ReportInput(string name, FileStream file) => (Name, _file) = (name, file);

    /// <summary>The path.</summary>
    public string Name { get; }

    /// <summary>When its first event was, in milliseconds since 1970; <see cref="long.MaxValue"/> when its first line is none.</summary>
    public long FirstTime { get; private set; } = long.MaxValue;

    /// <summary>Lines that were handed out.</summary>
    public long Lines { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="NodeException">It cannot be read.</exception>
    public static ReportInput Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path == StandardInput ? "/dev/stdin" : path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            ReportInput input = new(path, file);
            input.Peek();
            return input;
        }
        catch (Exception e) when (e is IOException and not NodeException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new NodeException(path, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>The next line, valid until the next call. False at the end.</summary>
    /// <exception cref="NodeException">It cannot be read.</exception>
    public bool TryRead(out RawRecord line)
    {
        if (_first is { } first)
        {
            _first = null;
            Lines++;
            line = new RawRecord(0, first, first.Length >= RecordBuffer.MaxLine);
            return true;
        }

        if (!TryReadNext(out line)) return false;
        Lines++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether a line is of JSON, and where that begins: syslog puts words of its own before it.</summary>
    public static bool IsJson(ReadOnlySpan<byte> line, out int start)
    {
        start = 0;
        if (line.StartsWith("{"u8)) return true;
        if (line.StartsWith("type="u8) || line.StartsWith("node="u8)) return false;
        start = line.IndexOf("{\"@timestamp\":"u8);
        return start >= 0;
    }

    private void Peek()
    {
        if (!TryReadNext(out RawRecord line)) return;
        _first = line.Bytes.ToArray();
        ReportEvent read = new();
        if (IsJson(_first, out int start)) FirstTime = JsonEventReader.TryRead(_first.AsSpan(start), read) ? read.Time : FirstTime;
        else if (AuditRecord.TryParse(_first, out AuditRecord record)) FirstTime = record.Id.TotalMilliseconds;
    }

    private bool TryReadNext(out RawRecord line)
    {
        while (!_buffer.TryRead(out line))
        {
            if (_ended) return false;
            int read;
            try
            {
                read = _file.Read(_buffer.Free);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new NodeException(Name, $"cannot be read: {e.Message}");
            }

            _buffer.Advance(read);
            _ended = read == 0;
            if (_ended) _buffer.End();
        }

        return true;
    }
}
