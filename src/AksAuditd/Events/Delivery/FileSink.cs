using System.Text;
using AksAuditd.Events.Delivery.Interop;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery;

/// <summary>How a <see cref="FileSink"/> keeps its files.</summary>
/// <param name="Size">Bytes after which a new file begins; 64 MiB by default.</param>
/// <param name="Count">How many files there are at the most, the one in use included; 5 by default. 1: the file is emptied.</param>
internal readonly record struct FileRotation(long Size, int Count)
{
    public static FileRotation Default => new(64 * 1024 * 1024, 5);
}

/// <summary>
/// A file, a line each; mode 0600. It never holds half a line but while it is written: what a full disk cut off is taken back. The file is opened again when
/// somebody has moved or removed it.
/// </summary>
internal sealed class FileSink(string path, FileRotation rotation, TimeProvider clock, int maximumLine = FileSink.DefaultMaximumLine) : ISink
{
    public const int DefaultMaximumLine = 256 * 1024;
    private const int Append = 0x400, NoFollow = 0x100, EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff, OwnerOnly = 0x180;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private readonly OutputBuffer _output = new(new PlainFormat(), maximumLine);
    private readonly Reconnect _retry = new(clock);
    private readonly byte[] _path = Raw(path);
    private int _file = -1;
    private long _length;
    private ulong _inode;
    private long _looked;

    public string Name => $"file {path}";

    public int MaximumLine => maximumLine;

    public string? Error { get; private set; }

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        if (_file >= 0 && clock.GetElapsedTime(_looked) >= LookInterval) Look();
        if (_file < 0 && !Open()) return SendState.Down;
        if (!_output.Fill(lines)) return SendState.Refused;
        if (_length > 0 && _length + _output.Unwritten.Length > rotation.Size && !Rotate()) return SendState.Down;

        nint written;
        do written = FileCalls.Write(_file, _output.Unwritten, _output.Unwritten.Length);
        while (written < 0 && SinkCalls.LastError == Errno.EINTR);
        Errno error = written < 0 ? SinkCalls.LastError : Errno.None;
        taken = _output.Advance((int)Math.Max(written, 0));
        _length += Math.Max(written, 0);
        if (_output.IsEmpty)
        {
            Error = null;
            _retry.Reset();
            return SendState.Sent;
        }

        return TakeBack(error == Errno.None ? Errno.ENOSPC : error);
    }

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    public void Forget() => _output.Clear();

    public void Reopen()
    {
        Close();
        _retry.Reset();
    }

    public void Dispose() => Close();

    // The disk is full, say. What stands behind the last whole line goes away again, or else the next line would be glued to it.
    private SendState TakeBack(Errno error)
    {
        if (_output.IsInsideLine)
        {
            _length -= _output.WrittenOfLine;
            if (FileCalls.Truncate(_file, _length) != 0) Close();
        }

        _output.Clear();
        return Fail("write", error);
    }

    private SendState Fail(string call, Errno error)
    {
        Error = $"{call}: {error.Describe()}";
        _retry.Failed();
        return SendState.Down;
    }

    /// <summary>Whether the file in use is still the one that has the name; otherwise it is closed.</summary>
    private void Look()
    {
        _looked = clock.GetTimestamp();
        if (FileCalls.StatAt(FileCalls.AtFdCwd, _path, NoFollow, BasicStats, out FileCalls.Statx stat) != 0 || stat.Inode != _inode) Close();
        else _length = (long)stat.Size;
    }

    private bool Open()
    {
        if (!_retry.IsDue) return false;
        int flags = FileCalls.OpenReadWrite | Append | FileCalls.OpenCreate | FileCalls.OpenNonBlock | FileCalls.OpenNoFollow | FileCalls.OpenCloseOnExec;
        _file = FileCalls.OpenAt(FileCalls.AtFdCwd, _path, flags, OwnerOnly);
        if (_file < 0)
        {
            Fail("open", SinkCalls.LastError);
            return false;
        }

        if (FileCalls.StatAt(_file, "\0"u8, EmptyPath, BasicStats, out FileCalls.Statx stat) != 0 || (stat.Mode & 0xf000) != 0x8000 || stat.Links != 1)
        {
            Close();
            Fail("open: not a regular file with one name", Errno.EINVAL);
            return false;
        }

        FileCalls.ChangeMode(_file, OwnerOnly);
        (_inode, _length, _looked) = (stat.Inode, (long)stat.Size, clock.GetTimestamp());
        return EndHalfLine();
    }

    // A power cut can leave one.
    private bool EndHalfLine()
    {
        if (_length == 0) return true;
        Span<byte> last = stackalloc byte[1];
        if (SinkCalls.ReadAt(_file, last, 1, _length - 1) != 1 || last[0] == '\n') return true;
        if (FileCalls.Write(_file, "\n"u8, 1) == 1)
        {
            _length++;
            return true;
        }

        Errno error = SinkCalls.LastError;
        Close();
        Fail("write", error);
        return false;
    }

    private bool Rotate()
    {
        for (int i = rotation.Count - 1; i >= 1; i--)
        {
            byte[] from = i == 1 ? _path : Raw($"{path}.{i - 1}");
            // Something is wrong with the directory: the file grows on rather than that a line is lost.
            if (FileCalls.RenameAt(FileCalls.AtFdCwd, from, FileCalls.AtFdCwd, Raw($"{path}.{i}")) != 0 && SinkCalls.LastError != Errno.ENOENT) return true;
        }

        if (rotation.Count <= 1)
        {
            if (FileCalls.Truncate(_file, 0) == 0) _length = 0;
            return true;
        }

        Close(keepOutput: true);
        return Open();
    }

    private void Close(bool keepOutput = false)
    {
        if (_file >= 0) SinkCalls.Close(_file);
        _file = -1;
        if (!keepOutput) _output.Clear();
    }

    private static byte[] Raw(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
