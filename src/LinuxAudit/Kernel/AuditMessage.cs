namespace LinuxAudit.Kernel;

/// <summary>How a wait for an audit record ended.</summary>
public enum ReceiveStatus
{
    /// <summary>There is a message.</summary>
    Message,
    /// <summary>There was none within the time.</summary>
    TimedOut,
    /// <summary>The kernel dropped one or more messages because this socket's buffer was full. The next wait goes on behind the gap.</summary>
    Overrun,
    /// <summary>A message was longer than the caller's buffer and is gone; with <see cref="AuditEventSocket.MaxMessage"/> bytes that cannot happen.</summary>
    Truncated,
}

/// <summary>One audit record as it comes from the kernel. Good as long as the buffer it was received into is left alone.</summary>
public readonly ref struct AuditMessage
{
    internal AuditMessage(ushort type, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Payload = payload;
    }

    /// <summary>The record type of <c>linux/audit.h</c>, such as 1300 for SYSCALL.</summary>
    public ushort Type { get; }

    /// <summary>The record's text, from <c>audit(</c> on, without a line end. Bytes of any value but NUL at the end.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
