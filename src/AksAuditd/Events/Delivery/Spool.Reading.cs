using AksAuditd.Node;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Events.Delivery;

/// <content>Reading what was written, and what an earlier process wrote.</content>
internal sealed partial class Spool
{
    // What has been read of the first file and is in _frames, from _framesStart on.
    private int _framesStart, _framesLength;
    private byte[]? _longFrame;
    private long _readOffset = SpoolFile.HeadSize;
    private ulong _nextRead;

    /// <summary>
    /// The oldest lines, some of them; empty only when there are none. Valid until the next call of any kind. The same again until <see cref="Release"/>.
    /// </summary>
    /// <param name="damaged">How many lines could not be read and are given up, before those that are returned.</param>
    public ReadOnlySpan<byte> Peek(out long damaged)
    {
        damaged = 0;
        while (_framesStart == _framesLength && Count > 0) damaged += ReadSome();
        return _longFrame is { } frame && _framesLength > 0 ? frame.AsSpan(_framesStart.._framesLength) : _frames.AsSpan(_framesStart.._framesLength);
    }

    /// <summary>The oldest lines are delivered. Never throws: what it cannot remember is repeated after a restart.</summary>
    public void Release(int size, int count)
    {
        _framesStart += size;
        Count -= count;
        _nextDelivered += (ulong)count;
        if (_framesStart == _framesLength)
        {
            _framesStart = _framesLength = 0;
            _longFrame = null;
        }

        SettleDelivered();
    }

    private void SettleDelivered()
    {
        try
        {
            WritePosition();
        }
        catch (IOException)
        {
            // Twice is better than never.
        }

        try
        {
            RemoveDelivered();
        }
        catch (IOException)
        {
            // The next start sees that it is delivered, and removes it.
        }
    }

    private void RemoveDelivered()
    {
        while (_segments.Count > 0 && _segments[0] is { } oldest && oldest.First + (ulong)oldest.Count <= _nextDelivered)
        {
            _segments.RemoveAt(0);
            Bytes -= oldest.Length;
            BeginFirst();
            Delete(oldest);
        }
    }

    private void BeginFirst()
    {
        _readOffset = SpoolFile.HeadSize;
        if (_segments.Count > 0) _nextDelivered = Math.Max(_nextDelivered, _segments[0].First);
        _nextRead = _nextDelivered;
    }

    /// <summary>Reads on in the first file that has something to read.</summary>
    private long ReadSome()
    {
        Segment segment = _segments[0];
        int want = (int)Math.Min(_frames.Length, segment.Length - _readOffset);
        try
        {
            if (want <= 0) throw new IOException("its end comes too early");
            int read = ReadFully(segment.File, _records.AsSpan(0, want), _readOffset);
            int needed = Decode(_records.AsSpan(0, read));
            if (_framesLength == 0 && needed > read && needed <= segment.Length - _readOffset)
            {
                if (_records.Length < needed) Array.Resize(ref _records, needed);
                read = ReadFully(segment.File, _records.AsSpan(0, needed), _readOffset);
                _longFrame = new byte[needed];
                Decode(_records.AsSpan(0, read));
            }
        }
        catch (IOException)
        {
            // Given up below.
        }

        return _framesLength > 0 ? 0 : GiveUp(segment);
    }

    /// <summary>Makes frames of the records that are whole; returns how many bytes the next one needs.</summary>
    private int Decode(ReadOnlySpan<byte> records)
    {
        byte[] to = _longFrame ?? _frames;
        int needed = 0;
        while (!records.IsEmpty)
        {
            int size = SpoolFile.TryReadRecord(records, MaximumLine, out ulong number, out long time, out ReadOnlySpan<byte> line, out needed);
            if (size <= 0 || number != _nextRead) break;
            LineFrames.Write(to.AsSpan(_framesLength), line, time);
            _framesLength += LineFrames.HeaderSize + line.Length;
            _nextRead++;
            _readOffset += size;
            records = records[size..];
        }

        return needed;
    }

    /// <summary>The rest of a file makes no sense: it is not read again.</summary>
    private long GiveUp(Segment segment)
    {
        long lost = (long)(segment.First + (ulong)segment.Count - _nextDelivered);
        _longFrame = null;
        _nextDelivered += (ulong)lost;
        _nextRead = _nextDelivered;
        Count -= lost;
        SettleDelivered();
        return lost;
    }

    private long Recover()
    {
        List<(ulong First, string Name)> files = [];
        foreach (NodeEntry entry in _directory.List())
        {
            if (entry.Kind == EntryKind.Regular && SpoolFile.TryParseName(entry.Name, out ulong first)) files.Add((first, entry.Name));
        }

        files.Sort();
        ulong? position = ReadPosition();
        _nextDelivered = position ?? (files.Count > 0 ? files[0].First : 0);
        ulong next = _nextDelivered;
        long damaged = 0;
        bool torn = false;
        foreach ((ulong first, string name) in files)
        {
            // The numbers say how many are missing; what is cut off at the very end counts for one.
            if (first > next) damaged += (long)(first - next);
            else if (torn) damaged++;
            Segment segment = new(_directory.OpenOrCreateFile(name), first);
            long skip = Scan(segment, out bool whole);
            ulong end = first + (ulong)segment.Count;
            torn = !whole && end >= _nextDelivered;
            next = Math.Max(next, end);
            if (end <= _nextDelivered || segment.Count == 0)
            {
                Delete(segment);
                continue;
            }

            if (_segments.Count == 0) BeginAt(segment, skip);
            _segments.Add(segment);
            Bytes += segment.Length;
            Count += segment.Count;
        }

        _nextNumber = next;
        if (_segments.Count == 0) _nextDelivered = _nextRead = next;
        return torn ? damaged + 1 : damaged;
    }

    private void BeginAt(Segment segment, long skip)
    {
        _nextDelivered = _nextRead = Math.Max(_nextDelivered, segment.First);
        _readOffset = SpoolFile.HeadSize + skip;
        Count -= (long)(_nextDelivered - segment.First);
    }

    /// <summary>Counts the records of a file, and cuts off what is no record.</summary>
    /// <returns>Bytes of its records that are delivered.</returns>
    private long Scan(Segment segment, out bool whole)
    {
        long length = RandomAccess.GetLength(segment.File), offset = SpoolFile.HeadSize, skip = 0;
        Span<byte> head = stackalloc byte[SpoolFile.HeadSize];
        whole = length < SpoolFile.HeadSize;
        if (ReadFully(segment.File, head, 0) < head.Length || !head.SequenceEqual(SpoolFile.Head)) return 0;

        whole = true;
        while (whole && offset < length)
        {
            int read = ReadFully(segment.File, _records.AsSpan(0, (int)Math.Min(_records.Length, length - offset)), offset);
            int at = 0, needed = 0, size = 0;
            while (at < read)
            {
                size = SpoolFile.TryReadRecord(_records.AsSpan(at, read - at), MaximumLine, out ulong number, out _, out _, out needed);
                if (size > 0 && number != segment.First + (ulong)segment.Count) size = -1;
                if (size <= 0) break;
                at += size;
                segment.Count++;
                if (number < _nextDelivered) skip += size;
            }

            offset += at;
            whole = size >= 0 && (at > 0 || (needed <= length - offset && Grow(needed)));
        }

        segment.Length = offset;
        if (!whole) TryCut(segment);
        return skip;
    }

    private bool Grow(int needed)
    {
        // Read again with room for all of it; when there is room already the file gives less than it says.
        if (_records.Length >= needed) return false;
        Array.Resize(ref _records, needed);
        return true;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> to, long offset)
    {
        int total = 0;
        while (total < to.Length)
        {
            int read = RandomAccess.Read(file, to[total..], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }
}
