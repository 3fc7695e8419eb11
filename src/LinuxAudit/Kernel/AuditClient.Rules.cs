using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

// The rule lists.
public sealed partial class AuditClient
{
    // Every try that fails has seen messages dropped or has made the buffer larger; a kernel that still cannot give its list is out of order.
    private const int ListAttempts = 8;

    // The kernel's answers have to fit into the receive buffer, and the rules into the send buffer: 208 KiB each where nobody set them otherwise.
    private const int StepsPerMessage = 160;
    private const int BytesPerMessage = 192 * 1024;

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

    /// <summary>AUDIT_ADD_RULE: adds one rule at the end of its list, or at its head when <see cref="KernelRule.IsPrepend"/>. EEXIST when the list has it already.</summary>
    public Errno AddRule(KernelRule rule) => Command(ControlMessage.AddRule, Bytes(rule), out _);

    /// <summary>AUDIT_DEL_RULE: deletes one rule, the first one where the list has it twice. ENOENT when there is none.</summary>
    // With the flag for the head of the list the kernel finds no rule: the ones it holds have lost theirs.
    public Errno DeleteRule(KernelRule rule) => Command(ControlMessage.DeleteRule, Bytes(rule.WithPrepend(false)), out _);

    /// <inheritdoc/>
    public void ChangeRules(ReadOnlySpan<RuleStep> steps, Span<Errno> answers)
    {
        if (answers.Length != steps.Length) throw new ArgumentException("not as many as there are steps", nameof(answers));
        while (!steps.IsEmpty)
        {
            int taken = ChangeTogether(steps, answers);
            steps = steps[taken..];
            answers = answers[taken..];
        }
    }

    /// <inheritdoc/>
    public void WaitForSearches()
    {
        // The lists are read under RCU; this waits for a grace period. It does nothing on one processor and is refused with nohz_full:
        // then time, many times what a search takes, has to do.
        if (Environment.ProcessorCount == 1 || BarrierCalls.WaitForGracePeriod() != Errno.None) Thread.Sleep(50);
    }

    // One message, which the kernel works through before it is looked at whether the sender is to die. Returns how many steps were in it.
    private int ChangeTogether(ReadOnlySpan<RuleStep> steps, Span<Errno> answers)
    {
        // The numbers of one message run on: they do not pass 0.
        if (_sequence > uint.MaxValue - StepsPerMessage) _sequence = 0;
        uint first = _sequence + 1;
        int count = 0, length = 0;
        while (count < steps.Length && count < StepsPerMessage)
        {
            bool deletes = steps[count].Kind == RuleStepKind.Delete;
            // With the flag for the head of the list the kernel finds no rule to delete.
            ReadOnlySpan<byte> rule = Bytes(steps[count].Rule.WithPrepend(steps[count].Kind == RuleStepKind.Prepend));
            int needed = NetlinkHeader.Aligned(NetlinkHeader.Size + rule.Length);
            if (count > 0 && length + needed > BytesPerMessage) break;
            Append((ushort)(deletes ? ControlMessage.DeleteRule : ControlMessage.AddRule), NetlinkHeader.FlagRequest | NetlinkHeader.FlagAck, rule, length);
            length += needed;
            count++;
        }

        Errno error = _socket.Send(_request.AsSpan(0, length));
        answers[..count].Fill(error);
        if (error == Errno.None) ReadAnswers(first, answers[..count]);
        return count;
    }

    private void ReadAnswers(uint first, Span<Errno> answers)
    {
        Deadline deadline = Deadline.After(_timeout);
        for (int i = 0; i < answers.Length; i++)
        {
            Errno error = NextReply(first + (uint)i, deadline, out NetlinkHeader header, out ReadOnlySpan<byte> reply);
            if (error != Errno.None)
            {
                answers[i..].Fill(error);
                return;
            }

            answers[i] = header.Type != NetlinkHeader.TypeError || !NetlinkHeader.TryReadAnswer(reply, out int answer) ? Errno.EPROTO : (Errno)(-answer);
        }
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
