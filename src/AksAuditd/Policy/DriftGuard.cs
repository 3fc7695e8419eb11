using AksAuditd.Configuration;

namespace AksAuditd.Policy;

/// <summary>
/// Keeps two programs that repair each other's work from fighting for ever: after <see cref="Patience"/> repairs of one thing within <see cref="Window"/> its next one
/// waits. Each thing is counted for itself, so a fight about one never delays the repair of another. In the kernel the wait is always <see cref="KernelWait"/>: longer, and a
/// fight would be a way to keep auditing off. A file waits twice as long each time, from <see cref="FirstFileWait"/> to <see cref="MostFileWait"/>. A quiet window after the
/// wait forgets.
/// </summary>
internal sealed class DriftGuard(TimeProvider clock)
{
    /// <summary>Repairs within <see cref="Window"/> that are made at once.</summary>
    public const int Patience = 5;

    /// <summary>How long a repair counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>How long rules and control values wait.</summary>
    public static readonly TimeSpan KernelWait = TimeSpan.FromSeconds(10);

    /// <summary>How long a file waits at first.</summary>
    public static readonly TimeSpan FirstFileWait = TimeSpan.FromSeconds(30);

    /// <summary>How long a file waits at the most.</summary>
    public static readonly TimeSpan MostFileWait = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Repairs> _things = new(StringComparer.Ordinal);

    /// <summary>How long the next repair of a thing still has to wait; zero when it may be made now.</summary>
    public TimeSpan Remaining(string thing) => _things.TryGetValue(thing, out Repairs? repairs) ? repairs.Backoff.Remaining : TimeSpan.Zero;

    /// <summary>Notes a repair.</summary>
    /// <param name="thing">What was repaired.</param>
    /// <param name="isFile">Whether it is a file, and not the kernel's.</param>
    /// <returns>What to say of a fight about it, one line; null when there is none.</returns>
    public string? Repaired(string thing, bool isFile)
    {
        // Names of files can be anybody's: what has been quiet does not stay in memory.
        foreach ((string old, Repairs quiet) in _things.ToArray())
            if (quiet.IsForgotten(clock)) _things.Remove(old);

        if (!_things.TryGetValue(thing, out Repairs? repairs))
            _things.Add(thing, repairs = new(isFile ? new(clock, FirstFileWait, MostFileWait) : new(clock, KernelWait, KernelWait)));
        if (repairs.Note(clock) is not { } wait) return null;
        string next = isFile ? $"{GoDuration.Format(wait)}, {GoDuration.Format(MostFileWait)} at the most" : $"{GoDuration.Format(wait)}, never longer";
        return $"{thing}: repaired {Patience} times within {GoDuration.Format(Window)} or again after that: somebody changes it back; its next repair waits {next}";
    }

    private sealed class Repairs(RetryBackoff backoff)
    {
        private readonly Queue<long> _recent = new();
        private long _last;
        private bool _fought;

        public RetryBackoff Backoff => backoff;

        public bool IsForgotten(TimeProvider clock) => backoff.IsDue && clock.GetElapsedTime(_last) > Window + backoff.Wait;

        public TimeSpan? Note(TimeProvider clock)
        {
            _last = clock.GetTimestamp();
            while (_recent.TryPeek(out long oldest) && clock.GetElapsedTime(oldest) > Window) _recent.Dequeue();
            _recent.Enqueue(_last);
            _fought |= _recent.Count >= Patience;
            return _fought ? backoff.Failed() : null;
        }
    }
}
