namespace AksAuditd.Events.Delivery;

/// <summary>
/// Lines made ready for one write, and how far they have been written. A line belongs to the caller of <see cref="ISink.Send"/> until all of its bytes are
/// written, so whatever is left here can be thrown away and made again.
/// </summary>
internal sealed class OutputBuffer
{
    private const int Size = 64 * 1024;
    private readonly LineFormat _format;
    private readonly int _maximumLine;
    private readonly byte[] _bytes;
    private readonly int[] _ends = new int[1024];
    private int _written, _length;
    private int _firstLine, _lines;

    public OutputBuffer(LineFormat format, int maximumLine)
    {
        _format = format;
        _maximumLine = maximumLine;
        _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(Size, maximumLine + format.Overhead));
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
            if (line.Length > _maximumLine) return _lines > 0;
            records += SpoolFile.RecordHeadSize + line.Length;
            if (_lines > 0 && records > Spool.ReadSize) break;
            if (_bytes.Length - _length < line.Length + _format.Overhead) break;
            _length += _format.Write(_bytes.AsSpan(_length), line, time);
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

    /// <summary>Throws away what is not written, or only half.</summary>
    public void Clear() => _written = _length = _firstLine = _lines = 0;
}
