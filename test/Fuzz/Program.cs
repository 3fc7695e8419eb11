using System.Diagnostics;
using System.Globalization;
using Fuzz;

// Fuzz MINUTES [SEED [TARGET]]: all targets in turn until the time is over; a line for each: its name, cases, findings. Exit code 1 when there are any.
// One case again: Fuzz 0 CASE-SEED TARGET.
if (args.Length is < 1 or > 3 || !double.TryParse(args[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes)
    || !int.TryParse(args.Length > 1 ? args[1] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
{
    Console.Error.WriteLine("usage: Fuzz MINUTES [SEED [TARGET]]");
    return 2;
}

FuzzTarget[] targets = [.. FuzzTargets.All.Where(t => args.Length < 3 || t.Name == args[2])];
if (targets.Length == 0)
{
    Console.Error.WriteLine($"no target is called '{args[2]}'; there are: {string.Join(' ', FuzzTargets.All.Select(t => t.Name))}");
    return 2;
}

Console.WriteLine($"seed {seed}, {args[0]} minutes");
using Watchdog watchdog = new(TimeSpan.FromMinutes(2));
Stopwatch time = Stopwatch.StartNew();
TargetRun[] runs = [.. targets.Select(t => new TargetRun(t, seed, watchdog))];
do
{
    foreach (TargetRun run in runs) run.Turn(minutes == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
}
while (time.Elapsed.TotalMinutes < minutes);

foreach (TargetRun run in runs) Console.WriteLine($"{run.Target.Name,-18} {run.Cases,10} cases {run.Findings,4} findings");
Console.WriteLine($"{runs.Sum(r => r.Cases)} cases, {runs.Sum(r => r.Findings)} findings, {time.Elapsed.TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} minutes");
return runs.Any(r => r.Findings > 0) ? 1 : 0;
