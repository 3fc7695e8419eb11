using System.Globalization;
using NoEventLost;

// NoEventLost CHANGES OTHER-CHANGES RATE [SEED]: our way with CHANGES policies, the others with OTHER-CHANGES each.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [string changes, string otherChanges, string rate, .. string[] rest] || rest.Length > 1)
{
    Console.Error.WriteLine("usage: NoEventLost CHANGES OTHER-CHANGES RATE [SEED]");
    return 2;
}

int seed = rest.Length == 1 ? int.Parse(rest[0]) : Random.Shared.Next();
Console.WriteLine($"{rate} processes a second wanted, seed {seed}");
Console.WriteLine($"{"way",-32}{"changes",9}{"processes",11}{"a second",10}{"missing",9}{"kernel's lost",15}{"median ms",11}{"max ms",9}");
bool failed = false;
foreach (string way in Harness.Ways)
{
    bool ours = way == "difference";
    int count = int.Parse(ours ? changes : otherChanges);
    if (count == 0) continue;
    Measurement m = Harness.Run(way, count, int.Parse(rate), seed);
    Console.WriteLine($"{m.Way,-32}{m.Changes,9}{m.Processes,11}{m.PerSecond,10:F0}{m.Missing,9}{m.KernelLost,15}{m.MedianMilliseconds,11:F1}{m.MaximumMilliseconds,9:F1}");
    if (ours && (m.Missing > 0 || m.PerSecond < 500)) failed = true;
}

if (failed) Console.Error.WriteLine("no-event-lost: the ordered difference missed events, or the load was less than 500 processes a second");
return failed ? 1 : 0;
