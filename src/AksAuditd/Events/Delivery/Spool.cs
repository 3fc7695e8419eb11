using System.Buffers.Binary;
using AksAuditd.Node;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Lines on disk, oldest first, in files that are only appended to and removed when all of their lines are delivered. Used by one thread. How far it has been
/// delivered stands in the file <c>delivered</c>, written with each batch, so that a killed process repeats one batch at the most. What was written
/// survives a kill; a power cut takes what was not yet synced.
/// </summary>
internal sealed partial class Spool : IDisposable
{
    /// <summary>The longest line.</summary>
    public const int MaximumLine = 1024 * 1024;

    /// <summary>Bytes of records that are read at once: lines that need no more and are the first in an empty spool come out of <see cref="Peek"/> together.</summary>
    public const int ReadSize = (64 * 1024) - SpoolFile.HeadSize;

    private const string PositionName = "delivered";
    private const ulong PositionMark = 0x9e3779b97f4a7c15;
    private const uint Directory0700 = 0x1c0;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private readonly NodeDirectory _directory;
    private readonly long _bound, _fileSize;
    private readonly SafeFileHandle _position;
    private readonly List<Segment> _segments = [];
    private readonly byte[] _frames = GC.AllocateUninitializedArray<byte>(ReadSize);
    private byte[] _records = GC.AllocateUninitializedArray<byte>(256 * 1024);
    private ulong _nextNumber, _nextDelivered;

    private Spool(NodeDirectory directory, SafeFileHandle position, long bound)
    {
        _directory = directory;
        _position = position;
        _bound = bound;
        _fileSize = Math.Clamp(bound / 16, SpoolFile.HeadSize + ReadSize, 8 * 1024 * 1024);
    }

    /// <summary>Lines that are not delivered.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of its files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether something was written after the last <see cref="Sync"/>.</summary>
    public bool IsUnsynced { get; private set; }

    /// <summary>Whether the last <see cref="Append"/> stopped because the bound was reached.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes the directory and reads what an earlier process left there.</summary>
    /// <param name="path">Made with mode 0700 when it is not there.</param>
    /// <param name="bound">Bytes that its files may have.</param>
    /// <param name="damaged">How many lines were there and cannot be read; at least one for each place that makes no sense.</param>
    /// <param name="patience">How long it may take until another process does not use it any more; half a second by default.</param>
    /// <exception cref="IOException">It cannot be used, or another process uses it.</exception>
    public static Spool Open(string path, long bound, out long damaged, TimeSpan? patience = null)
    {
        NodeDirectory directory = NodeDirectory.OpenOrCreate(path, Directory0700);
        SafeFileHandle? position = null;
        try
        {
            directory.ChangeMode(Directory0700);
            position = Lock(directory, patience ?? Patience) ?? throw new NodeException(path, "another process uses this spool");
            Spool spool = new(directory, position, bound);
            damaged = spool.Recover();
            return spool;
        }
        catch
        {
            position?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    // A program that this process starts at this moment has its descriptors until it is executed, that of a spool which was just closed too.
    private static SafeFileHandle? Lock(NodeDirectory directory, TimeSpan patience)
    {
        long end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            SafeFileHandle? position = directory.TryLock(PositionName);
            if (position is not null || Environment.TickCount64 >= end) return position;
            Thread.Sleep(10);
        }
    }

    /// <summary>Writes lines behind the others.</summary>
    /// <param name="lines">Some of them, or all.</param>
    /// <param name="taken">How many were written, also when it throws.</param>
    /// <exception cref="IOException">The disk is full or broken; the spool is whole and can be used on.</exception>
    public void Append(LineFrames lines, out int taken)
    {
        taken = 0;
        IsFull = false;
        while (true)
        {
            Segment segment = _segments.Count > 0 && _segments[^1] is { Writable: true } last && last.Length < _fileSize ? last : AddSegment();
            int size = 0, count = 0;
            LineFrames walk = lines;
            while (walk.TryRead(out ReadOnlySpan<byte> line, out long time))
            {
                int record = SpoolFile.RecordHeadSize + line.Length;
                if (Bytes + size + record > _bound)
                {
                    IsFull = true;
                    break;
                }

                if (size > 0 && (size + record > _records.Length || segment.Length + size + record > _fileSize)) break;
                if (record > _records.Length) Array.Resize(ref _records, record);
                SpoolFile.WriteRecord(_records.AsSpan(size), _nextNumber + (ulong)count, time, line);
                size += record;
                count++;
                lines = walk;
            }

            if (count == 0) return;
            Write(segment, size, count);
            taken += count;
            if (IsFull) return;
        }
    }

    /// <summary>Makes what was written last through a power cut.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public void Sync()
    {
        IsUnsynced = false;
        foreach (Segment segment in _segments)
        {
            if (!segment.Unsynced) continue;
            RandomAccess.FlushToDisk(segment.File);
            segment.Unsynced = false;
        }

        _directory.Sync();
    }

    public void Dispose()
    {
        foreach (Segment segment in _segments) segment.File.Dispose();
        _position.Dispose();
        _directory.Dispose();
    }

    private void Write(Segment segment, int size, int count)
    {
        try
        {
            RandomAccess.Write(segment.File, _records.AsSpan(0, size), segment.Length);
        }
        catch (IOException)
        {
            // The next write begins where this one did; until then nothing must stand there.
            TryCut(segment);
            throw;
        }

        segment.Length += size;
        segment.Unsynced = true;
        segment.Count += count;
        _nextNumber += (ulong)count;
        Bytes += size;
        Count += count;
        IsUnsynced = true;
    }

    private Segment AddSegment()
    {
        SafeFileHandle file = _directory.OpenOrCreateFile(SpoolFile.NameOf(_nextNumber));
        Segment segment = new(file, _nextNumber) { Writable = true, Length = SpoolFile.HeadSize };
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, SpoolFile.Head, 0);
        }
        catch (IOException)
        {
            Delete(segment);
            throw;
        }

        Bytes += SpoolFile.HeadSize;
        _segments.Add(segment);
        return segment;
    }

    private static void TryCut(Segment segment)
    {
        try
        {
            RandomAccess.SetLength(segment.File, segment.Length);
        }
        catch (IOException)
        {
            // Its checksum tells.
        }
    }

    private void Delete(Segment segment)
    {
        segment.File.Dispose();
        if (_directory.Stat(SpoolFile.NameOf(segment.First)) is { } entry) _directory.Delete(entry);
    }

    private void WritePosition()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _nextDelivered);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _nextDelivered ^ PositionMark);
        RandomAccess.Write(_position, bytes, 0);
    }

    private ulong? ReadPosition()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (RandomAccess.Read(_position, bytes, 0) < bytes.Length) return null;
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) == (next ^ PositionMark) ? next : null;
    }

    /// <summary>One file.</summary>
    private sealed class Segment(SafeFileHandle file, ulong first)
    {
        public readonly SafeFileHandle File = file;

        /// <summary>The number of its first record, and its name.</summary>
        public readonly ulong First = first;

        /// <summary>Bytes that are whole records; how many records these are.</summary>
        public long Length, Count;

        /// <summary>Whether this process writes it.</summary>
        public bool Writable, Unsynced;
    }
}
