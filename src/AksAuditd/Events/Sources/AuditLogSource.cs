using AksAuditd.Node;
using AksAuditd.Node.Interop;

namespace AksAuditd.Events.Sources;

/// <summary>
/// auditd's log file. Read to its end, or followed: what is appended, and, when auditd has rotated it, the rest of the old file and then the new one.
/// </summary>
internal sealed class AuditLogSource : IRecordSource
{
    // auditd writes in bursts; this is how late an event may be shown.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly bool _follow;
    private readonly RecordBuffer _buffer = new(mayBeBinary: false);
    private FileStream _file;
    private bool _ended;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="follow">True waits for what is appended; false ends with the file.</param>
    /// <param name="fromEnd">True passes over what is there already.</param>
    /// <exception cref="NodeException">It cannot be opened.</exception>
    public AuditLogSource(string path, bool follow, bool fromEnd)
    {
        (_path, _follow) = (path, follow);
        _file = Open(path);
        if (fromEnd) _file.Seek(0, SeekOrigin.End);
    }

    public string Name => $"audit-log {_path}";

    public long Overruns => 0;

    public SourceState Wait(TimeSpan limit, bool mayGather)
    {
        if (_ended) return SourceState.Ended;
        if (Fill()) return SourceState.Ready;
        if (!_follow)
        {
            _ended = true;
            _buffer.End();
            return SourceState.Ready;
        }

        if (TryReopen()) return SourceState.Ready;
        Thread.Sleep(limit < Look ? limit : Look);
        return Fill() ? SourceState.Ready : SourceState.Idle;
    }

    public bool TryRead(out RawRecord record) => _buffer.TryRead(out record);

    public void Dispose() => _file.Dispose();

    private bool Fill()
    {
        try
        {
            int read = _file.Read(_buffer.Free);
            _buffer.Advance(read);
            return read > 0;
        }
        catch (IOException e)
        {
            throw new NodeException(_path, e.Message);
        }
    }

    // The name belongs to another file: auditd has rotated. A shorter file was emptied in place.
    private bool TryReopen()
    {
        try
        {
            FileStream now = Open(_path);
            if (Inode(now) != Inode(_file))
            {
                // Between our last read and the rename more may have come.
                if (Fill())
                {
                    now.Dispose();
                    return true;
                }

                _file.Dispose();
                _file = now;
                return Fill();
            }

            now.Dispose();
            if (_file.Length < _file.Position) _file.Seek(0, SeekOrigin.Begin);
            return false;
        }
        catch (NodeException)
        {
            // Between two names; it comes.
            return false;
        }
    }

    // The same number is another file's only after this one is gone, and we have it open.
    private static ulong Inode(FileStream file)
    {
        const int emptyPath = 0x1000, basicStats = 0x7ff;
        return FileCalls.StatAt((int)file.SafeFileHandle.DangerousGetHandle(), "\0"u8, emptyPath, basicStats, out FileCalls.Statx stat) == 0
            ? stat.Inode
            : throw NodeException.FromLastCall(file.Name, "look at the file");
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(path, $"cannot be read: {e.Message}");
        }
    }
}
