using System.Diagnostics;

namespace Fuzz;

/// <summary>The cases of one target, each with a seed of its own that follows from the run's seed.</summary>
internal sealed class TargetRun(FuzzTarget target, int seed, Watchdog watchdog)
{
    private readonly HashSet<string> _kinds = [];

    public FuzzTarget Target => target;

    /// <summary>Number of cases so far.</summary>
    public int Cases { get; private set; }

    /// <summary>Number of kinds of findings: of those that fail in the same place only the first is printed.</summary>
    public int Findings => _kinds.Count;

    /// <summary>Tries cases for so long, at least one.</summary>
    public void Turn(TimeSpan length)
    {
        Stopwatch time = Stopwatch.StartNew();
        do
        {
            int own = unchecked(seed + Cases++);
            watchdog.Begin(target.Name, own);
            try
            {
                target.Case(new Random(own));
            }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_kinds.Add($"{e.GetType()} {e.StackTrace?.Split('\n').FirstOrDefault(l => !l.Contains("FindingException", StringComparison.Ordinal))}"))
                    Console.WriteLine($"FINDING {target.Name}, again with: Fuzz 0 {own} {target.Name}\n{e}\nthe text made last: {System.Text.Json.JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(Mutator.Last))}");
            }
            finally
            {
                watchdog.End();
            }
        }
        while (time.Elapsed < length);
    }
}
