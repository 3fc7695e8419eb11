using System.Buffers;
using System.Buffers.Binary;
using AksAuditd.Node.Interop;

namespace AksAuditd.Events.Pods;

/// <summary>The names in a directory, in no order. One that cannot be read has none.</summary>
internal ref struct DirectoryNames : IDisposable
{
    private readonly int _fd;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
    private int _at, _length;

    /// <param name="parent">A directory's descriptor, or AT_FDCWD.</param>
    /// <param name="path">Relative to it, with a final NUL.</param>
    public DirectoryNames(int parent, ReadOnlySpan<byte> path) =>
        _fd = FileCalls.OpenAt(parent, path, FileCalls.OpenReadOnly | FileCalls.OpenDirectory | FileCalls.OpenCloseOnExec, 0);

    /// <summary>True when there is such a directory.</summary>
    public readonly bool IsOpen => _fd >= 0;

    /// <summary>The next name, any bytes but NUL and slash; valid until the next call. <c>.</c> and <c>..</c> are left out.</summary>
    public bool TryNext(out ReadOnlySpan<byte> name)
    {
        name = default;
        while (_fd >= 0)
        {
            if (_at >= _length)
            {
                _at = 0;
                _length = (int)FileCalls.GetDirectoryEntries(_fd, _buffer, _buffer.Length);
                if (_length <= 0) return false;
            }

            // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
            int entry = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_at + 16));
            name = _buffer.AsSpan(_at + 19, entry - 19);
            name = name[..name.IndexOf((byte)0)];
            _at += entry;
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) return true;
        }

        return false;
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = FileCalls.Close(_fd);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
