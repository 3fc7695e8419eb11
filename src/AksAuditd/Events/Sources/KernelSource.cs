using AksAuditd.Node;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace AksAuditd.Events.Sources;

/// <summary>Records straight from the kernel: as a listener beside auditd, or as the audit daemon.</summary>
internal sealed class KernelSource : IRecordSource
{
    // The kernel doubles it, and cuts it to net.core.rmem_max without CAP_NET_ADMIN. A burst has to fit while the pipeline is busy elsewhere.
    private const int ReceiveBuffer = 8 * 1024 * 1024;

    // struct nlmsghdr, before the payload in the buffer.
    private const int HeaderLength = 16;

    private readonly AuditEventSocket _socket;
    private readonly byte[] _buffer = new byte[AuditEventSocket.MaxMessage];
    private Company _company;
    private bool _hasMessage;
    private int _type, _length;

    private KernelSource(AuditEventSocket socket, string name)
    {
        _socket = socket;
        Name = name;
    }

    public string Name { get; }

    public long Overruns => _socket.Overruns + Truncated;

    /// <summary>Messages longer than the kernel promises.</summary>
    public long Truncated { get; private set; }

    /// <summary>A copy of every record, beside whoever is the daemon.</summary>
    /// <exception cref="NodeException">Not allowed, or there is no audit.</exception>
    public static KernelSource Listen()
    {
        try
        {
            return new(AuditEventSocket.Listen(ReceiveBuffer), "kernel (multicast)");
        }
        catch (LinuxException e)
        {
            throw new NodeException("kernel audit", $"cannot listen: {e.Message} (needs CAP_AUDIT_READ and the host's network namespace)");
        }
    }

    /// <summary>Takes the audit socket: every record comes here and waits when we are slow.</summary>
    /// <returns>Null when somebody else has it, or it may not be had; <paramref name="error"/> says which.</returns>
    public static KernelSource? TryOwn(out Errno error)
    {
        try
        {
            error = AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? socket, ReceiveBuffer);
            return socket is null ? null : new(socket, "kernel (audit socket)");
        }
        catch (LinuxException e)
        {
            throw new NodeException("kernel audit", e.Message);
        }
    }

    public SourceState Wait(TimeSpan limit, bool mayGather)
    {
        _hasMessage = Receive(limit);
        if (!_hasMessage) return SourceState.Idle;
        // What comes meanwhile waits in the socket's buffer.
        if (mayGather && _company.IsWanted) Thread.Sleep(Company.Rests * Company.Rest);
        else Company.RestForOneEvent();
        _company.Begin();
        return SourceState.Ready;
    }

    public bool TryRead(out RawRecord record)
    {
        bool has = _hasMessage || Receive(TimeSpan.Zero);
        _hasMessage = false;
        record = has ? new(_type, _buffer.AsSpan(HeaderLength, _length)) : default;
        return has;
    }

    public void Dispose() => _socket.Dispose();

    private bool Receive(TimeSpan limit)
    {
        while (true)
        {
            ReceiveStatus status;
            AuditMessage message;
            try
            {
                status = _socket.Receive(_buffer, limit, out message);
            }
            catch (LinuxException e)
            {
                throw new NodeException("kernel audit", e.Message);
            }

            switch (status)
            {
                case ReceiveStatus.TimedOut:
                    return false;
                case ReceiveStatus.Truncated:
                    Truncated++;
                    break;
                case ReceiveStatus.Message:
                    _type = message.Type;
                    _length = message.Payload.Length;
                    _company.Took(_length);
                    return true;
                default:
                    // An overrun: counted by the socket; what comes next is whole again.
                    break;
            }
        }
    }
}
