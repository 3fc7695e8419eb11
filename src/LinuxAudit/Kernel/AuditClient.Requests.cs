using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

// One request, one answer.
public sealed partial class AuditClient
{
    /// <summary>Asks for something to be done. <paramref name="answer"/> is what the kernel's function returned when that is not an error.</summary>
    private Errno Command(ControlMessage type, ReadOnlySpan<byte> payload, out int answer)
    {
        answer = 0;
        Errno error = Send((ushort)type, NetlinkHeader.FlagRequest | NetlinkHeader.FlagAck, payload);
        if (error != Errno.None) return error;
        error = NextReply(Deadline.After(_timeout), out NetlinkHeader header, out ReadOnlySpan<byte> reply);
        if (error != Errno.None) return error;
        if (header.Type != NetlinkHeader.TypeError || !NetlinkHeader.TryReadAnswer(reply, out answer)) return Errno.EPROTO;
        return answer < 0 ? (Errno)(-answer) : Errno.None;
    }

    /// <summary>Asks for a value. <paramref name="payload"/> is good until the next request.</summary>
    private Errno Query(ControlMessage type, out ReadOnlySpan<byte> payload)
    {
        // Without an acknowledgement: the answer is one, and an error comes unasked.
        Errno error = Send((ushort)type, NetlinkHeader.FlagRequest, []);
        payload = default;
        if (error != Errno.None) return error;
        error = NextReply(Deadline.After(_timeout), out NetlinkHeader header, out payload);
        if (error != Errno.None) return error;
        return header.Type == (ushort)type ? Errno.None : AsError(header, payload);
    }

    /// <summary>For an answer that is not of the type that was asked for: the error it carries, or EPROTO.</summary>
    private static Errno AsError(NetlinkHeader header, ReadOnlySpan<byte> payload) =>
        header.Type == NetlinkHeader.TypeError && NetlinkHeader.TryReadAnswer(payload, out int answer) && answer < 0 ? (Errno)(-answer) : Errno.EPROTO;

    private Errno Send(ushort type, ushort flags, ReadOnlySpan<byte> payload)
    {
        Append(type, flags, payload, 0);
        return _socket.Send(_request.AsSpan(0, NetlinkHeader.Size + payload.Length));
    }

    /// <summary>Writes a request into the message that is being made, at <paramref name="offset"/>.</summary>
    private void Append(ushort type, ushort flags, ReadOnlySpan<byte> payload, int offset)
    {
        int length = NetlinkHeader.Size + payload.Length;
        if (_request.Length < offset + NetlinkHeader.Aligned(length)) Array.Resize(ref _request, Math.Max(2 * _request.Length, offset + NetlinkHeader.Aligned(length)));
        // Records that the kernel sends unasked have the number 0.
        if (++_sequence == 0) _sequence = 1;
        Span<byte> message = _request.AsSpan(offset, NetlinkHeader.Aligned(length));
        new NetlinkHeader((uint)length, type, flags, _sequence, _socket.Port).Write(message);
        payload.CopyTo(message[NetlinkHeader.Size..]);
        message[length..].Clear();
    }

    /// <summary>The next message that answers the last request, or the one with the number; answers to earlier ones, which timed out, are passed over.</summary>
    private Errno NextReply(Deadline deadline, out NetlinkHeader header, out ReadOnlySpan<byte> payload) => NextReply(_sequence, deadline, out header, out payload);

    private Errno NextReply(uint sequence, Deadline deadline, out NetlinkHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        while (true)
        {
            Errno error = _socket.Receive(_reply, deadline, out int length);
            header = default;
            if (error == Errno.EMSGSIZE) _reply = new byte[Math.Max(length, 2 * _reply.Length)];
            if (error != Errno.None) return error;
            ReadOnlySpan<byte> message = _reply.AsSpan(0, length);
            if (!NetlinkHeader.TryRead(message, out header)) return Errno.EPROTO;
            if (header.Sequence == sequence) return header.TryPayload(message, out payload) ? Errno.None : Errno.EPROTO;
            if (deadline.HasPassed) return Errno.ETIMEDOUT;
        }
    }
}
