using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinuxAudit.Kernel;

/// <summary><c>struct nlmsghdr</c> of <c>linux/netlink.h</c>, in the byte order of this machine.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NetlinkHeader(uint Length, ushort Type, ushort Flags, uint Sequence, uint Port)
{
    public const int Size = 16;

    public const ushort FlagRequest = 0x1;
    public const ushort FlagMulti = 0x2;
    public const ushort FlagAck = 0x4;
    /// <summary>The kernel saw the data change while it was dumping it.</summary>
    public const ushort FlagDumpInterrupted = 0x10;

    public const ushort TypeNoop = 1;
    public const ushort TypeError = 2;
    public const ushort TypeDone = 3;
    public const ushort TypeOverrun = 4;

    /// <summary>False when <paramref name="message"/> is shorter than a header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out NetlinkHeader header)
    {
        if (message.Length < Size)
        {
            header = default;
            return false;
        }
        header = Unsafe.ReadUnaligned<NetlinkHeader>(in message[0]);
        return true;
    }

    /// <summary>What a message of <paramref name="length"/> bytes takes before the next of the same datagram: NLMSG_ALIGN.</summary>
    public static int Aligned(int length) => (length + 3) & ~3;

    public void Write(Span<byte> message) => MemoryMarshal.Write(message, in this);

    /// <summary>
    /// The payload of the answer in <paramref name="message"/>, which holds one: audit sends one message a datagram. False when the header claims
    /// more than there is or less than itself.
    /// </summary>
    public bool TryPayload(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (Length < Size || Length > (uint)message.Length) return false;
        payload = message[Size..(int)Length];
        return true;
    }

    /// <summary>The error number in the payload of a <see cref="TypeError"/> message: 0 or what the kernel's function returned.</summary>
    public static bool TryReadAnswer(ReadOnlySpan<byte> payload, out int answer)
    {
        answer = 0;
        if (payload.Length < sizeof(int)) return false;
        answer = BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(payload) : BinaryPrimitives.ReadInt32BigEndian(payload);
        return true;
    }
}
