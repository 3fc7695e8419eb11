namespace AksAuditd.Policy;

/// <summary>
/// Keeps two programs that repair each other's rules from fighting for ever: after <see cref="Patience"/> repairs within <see cref="Window"/> the next one waits,
/// twice as long each time, half an hour at the most. A quiet window forgets.
/// </summary>
internal sealed class DriftGuard(TimeProvider clock)
{
    /// <summary>Repairs within <see cref="Window"/> that are made at once.</summary>
    public const int Patience = 5;

    /// <summary>How long a repair counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly RetryBackoff _backoff = new(clock, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(30));
    private readonly Queue<long> _repairs = new();

    /// <summary>Whether a repair may be made now.</summary>
    public bool MayRepair => _backoff.IsDue;

    /// <summary>Notes a repair.</summary>
    /// <returns>How long the next one has to wait; null when it need not.</returns>
    public TimeSpan? Repaired()
    {
        while (_repairs.TryPeek(out long oldest) && clock.GetElapsedTime(oldest) > Window) _repairs.Dequeue();
        if (_repairs.Count == 0) _backoff.Succeeded();
        _repairs.Enqueue(clock.GetTimestamp());
        return _repairs.Count >= Patience ? _backoff.Failed() : null;
    }
}
