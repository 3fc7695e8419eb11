using AksAuditd.Node;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Sources;

/// <summary>Standard input: what auditd gives a plugin (lines or binary frames), or a log that somebody pipes in.</summary>
internal sealed class StreamSource(int descriptor, string name) : IRecordSource
{
    private readonly RecordBuffer _buffer = new(mayBeBinary: true);
    private Company _company;
    private bool _ended;

    public string Name => name;

    public long Overruns => 0;

    public SourceState Wait(TimeSpan limit, bool mayGather)
    {
        if (_buffer.IsBroken) throw new NodeException(name, "these are no records of auditd: nothing tells where the next one starts");
        if (_ended) return SourceState.Ended;
        if (!FileCalls.WaitForInput(descriptor, limit)) return SourceState.Idle;
        if (mayGather && _company.IsWanted) Gather();
        else if (HasLittle) Company.RestForOneEvent();
        _company.Begin();
        Span<byte> free = _buffer.Free;
        nint read = FileCalls.Read(descriptor, free, free.Length);
        if (read > 0)
        {
            _buffer.Advance((int)read);
            _company.Took((int)read);
            return SourceState.Ready;
        }

        if (read < 0 && NodeException.LastErrno is Errno.EINTR or Errno.EAGAIN) return SourceState.Idle;
        if (read < 0) throw NodeException.FromLastCall(name, "read");
        _ended = true;
        _buffer.End();
        return SourceState.Ready;
    }

    private bool HasLittle => FileCalls.BytesToRead(descriptor) is >= 0 and < Company.Enough;

    private void Gather()
    {
        for (int i = 0; i < Company.Rests && HasLittle; i++) Thread.Sleep(Company.Rest);
    }

    public bool TryRead(out RawRecord record) => _buffer.TryRead(out record);

    public void Dispose()
    {
        // Standard input is the process's.
    }
}
