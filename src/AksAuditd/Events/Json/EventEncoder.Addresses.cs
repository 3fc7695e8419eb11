using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    // sockaddr_storage; the kernel takes nothing longer.
    private const int LongestAddress = 128;

    private void WriteAddress(AuditEvent auditEvent, EventFacts facts)
    {
        if (_records.Address < 0 || !auditEvent[_records.Address].TryGetField("saddr"u8, out Field field) || field.IsNull) return;
        int before = _json.Open(MemberOf(facts));
        Span<byte> bytes = stackalloc byte[LongestAddress];
        if (!field.IsCoded || field.Value.Length > 2 * LongestAddress || !field.TryDecode(bytes, out int length)
            || !SocketAddress.TryParse(bytes[..length], out SocketAddress address) || !TryWriteAddress(address))
            WriteString("\"bytes\":"u8, field.Value);
        _json.Close(before, (byte)'}');
    }

    /// <summary>Whose address it is: that of the other side, or the own one.</summary>
    private static ReadOnlySpan<byte> MemberOf(EventFacts facts)
    {
        if (!facts.HasSyscall || !Interpreter.TryGetSyscall(facts.Architecture, facts.Syscall, out ReadOnlySpan<byte> name)) return "\"destination\":{"u8;
        if (name.StartsWith("accept"u8) || name.StartsWith("recv"u8)) return "\"source\":{"u8;
        return name.SequenceEqual("bind"u8) ? "\"server\":{"u8 : "\"destination\":{"u8;
    }

    /// <summary>False when it is of a family that is nothing but bytes to us, or incomplete.</summary>
    private bool TryWriteAddress(scoped in SocketAddress address)
    {
        if (!address.IsComplete) return false;
        switch (address.Family)
        {
            case SocketAddress.Inet or SocketAddress.Inet6:
                Span<byte> text = stackalloc byte[64];
                if (!address.TryFormatAddress(text, out int length)) return false;
                WriteString("\"ip\":"u8, text[..length]);
                WriteNumber("\"port\":"u8, address.Port);
                return true;
            case SocketAddress.Unix:
                WriteString(address.IsAbstract ? "\"abstract_path\":"u8 : "\"path\":"u8, address.Path);
                return true;
            case SocketAddress.Netlink:
                _json.Write("\"family\":\"netlink\""u8);
                // The kernel's own address is 0.
                if (address.Port != 0) WriteNumber("\"port\":"u8, address.Port);
                return true;
            case SocketAddress.Packet:
                _json.Write("\"family\":\"packet\""u8);
                WriteNumber("\"interface\":"u8, address.Scope);
                WriteNumber("\"protocol\":"u8, (uint)address.Protocol);
                return true;
            case SocketAddress.Vsock:
                _json.Write("\"family\":\"vsock\""u8);
                WriteNumber("\"cid\":"u8, address.Scope);
                WriteNumber("\"port\":"u8, address.Port);
                return true;
            default:
                if (address.TryGetFamilyName(out ReadOnlySpan<byte> family)) WriteString("\"family\":"u8, family);
                return false;
        }
    }
}
