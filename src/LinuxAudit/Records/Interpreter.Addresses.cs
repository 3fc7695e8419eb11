namespace LinuxAudit.Records;

public sealed partial class Interpreter
{
    // sockaddr_storage; what is longer the kernel does not take.
    private const int MaxAddress = 128;

    private static bool TryWriteSocketAddress(in Field field, ref SpanWriter writer)
    {
        Span<byte> bytes = stackalloc byte[MaxAddress];
        if (!field.IsCoded || field.Value.Length > 2 * MaxAddress || !field.TryDecode(bytes, out int length)) return false;
        if (!SocketAddress.TryParse(bytes[..length], out SocketAddress address)) return false;
        if (!address.TryGetFamilyName(out ReadOnlySpan<byte> family))
        {
            writer.Write("unknown-family("u8);
            writer.WriteDecimal((uint)address.Family);
            writer.Write(")"u8);
            return true;
        }
        writer.Write("{ saddr_fam="u8);
        writer.Write(family);
        if (address.IsComplete) WriteAddress(address, ref writer);
        else writer.Write(address.Family switch
        {
            SocketAddress.Inet6 => " sockaddr6 len too short"u8,
            SocketAddress.Netlink => " len too short"u8,
            _ => " sockaddr len too short"u8,
        });
        writer.Write(" }"u8);
        return true;
    }

    private static void WriteAddress(scoped SocketAddress address, ref SpanWriter writer)
    {
        switch (address.Family)
        {
            case SocketAddress.Unix:
                writer.Write(" path="u8);
                if (address.IsAbstract) writer.Write((byte)'@');
                writer.Write(address.Path);
                break;
            case SocketAddress.Inet or SocketAddress.Inet6:
                Span<byte> text = stackalloc byte[64];
                address.TryFormatAddress(text, out int length);
                writer.Write(" laddr="u8);
                writer.Write(text[..length]);
                WriteNumber(" lport="u8, address.Port, ref writer);
                break;
            case SocketAddress.Netlink:
                WriteNumber(" nlnk-fam="u8, SocketAddress.Netlink, ref writer);
                WriteNumber(" nlnk-pid="u8, address.Port, ref writer);
                break;
            case SocketAddress.Packet:
                WriteNumber(" ifindex="u8, address.Scope, ref writer);
                writer.Write(" proto=0x"u8);
                writer.WriteHex((uint)address.Protocol);
                break;
            case SocketAddress.Vsock:
                WriteNumber(" cid="u8, address.Scope, ref writer);
                WriteNumber(" port="u8, address.Port, ref writer);
                break;
            default:
                writer.Write(" (unsupported)"u8);
                break;
        }
    }

    private static void WriteNumber(ReadOnlySpan<byte> name, uint number, ref SpanWriter writer)
    {
        writer.Write(name);
        writer.WriteDecimal(number);
    }
}
