using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// The format of a spool file. A head of 16 bytes: <c>AKSSPOOL</c> and the version (8 bytes, 1). Then records: length of the line (4), CRC-32C of all that
/// follows and the length (4), number (8), time (8), line. Numbers go up by one from record to record and from file to file. Little endian.
/// </summary>
internal static class SpoolFile
{
    public const int HeadSize = 16, RecordHeadSize = 24;
    public const string Suffix = ".spool";

    public static ReadOnlySpan<byte> Head => "AKSSPOOL\x01\0\0\0\0\0\0\0"u8;

    /// <summary>The name of a file: its first record's number in 20 digits.</summary>
    public static string NameOf(ulong first) => $"{first:D20}{Suffix}";

    public static bool TryParseName(string name, out ulong first)
    {
        first = 0;
        return name.Length == 20 + Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 20), System.Globalization.NumberStyles.None, null, out first);
    }

    /// <summary>Writes a record; <paramref name="to"/> has room for it.</summary>
    public static void WriteRecord(Span<byte> to, ulong number, long time, ReadOnlySpan<byte> line)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, line.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], time);
        line.CopyTo(to[RecordHeadSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum((uint)line.Length, to[8..(RecordHeadSize + line.Length)]));
    }

    /// <summary>Reads the record at the beginning of <paramref name="from"/>.</summary>
    /// <returns>Its size; 0 when more bytes are needed to tell (<paramref name="needed"/> in all); -1 when it is none.</returns>
    public static int TryReadRecord(ReadOnlySpan<byte> from, int maximumLine, out ulong number, out long time, out ReadOnlySpan<byte> line, out int needed)
    {
        number = 0;
        time = 0;
        line = default;
        needed = RecordHeadSize;
        if (from.Length < RecordHeadSize) return 0;
        int length = BinaryPrimitives.ReadInt32LittleEndian(from);
        if (length < 0 || length > maximumLine) return -1;
        needed = RecordHeadSize + length;
        if (from.Length < needed) return 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) != Checksum((uint)length, from[8..needed])) return -1;
        number = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]);
        time = BinaryPrimitives.ReadInt64LittleEndian(from[16..]);
        line = from[RecordHeadSize..needed];
        return needed;
    }

    private static uint Checksum(uint length, ReadOnlySpan<byte> bytes)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, length);
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        for (int i = bytes.Length & ~7; i < bytes.Length; i++) crc = BitOperations.Crc32C(crc, bytes[i]);
        return ~crc;
    }
}
