namespace LinuxAudit.Kernel;

/// <summary>Chooses which rules of a list stay where they are.</summary>
internal static class KeptRun
{
    // Kernel messages a move takes: understudy in, rule out, rule in, understudy out; a suppressor has no understudy.
    private const int RecorderMove = 4;
    private const int SuppressorMove = 2;

    /// <summary>
    /// The run [start, end) of <paramref name="wanted"/> to keep. Rules are added at the head and at the end only, so what is kept is a run of
    /// wanted rules in their order in the kernel. Of those whose head can be put there without losing an event, the one with the least to move.
    /// Linear in the number of rules.
    /// </summary>
    /// <param name="current">The kernel's rules.</param>
    /// <param name="wanted">The wanted rules, distinct.</param>
    /// <param name="positions">Where each rule stands in the kernel.</param>
    public static (int Start, int End) Choose(ReadOnlySpan<KernelRule> current, ReadOnlySpan<KernelRule> wanted, Dictionary<KernelRule, int> positions)
    {
        int lastStart = LongestHead(current, wanted);
        Cost total = default;
        foreach (KernelRule rule in wanted) total += Move(rule, positions, atHead: false);

        (int Start, int End) best = (0, 0);
        Cost least = total, before = default, beforeAtHead = default;
        int start = 0;
        while (start < wanted.Length && start <= lastStart)
        {
            int end = start, last = -1;
            Cost run = default;
            while (end < wanted.Length && positions.TryGetValue(wanted[end], out int position) && position > last)
            {
                last = position;
                run += Move(wanted[end++], positions, atHead: false);
            }
            if (end > start)
            {
                Cost cost = beforeAtHead + (total - before - run);
                if (cost.IsLessThan(least)) (best, least) = ((start, end), cost);
            }
            int next = Math.Max(end, start + 1);
            for (; start < next; start++)
            {
                before += Move(wanted[start], positions, atHead: false);
                beforeAtHead += Move(wanted[start], positions, atHead: true);
            }
        }
        return best;
    }

    /// <summary>
    /// How many of the first wanted rules may be prepended: suppressors, then recording rules. A suppressor that comes behind a recording rule would for
    /// a moment stand before everything, and take events from those behind it that the recording rule is there to record. Unless it takes only what
    /// is not recorded now either: it stands before all recording rules now, or there are none on a list that records nothing by itself.
    /// </summary>
    private static int LongestHead(ReadOnlySpan<KernelRule> current, ReadOnlySpan<KernelRule> wanted)
    {
        int recorder = 0;
        while (recorder < current.Length && current[recorder].Suppresses) recorder++;
        // Only exit (4) and io_uring (7); the others let pass what no rule matches.
        if (recorder == current.Length && wanted.Length > 0 && wanted[0].List is (4 or 7)) return wanted.Length;
        HashSet<KernelRule> harmless = [.. current[..recorder]];
        int i = 0;
        while (i < wanted.Length && wanted[i].Suppresses) i++;
        while (i < wanted.Length && (!wanted[i].Suppresses || harmless.Contains(wanted[i]))) i++;
        return i;
    }

    private static Cost Move(KernelRule rule, Dictionary<KernelRule, int> positions, bool atHead) =>
        !positions.ContainsKey(rule) ? default
        : rule.Suppresses ? new Cost(SuppressorMove, 0)
        : new Cost(RecorderMove, atHead ? 1 : 0);

    /// <summary>Messages, and among equals waits for searches (one for each recording rule that is moved to the head).</summary>
    private readonly record struct Cost(int Messages, int Waits)
    {
        public static Cost operator +(Cost a, Cost b) => new(a.Messages + b.Messages, a.Waits + b.Waits);

        public static Cost operator -(Cost a, Cost b) => new(a.Messages - b.Messages, a.Waits - b.Waits);

        public bool IsLessThan(Cost other) => Messages < other.Messages || (Messages == other.Messages && Waits < other.Waits);
    }
}
