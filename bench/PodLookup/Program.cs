using System.Globalization;
using PodLookup;

// PodLookup cost                          what a look and a known process cost, on this machine's processes
// PodLookup watch LOG-DIRECTORY OUTPUT    exec events with the argument mark=POD as they come, judged at the end (SIGTERM); LOG-DIRECTORY has pods/ and containers/
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["cost"] => LookCost.Run(),
    ["watch", string logs, string output] => ExecWatch.Run(logs, output),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: PodLookup cost | watch LOG-DIRECTORY OUTPUT");
    return 2;
}
