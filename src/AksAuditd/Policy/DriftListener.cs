using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Policy;

/// <summary>
/// Hears of a change of the audit configuration when it is made: a copy of the kernel's CONFIG_CHANGE records from the multicast group, and of nothing else. Where that is not
/// allowed (capability AUDIT_READ) or not heard (another network namespace than the node's), the poll finds the same changes later.
/// </summary>
internal sealed class DriftListener : IDisposable
{
    private const ushort ConfigChange = 1305;
    // Each look costs: an idle node should not have many.
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private readonly AuditEventSocket _socket;
    private readonly Thread _thread;
    private volatile bool _ended;

    private DriftListener(AuditEventSocket socket, Action changed, ILogger log)
    {
        _socket = socket;
        _thread = new Thread(() => Hear(changed, log)) { IsBackground = true, Name = "drift" };
    }

    /// <summary>Starts to listen; null, and a line in the log, where it cannot.</summary>
    public static DriftListener? TryStart(Action changed, ILogger log)
    {
        try
        {
            DriftListener listener = new(AuditEventSocket.Listen(onlyType: ConfigChange), changed, log);
            listener._thread.Start();
            return listener;
        }
        catch (LinuxException e)
        {
            log.LogInformation("drift is found at each poll, not at once: {Reason}", e.Message);
            return null;
        }
    }

    public void Dispose()
    {
        _ended = true;
        // It may wait in the kernel for a minute more; then, or with the process, it ends.
        if (_thread.Join(0)) _socket.Dispose();
    }

    private void Hear(Action changed, ILogger log)
    {
        byte[] buffer = new byte[AuditEventSocket.MaxMessage];
        try
        {
            while (!_ended)
            {
                // An overrun has dropped changes: that is a reason to look too.
                if (_socket.Receive(buffer, Look, out _) is not ReceiveStatus.TimedOut && !_ended) changed();
            }
        }
        catch (LinuxException e)
        {
            log.LogWarning("drift is found at each poll from now on, not at once: {Reason}", e.Message);
        }
    }
}
