using AksAuditd.Events.Delivery.Interop;
using AksAuditd.Node.Interop;
using LinuxAudit.Interop;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Standard output, a line each. Never blocks, also where the descriptor does: poll(2) says that a pipe has room for <see cref="Chunk"/> bytes, and no more
/// than that is written at once.
/// </summary>
internal sealed class StdoutSink(int descriptor = 1, int maximumLine = StdoutSink.DefaultMaximumLine) : ISink
{
    /// <summary>Container runtimes break lines that are longer than 16 KiB.</summary>
    public const int DefaultMaximumLine = (16 * 1024) - 1;

    // PIPE_BUF.
    private const int Chunk = 4096;
    private const Errno BrokenPipe = (Errno)32;
    private readonly OutputBuffer _output = new(new PlainFormat(), maximumLine);
    private bool _closed;

    public string Name => "stdout";

    public int MaximumLine => maximumLine;

    public string? Error { get; private set; }

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        if (_closed) return SendState.Closed;
        if (_output.IsEmpty && !_output.Fill(lines)) return SendState.Refused;
        while (!_output.IsEmpty)
        {
            short happened = SinkCalls.Poll(descriptor, SinkCalls.PollOut, 0);
            if (happened == 0) return SendState.Busy;
            ReadOnlySpan<byte> chunk = _output.Unwritten;
            if (chunk.Length > Chunk) chunk = chunk[..Chunk];
            nint written = FileCalls.Write(descriptor, chunk, chunk.Length);
            if (written < 0)
            {
                Errno errno = SinkCalls.LastError;
                if (errno == Errno.EINTR) continue;
                if (errno == Errno.EAGAIN) return SendState.Busy;
                Error = $"write: {errno.Describe()}";
                _closed = errno is BrokenPipe or Errno.EBADF;
                return _closed ? SendState.Closed : SendState.Down;
            }

            Error = null;
            taken += _output.Advance((int)written);
        }

        return SendState.Sent;
    }

    public void Wait(int milliseconds) => SinkCalls.Poll(descriptor, SinkCalls.PollOut, milliseconds);

    public void Forget()
    {
        // The reader has the half of a line already: a newline at least keeps the next one apart.
        if (_output.IsInsideLine) FileCalls.Write(descriptor, "\n"u8, 1);
        _output.Clear();
    }

    public void Reopen()
    {
        // It was given to us open.
    }

    public void Dispose()
    {
        // Not ours to close.
    }
}
