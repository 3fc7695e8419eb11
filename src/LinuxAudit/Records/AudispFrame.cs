using System.Buffers.Binary;

namespace LinuxAudit.Records;

/// <summary>
/// One message of the <c>format = binary</c> that auditd gives its plugins: a header of four 32-bit numbers in the machine's byte order (version,
/// header length, type, size), then the data (auditd-plugins(5), struct audit_dispatcher_header). auditd sends <see cref="Length"/> bytes whatever the size
/// (seen with 3.0.9): behind the data stands what its memory held before, which anybody may have written.
/// </summary>
public readonly ref struct AudispFrame
{
    /// <summary>Length of the header in bytes.</summary>
    public const int HeaderLength = 16;

    /// <summary>The most data a frame has, MAX_AUDIT_MESSAGE_LENGTH; auditd leaves out what is longer.</summary>
    public const int MaxSize = 8970;

    /// <summary>Length of every frame in bytes.</summary>
    public const int Length = HeaderLength + MaxSize;

    private AudispFrame(int version, int type, ReadOnlySpan<byte> data)
    {
        Version = version;
        Type = type;
        Data = data;
    }

    /// <summary>0: <see cref="Data"/> is the kernel's message; 1: it is a whole line of text.</summary>
    public int Version { get; }

    /// <summary>The number of the record's type.</summary>
    public int Type { get; }

    /// <summary>The data, pointing into the bytes the frame was read from.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads the frame at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What has been received and not been read.</param>
    /// <param name="frame">The frame, when there is a whole one.</param>
    /// <param name="consumed">
    /// <see cref="Length"/>; 0 when more must be received first; -1 when these bytes are no frame, and nothing behind them can be read.
    /// </param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AudispFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (bytes.Length < HeaderLength) return false;
        uint version = Number(bytes), headerLength = Number(bytes[4..]), type = Number(bytes[8..]), size = Number(bytes[12..]);
        if (version > 1 || headerLength != HeaderLength || type is 0 or > ushort.MaxValue)
        {
            consumed = -1;
            return false;
        }

        if (bytes.Length < Length) return false;
        frame = new AudispFrame((int)version, (int)type, bytes.Slice(HeaderLength, (int)Math.Min(size, MaxSize)));
        consumed = Length;
        return true;
    }

    /// <summary>The record in the frame. False when the data is none.</summary>
    public bool TryGetRecord(out AuditRecord record) =>
        Version == 0 ? AuditRecord.TryParse(Type, Data, out record) : AuditRecord.TryParse(Data.TrimEnd((byte)0), out record);

    private static uint Number(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
