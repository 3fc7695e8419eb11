using System.Globalization;
using PodLookup;

// PodLookup    what a look at a process and an event of a known process cost, on this machine's processes
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return LookCost.Run();
