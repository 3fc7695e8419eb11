namespace AksAuditd.Events.Delivery;

/// <summary>
/// Lines made ready for one write, and how far they have been written. A line (a group counts as one) belongs to the caller of <see cref="ISink.Send"/> until all of its bytes are
/// written, so whatever is left here can be thrown away and made again.
/// </summary>
internal sealed class OutputBuffer
{
    private const int Size = 64 * 1024;
    private readonly LineFormat _format;
    private readonly int _maximumLine, _usualSize;
    private byte[] _bytes;
    private readonly int[] _ends = new int[1024];
    private int _written, _length;
    private int _firstLine, _lines;

    public OutputBuffer(LineFormat format, int maximumLine)
    {
        _format = format;
        _maximumLine = maximumLine;
        _usualSize = Math.Max(Size, maximumLine + format.Overhead);
        _bytes = GC.AllocateUninitializedArray<byte>(_usualSize);
    }

    public bool IsEmpty => _written == _length;

    /// <summary>What is to be written next.</summary>
    public ReadOnlySpan<byte> Unwritten => _bytes.AsSpan(_written.._length);

    /// <summary>Whether the half of a line has been written.</summary>
    public bool IsInsideLine => _written > LineStart;

    /// <summary>Bytes of the line that is half written.</summary>
    public int WrittenOfLine => _written - LineStart;

    private int LineStart => _firstLine == 0 ? 0 : _ends[_firstLine - 1];

    /// <summary>
    /// Makes lines ready, as many as there is room for and the spool would offer together: what is half sent when the queue goes there is among what it offers
    /// first. Call it when it <see cref="IsEmpty"/>.
    /// </summary>
    /// <returns>False when the first line is too long.</returns>
    public bool Fill(LineFrames lines)
    {
        Clear();
        int records = 0;
        while (_lines < _ends.Length && lines.TryRead(out ReadOnlySpan<byte> line, out long time))
        {
            if (!LineGroup.Fits(line, _maximumLine)) return _lines > 0;
            records += SpoolFile.RecordHeadSize + line.Length;
            if (_lines > 0 && records > Spool.ReadSize) break;
            int room = _format.RoomFor(line);
            if (_lines == 0) Resize(room);
            if (_bytes.Length - _length < room) break;
            _length += _format.WriteAll(_bytes.AsSpan(_length), line, time);
            _ends[_lines++] = _length;
        }

        return true;
    }

    /// <summary>Notes that so many bytes were written.</summary>
    /// <returns>How many lines have become whole by it.</returns>
    public int Advance(int bytes)
    {
        _written += bytes;
        int before = _firstLine;
        while (_firstLine < _lines && _ends[_firstLine] <= _written) _firstLine++;
        return _firstLine - before;
    }

    // Only a group of lines can be longer than usual; one such event must not keep the process large.
    private void Resize(int room)
    {
        int size = Math.Max(room, _usualSize);
        if (size != _bytes.Length) _bytes = GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>Throws away what is not written, or only half.</summary>
    public void Clear() => _written = _length = _firstLine = _lines = 0;
}
