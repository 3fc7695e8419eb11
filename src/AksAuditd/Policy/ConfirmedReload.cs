using AksAuditd.Node;
using LinuxAudit.Records;

namespace AksAuditd.Policy;

/// <summary>What became of a SIGHUP.</summary>
internal enum ReloadAnswer
{
    /// <summary>auditd has read its files.</summary>
    Taken,

    /// <summary>It has not said so in time, and need not: it may write elsewhere, or nowhere.</summary>
    Unsaid,

    /// <summary>It says that it has read nothing: it was busy or stood still, and listens.</summary>
    NotRead,

    /// <summary>It says nothing, which is what it does with a file that it refuses, and while it stands still.</summary>
    Silent,
}

/// <summary>
/// SIGHUP, and auditd's answer to it in its log. It is needed: an auditd that does not get the kernel's word about who sent the signal in time, as on a busy
/// machine, answers "no-change" and has read nothing (3.0.9). Then it is sent again.
/// </summary>
internal sealed class ConfirmedReload(IAuditService service)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // One that stands still answers when it goes on.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(10);

    /// <summary>Sends it until auditd says that it has read its files.</summary>
    /// <param name="auditLog">Where auditd writes that.</param>
    /// <param name="mustAnswer">Whether it is sent again when there is no answer; false where auditd may write elsewhere, or nowhere.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The answer to the last of three, or to an earlier one that comes late.</returns>
    /// <exception cref="NodeException">auditd does not run.</exception>
    public async Task<ReloadAnswer> SendAsync(string auditLog, bool mustAnswer, CancellationToken cancel)
    {
        bool? answer = null;
        long from = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            from = LogTail.Length(auditLog);
            await service.ReloadAsync(cancel).ConfigureAwait(false);
            bool? next = await AnswerAsync(auditLog, from, Patience, cancel).ConfigureAwait(false);
            if (next == true) return ReloadAnswer.Taken;
            if (next is null && !mustAnswer) return ReloadAnswer.Unsaid;
            answer ??= next;
        }

        answer ??= await AnswerAsync(auditLog, from, LastPatience, cancel).ConfigureAwait(false);
        return answer switch { true => ReloadAnswer.Taken, false => ReloadAnswer.NotRead, null => ReloadAnswer.Silent };
    }

    private static async Task<bool?> AnswerAsync(string auditLog, long from, TimeSpan patience, CancellationToken cancel)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            await Task.Delay(20, cancel).ConfigureAwait(false);
            if (Answer(LogTail.ReadLines(auditLog, ref from)) is { } answer) return answer;
        }

        return null;
    }

    // DAEMON_CONFIG … op=reconfigure state=changed …
    private static bool? Answer(ReadOnlySpan<byte> lines)
    {
        bool? answer = null;
        foreach (Range line in lines.Split((byte)'\n'))
        {
            if (AuditRecord.TryParse(lines[line], out AuditRecord record) && record.Type == RecordType.DaemonConfig && record.TryGetField("state"u8, out Field state))
                answer = state.Value.SequenceEqual("changed"u8);
        }

        return answer;
    }
}
