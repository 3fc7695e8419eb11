using System.Buffers.Binary;

namespace LinuxAudit.Records;

/// <summary>
/// A socket address as a program gave it to the kernel: the bytes of a <c>struct sockaddr</c>. The program chose them, so any part may be
/// missing or senseless. Points into the bytes it was parsed from.
/// </summary>
public readonly ref struct SocketAddress
{
    /// <summary>Families that have more than their number here, values of <c>linux/socket.h</c>.</summary>
    public const int Unspecified = 0, Unix = 1, Inet = 2, Inet6 = 10, Netlink = 16, Packet = 17, Vsock = 40;

    private readonly ReadOnlySpan<byte> _bytes;

    private SocketAddress(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>
    /// Parses the bytes of a <c>saddr</c> field. False when there are fewer than two, which is no family. The family is in the byte order of this
    /// machine, so records must come from one of the same order.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out SocketAddress address)
    {
        address = new SocketAddress(bytes);
        return bytes.Length >= 2;
    }

    /// <summary>The address family, 0 to 65535.</summary>
    public int Family => BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes) : BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The name of the family as audit writes it: <c>inet</c>, <c>local</c>. False when no table knows it.</summary>
    public bool TryGetFamilyName(out ReadOnlySpan<byte> name) => SocketValues.Families.TryGet((ulong)Family, out name);

    /// <summary>True when there are as many bytes as the family's address has.</summary>
    public bool IsComplete => Family switch
    {
        Unix => _bytes.Length > 2,
        Inet => _bytes.Length >= 16,
        Inet6 => _bytes.Length >= 28,
        Netlink => _bytes.Length >= 12,
        Packet => _bytes.Length >= 12,
        Vsock => _bytes.Length >= 16,
        _ => true,
    };

    /// <summary>The internet address in network order: 4 bytes, 16 bytes, or none for other families and incomplete addresses.</summary>
    public ReadOnlySpan<byte> Address => !IsComplete ? default : Family switch { Inet => _bytes.Slice(4, 4), Inet6 => _bytes.Slice(8, 16), _ => default };

    /// <summary>The port of an internet or vsock address, the process id of a netlink address; 0 for others.</summary>
    public uint Port => !IsComplete ? 0 : Family switch
    {
        Inet or Inet6 => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]),
        Netlink or Vsock => Number(4),
        _ => 0,
    };

    /// <summary>The scope of an IPv6 address, the interface of a packet address, the context id of a vsock address; 0 for others.</summary>
    public uint Scope => !IsComplete ? 0 : Family switch { Inet6 => Number(24), Packet => Number(4), Vsock => Number(8), _ => 0 };

    /// <summary>The protocol of a packet address; 0 for others.</summary>
    public int Protocol => Family == Packet && IsComplete ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]) : 0;

    /// <summary>True for a Unix address without a place in the file system: its name is any bytes.</summary>
    public bool IsAbstract => Family == Unix && _bytes.Length > 3 && _bytes[2] == 0;

    /// <summary>The path of a Unix address up to its zero byte, or the whole name of an abstract one; empty for others.</summary>
    public ReadOnlySpan<byte> Path
    {
        get
        {
            if (Family != Unix || !IsComplete) return default;
            ReadOnlySpan<byte> path = _bytes[2..];
            if (IsAbstract) return path[1..];
            int end = path.IndexOf((byte)0);
            return end < 0 ? path : path[..end];
        }
    }

    /// <summary>
    /// Writes <see cref="Address"/> as text: <c>127.0.0.1</c>, <c>fe80::1%2</c>. False, nothing of use written, when there is none or
    /// <paramref name="destination"/> is too small; 64 bytes always suffice.
    /// </summary>
    public bool TryFormatAddress(Span<byte> destination, out int written)
    {
        SpanWriter writer = new(destination);
        ReadOnlySpan<byte> address = Address;
        if (address.Length == 4) WriteInet(address, ref writer);
        else if (address.Length == 16) WriteInet6(address, Scope, ref writer);
        written = writer.Length;
        return !address.IsEmpty && !writer.Overflowed;
    }

    private uint Number(int offset) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(_bytes[offset..]);

    private static void WriteInet(ReadOnlySpan<byte> address, ref SpanWriter writer)
    {
        for (int i = 0; i < 4; i++)
        {
            if (i > 0) writer.Write("."u8);
            writer.WriteDecimal(address[i]);
        }
    }

    /// <summary>As inet_ntop(3): the longest run of zero groups is <c>::</c>, the first of equally long ones.</summary>
    private static void WriteInet6(ReadOnlySpan<byte> address, uint scope, ref SpanWriter writer)
    {
        (int start, int length) = LongestZeros(address);
        for (int i = 0; i < 8; i++)
        {
            if (i == start)
            {
                writer.Write("::"u8);
                i += length - 1;
                continue;
            }
            // ::1.2.3.4 and ::ffff:1.2.3.4
            if (i == 6 && start == 0 && (length == 6 || length == 5 && Group(address, 5) == 0xFFFF))
            {
                if (length == 5) writer.Write(":"u8);
                WriteInet(address[12..], ref writer);
                break;
            }
            if (i > 0 && i != start + length) writer.Write(":"u8);
            writer.WriteHex(Group(address, i));
        }
        if (scope == 0) return;
        writer.Write("%"u8);
        writer.WriteDecimal(scope);
    }

    private static (int Start, int Length) LongestZeros(ReadOnlySpan<byte> address)
    {
        (int Start, int Length) best = (-1, 1);
        for (int i = 0; i < 8; i++)
        {
            int length = 0;
            while (i + length < 8 && Group(address, i + length) == 0) length++;
            if (length > best.Length) best = (i, length);
            i += length;
        }
        return best.Start < 0 ? (-2, 0) : best;
    }

    private static uint Group(ReadOnlySpan<byte> address, int index) => BinaryPrimitives.ReadUInt16BigEndian(address[(index * 2)..]);
}
