namespace AksAuditd.Events.Delivery;

/// <summary>
/// A lock for work that is over at once, with a bell for the one thread that sleeps. To leave it is a plain store: <see cref="Monitor"/> waits there until all
/// that was written before has left the processor, which for lines that another one has read last is most of what a lock costs.
/// </summary>
internal sealed class Gate
{
    private readonly object _bell = new();
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private bool _hasRung;

    /// <summary>Enters, until what it returns is disposed of. Not for a thread that is inside already.</summary>
    public Holder Enter()
    {
        Take();
        return new Holder(this);
    }

    /// <summary>Leaves, sleeps until <see cref="Ring"/> (it may have been before) or for so many milliseconds, and enters again.</summary>
    public void Wait(int milliseconds)
    {
        Leave();
        lock (_bell)
        {
            if (!_hasRung) Monitor.Wait(_bell, milliseconds);
            _hasRung = false;
        }

        Take();
    }

    /// <summary>Wakes the thread that sleeps, or that is about to.</summary>
    public void Ring()
    {
        lock (_bell)
        {
            _hasRung = true;
            Monitor.Pulse(_bell);
        }
    }

    private void Take()
    {
        bool taken = false;
        _lock.Enter(ref taken);
    }

    private void Leave() => _lock.Exit(useMemoryBarrier: false);

    /// <summary>Leaves the gate when it is disposed of.</summary>
    public readonly ref struct Holder(Gate gate)
    {
        public void Dispose() => gate.Leave();
    }
}
