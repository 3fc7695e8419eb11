using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>
/// The kernel's audit system over netlink. Needs CAP_AUDIT_CONTROL and the initial pid and user namespaces; any network namespace.
/// </summary>
/// <remarks>
/// Not thread-safe, but bound to no thread: it may be opened on one and used on another, such as one that lives in another root directory. It starts no
/// thread, uses no thread pool and loads no library. One request is under way at a time; late answers to requests that timed out are told by their
/// sequence numbers and dropped, and so are messages that the kernel did not send (<see cref="RefusedMessages"/>).
/// </remarks>
public sealed partial class AuditClient : IAuditKernel, IDisposable
{
    // The longest answers are rules: 1,040 bytes and their strings, a few paths. Grows when one is longer.
    private const int InitialBuffer = 16 * 1024;

    private readonly NetlinkSocket _socket;
    private readonly TimeSpan _timeout;
    private byte[] _request = new byte[InitialBuffer];
    private byte[] _reply = new byte[InitialBuffer];
    private uint _sequence;

    private AuditClient(NetlinkSocket socket, TimeSpan timeout)
    {
        _socket = socket;
        _timeout = timeout;
    }

    /// <summary>Longest that a request waits for the kernel when nothing else is said: 5 seconds. An idle kernel answers within 0.1 ms.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens a client. Opening needs no capability; the requests do.</summary>
    /// <param name="timeout">Longest that one answer may take; null is <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="LinuxException">There is no audit socket to be had.</exception>
    public static AuditClient Open(TimeSpan? timeout = null) =>
        new(NetlinkSocket.Open(groups: 0, receiveBuffer: 0), timeout ?? DefaultTimeout);

    /// <summary>This client's netlink address.</summary>
    public uint Port => _socket.Port;

    /// <summary>Messages dropped because their sender was not the kernel.</summary>
    public long RefusedMessages => _socket.Refused;

    /// <inheritdoc/>
    public Errno GetStatus(out AuditStatus status)
    {
        Errno error = Query(ControlMessage.Get, out ReadOnlySpan<byte> payload);
        status = default;
        return error != Errno.None ? error : AuditStatus.TryRead(payload, out status) ? Errno.None : Errno.EPROTO;
    }

    /// <inheritdoc/>
    public Errno SetStatus(in AuditStatus status)
    {
        if ((status.Mask & (AuditStatusMask.Pid | AuditStatusMask.Lost | AuditStatusMask.BacklogWaitTimeActual)) != 0)
            throw new ArgumentException($"{status.Mask} cannot be set this way", nameof(status));
        Span<byte> payload = stackalloc byte[AuditStatus.Size];
        status.Write(payload);
        return Command(ControlMessage.Set, payload, out _);
    }

    /// <inheritdoc/>
    public Errno ResetCounter(AuditStatusMask counter, out uint previous)
    {
        if (counter is not (AuditStatusMask.Lost or AuditStatusMask.BacklogWaitTimeActual))
            throw new ArgumentException($"{counter} is not a counter", nameof(counter));
        Span<byte> payload = stackalloc byte[AuditStatus.Size];
        new AuditStatus { Mask = counter }.Write(payload);
        // The kernel returns the old count where other requests return 0.
        Errno error = Command(ControlMessage.Set, payload, out int answer);
        previous = error == Errno.None ? (uint)answer : 0;
        return error;
    }

    /// <inheritdoc/>
    public Errno GetFeatures(out AuditFeatures features)
    {
        Errno error = Query(ControlMessage.GetFeature, out ReadOnlySpan<byte> payload);
        features = default;
        return error != Errno.None ? error : AuditFeatures.TryRead(payload, out features) ? Errno.None : Errno.EPROTO;
    }

    /// <inheritdoc/>
    public Errno SetFeatures(in AuditFeatures features)
    {
        Span<byte> payload = stackalloc byte[AuditFeatures.Size];
        (features with { Version = 1 }).Write(payload);
        return Command(ControlMessage.SetFeature, payload, out _);
    }

    /// <summary>AUDIT_SIGNAL_INFO: who last sent the audit daemon SIGHUP, SIGTERM, SIGUSR1 or SIGUSR2.</summary>
    public Errno GetSignalInfo(out SignalInfo info)
    {
        Errno error = Query(ControlMessage.SignalInfo, out ReadOnlySpan<byte> payload);
        info = default;
        return error != Errno.None ? error : SignalInfo.TryRead(payload, out info) ? Errno.None : Errno.EPROTO;
    }

    /// <summary>
    /// Sends a user-space message, which the kernel stamps and passes on as a record; needs CAP_AUDIT_WRITE. While auditing is off it is dropped without an error.
    /// </summary>
    /// <param name="type">1100 to 1199 or 2100 to 2999.</param>
    /// <param name="text">At most 8,559 bytes of UTF-8 without a NUL.</param>
    /// <exception cref="ArgumentException">The type or the length is out of range.</exception>
    public Errno SendUserMessage(ushort type, ReadOnlySpan<byte> text)
    {
        if (type is not ((>= 1100 and <= 1199) or (>= 2100 and <= 2999))) throw new ArgumentOutOfRangeException(nameof(type), type, "not a user-space type");
        if (text.Length > 8559) throw new ArgumentException("longer than 8,559 bytes", nameof(text));
        // The kernel overwrites the last byte with a NUL.
        byte[] terminated = [.. text, 0];
        return Command((ControlMessage)type, terminated, out _);
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _socket.Dispose();
}
