using AksAuditd.Node;
using LinuxAudit.Records;

namespace AksAuditd.Policy;

/// <summary>
/// SIGHUP, and auditd's answer to it in its log. It is needed: an auditd that does not get the kernel's word about who sent the signal in time, as on a busy
/// machine, answers "no-change" and has read nothing (3.0.9). Then it is sent again.
/// </summary>
internal sealed class ConfirmedReload(IAuditService service)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Sends it until auditd says that it has read its files.</summary>
    /// <param name="auditLog">Where auditd writes that.</param>
    /// <param name="mustAnswer">Whether it is sent again when there is no answer; false where auditd may write elsewhere, or nowhere.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>False when auditd, asked three times, has not read them.</returns>
    /// <exception cref="NodeException">auditd does not run.</exception>
    public async Task<bool> SendAsync(string auditLog, bool mustAnswer, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long from = LogTail.Length(auditLog);
            await service.ReloadAsync(cancel).ConfigureAwait(false);
            if (await AnswerAsync(auditLog, from, cancel).ConfigureAwait(false) ?? !mustAnswer) return true;
        }

        return false;
    }

    private static async Task<bool?> AnswerAsync(string auditLog, long from, CancellationToken cancel)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            await Task.Delay(20, cancel).ConfigureAwait(false);
            if (LogTail.Read(auditLog, from) is { } tail && Answer(tail) is { } answer) return answer;
        }

        return null;
    }

    // DAEMON_CONFIG … op=reconfigure state=changed …
    private static bool? Answer(byte[] tail)
    {
        bool? answer = null;
        foreach (Range line in tail.AsSpan().Split((byte)'\n'))
        {
            if (AuditRecord.TryParse(tail.AsSpan()[line], out AuditRecord record) && record.Type == RecordType.DaemonConfig && record.TryGetField("state"u8, out Field state))
                answer = state.Value.SequenceEqual("changed"u8);
        }

        return answer;
    }
}
