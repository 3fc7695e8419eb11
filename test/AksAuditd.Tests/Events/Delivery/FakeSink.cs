using System.Text;
using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>A sink that does what a test wants and keeps what it took.</summary>
internal sealed class FakeSink : ISink
{
    private readonly List<string> _lines = [];
    private int _forgotten, _reopened;

    /// <summary>What <see cref="Send"/> answers when it takes nothing.</summary>
    public volatile SendState State = SendState.Sent;

    /// <summary>The most lines of one call.</summary>
    public volatile int Batch = int.MaxValue;

    public bool Keep { get; init; } = true;

    public int Forgotten => _forgotten;

    public int Reopened => _reopened;

    public long Taken;

    public string Name => "fake";

    public int MaximumLine { get; init; } = 8000;

    public string? Error => "as the test wants";

    public string[] Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public SendState Send(LineFrames lines, out int taken)
    {
        taken = 0;
        SendState state = State;
        if (state != SendState.Sent) return state;
        while (taken < Batch && lines.TryRead(out ReadOnlySpan<byte> line, out _))
        {
            if (line.StartsWith("refuse"u8))
            {
                state = SendState.Refused;
                break;
            }

            if (Keep)
            {
                lock (_lines) _lines.Add(Encoding.UTF8.GetString(line));
            }

            taken++;
        }

        Interlocked.Add(ref Taken, taken);
        return state;
    }

    public void Wait(int milliseconds) => Thread.Sleep(1);

    public void Forget() => _forgotten++;

    public void Reopen() => _reopened++;

    public void Dispose()
    {
    }
}
