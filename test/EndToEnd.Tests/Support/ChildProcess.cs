using System.Diagnostics;
using System.Runtime.CompilerServices;
using EndToEnd.Tests.Events.Delivery;
using LinuxAudit.Kernel;

namespace EndToEnd.Tests.Support;

/// <summary>This test program, started again to do one small thing in a process (and its namespaces) of its own.</summary>
internal static class ChildProcess
{
    private const string Variable = "AKS_AUDITD_TEST_CHILD";

    /// <summary>Runs <paramref name="job"/> under <paramref name="wrapper"/>, a command line that ends where the program begins; returns what it printed.</summary>
    public static string Run(string job, params string[] wrapper)
    {
        string[] command = ["env", $"{Variable}={job}", .. wrapper, "dotnet", typeof(ChildProcess).Assembly.Location];
        return AuditMachine.Run(command[0], command[1..]).Trim();
    }

    /// <summary>Starts <paramref name="job"/> and does not wait for it; its output is redirected.</summary>
    public static Process Start(string job)
    {
        ProcessStartInfo start = new("dotnet", [typeof(ChildProcess).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = job;
        return Process.Start(start)!;
    }

    // Before xunit's own entry point; without the variable it does nothing.
#pragma warning disable CA2255 // not a library
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } job) return;
        string[] words = job.Split(' ');
        switch (words[0])
        {
            case "get-status": Console.WriteLine(GetStatus()); break;
            case "fill-spool": KilledSpoolTests.Fill(words[1], int.Parse(words[2])); break;
            case "silent-peer": Console.WriteLine(SilentPeerTests.Run()); break;
            case "empty-spool": KilledSpoolTests.Empty(words[1], words[2]); break;
            default: Console.WriteLine("unknown job"); break;
        }

        Environment.Exit(0);
    }

    private static string GetStatus()
    {
        using AuditClient client = AuditClient.Open();
        return client.GetStatus(out _).ToString();
    }
}
