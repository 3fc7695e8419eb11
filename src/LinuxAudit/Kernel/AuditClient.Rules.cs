using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

// The rule lists.
public sealed partial class AuditClient
{
    // Every try that fails has seen messages dropped or has made the buffer larger; a kernel that still cannot give its list is out of order.
    private const int ListAttempts = 8;

    /// <inheritdoc/>
    public Errno ListRules(out IReadOnlyList<KernelRule> rules)
    {
        Errno error = Errno.None;
        for (int attempt = 0; attempt < ListAttempts; attempt++)
        {
            error = ListOnce(out List<KernelRule> list);
            rules = list;
            switch (error)
            {
                case Errno.None: return error;
                // The list was torn: messages dropped, longer than the buffer was, or the kernel says so. The rest of it has an old sequence number.
                case Errno.ENOBUFS or Errno.EMSGSIZE or Errno.EINTR: continue;
                default: rules = []; return error;
            }
        }
        rules = [];
        return error;
    }

    /// <inheritdoc/>
    public Errno AddRule(KernelRule rule) => Command(ControlMessage.AddRule, Bytes(rule), out _);

    /// <inheritdoc/>
    // With the flag for the head of the list the kernel finds no rule: the ones it holds have lost theirs.
    public Errno DeleteRule(KernelRule rule) => Command(ControlMessage.DeleteRule, Bytes(rule.WithPrepend(false)), out _);

    /// <inheritdoc/>
    public void WaitForSearches()
    {
        // The lists are read under RCU; this waits for a grace period. It does nothing on one processor and is refused with nohz_full:
        // then time, many times what a search takes, has to do.
        if (Environment.ProcessorCount == 1 || BarrierCalls.WaitForGracePeriod() != Errno.None) Thread.Sleep(50);
    }

    private Errno ListOnce(out List<KernelRule> rules)
    {
        rules = [];
        Errno error = Send((ushort)ControlMessage.ListRules, NetlinkHeader.FlagRequest, []);
        if (error != Errno.None) return error;
        // One deadline for the whole list: a reader that is slow holds nobody up but the kernel's own thread for it.
        Deadline deadline = Deadline.After(_timeout);
        while (true)
        {
            error = NextReply(deadline, out NetlinkHeader header, out ReadOnlySpan<byte> payload);
            if (error != Errno.None) return error;
            if ((header.Flags & NetlinkHeader.FlagDumpInterrupted) != 0) return Errno.EINTR;
            if (header.Type == NetlinkHeader.TypeDone) return Errno.None;
            if (header.Type != (ushort)ControlMessage.ListRules) return AsError(header, payload);
            if (!KernelRule.IsWhole(payload, out int length)) return Errno.EPROTO;
            rules.Add(new KernelRule(payload[..length].ToArray()));
        }
    }

    private static ReadOnlySpan<byte> Bytes(KernelRule rule) =>
        rule.Data.IsEmpty ? throw new ArgumentException("an empty rule", nameof(rule)) : rule.Data.Span;
}
