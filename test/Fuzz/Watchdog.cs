namespace Fuzz;

/// <summary>Ends the program with a finding when a case takes longer than it may.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Timer _timer;
    private readonly TimeSpan _limit;
    private volatile string _case = "";

    public Watchdog(TimeSpan limit)
    {
        _limit = limit;
        _timer = new(_ =>
        {
            Console.WriteLine($"FINDING {_case}: takes longer than {limit}");
            Environment.Exit(1);
        });
    }

    /// <summary>A case begins.</summary>
    public void Begin(string target, int seed)
    {
        _case = $"{target} {seed}";
        _timer.Change(_limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has ended.</summary>
    public void End() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
