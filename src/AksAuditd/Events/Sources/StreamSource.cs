using AksAuditd.Node;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Sources;

/// <summary>Standard input: what auditd gives a plugin (lines or binary frames), or a log that somebody pipes in.</summary>
internal sealed class StreamSource(int descriptor, string name) : IRecordSource
{
    // auditd writes every record by itself, and each that is read by itself costs both sides a wake-up (bench/events-live.md). What comes after a pause is read at once; then, as long as little comes at a time, records wait for company.
    private const int Linger = 8, Pause = 20, Little = 16 * 1024;

    private readonly RecordBuffer _buffer = new(mayBeBinary: true);
    private long _lastRead;
    private bool _ended, _hasCompany;

    public string Name => name;

    public long Overruns => 0;

    public SourceState Wait(TimeSpan limit)
    {
        if (_buffer.IsBroken) throw new NodeException(name, "these are no records of auditd: nothing tells where the next one starts");
        if (_ended) return SourceState.Ended;
        if (!FileCalls.WaitForInput(descriptor, limit)) return SourceState.Idle;
        if (!_hasCompany && Environment.TickCount64 - _lastRead < Pause) Thread.Sleep(Linger);
        Span<byte> free = _buffer.Free;
        nint read = FileCalls.Read(descriptor, free, free.Length);
        if (read > 0)
        {
            _buffer.Advance((int)read);
            _lastRead = Environment.TickCount64;
            _hasCompany = read > Little;
            return SourceState.Ready;
        }

        if (read < 0 && NodeException.LastErrno is Errno.EINTR or Errno.EAGAIN) return SourceState.Idle;
        if (read < 0) throw NodeException.FromLastCall(name, "read");
        _ended = true;
        _buffer.End();
        return SourceState.Ready;
    }

    public bool TryRead(out RawRecord record) => _buffer.TryRead(out record);

    public void Dispose()
    {
        // Standard input is the process's.
    }
}
