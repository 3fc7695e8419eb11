using System.Runtime.CompilerServices;
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

    // Before xunit's own entry point; without the variable it does nothing.
#pragma warning disable CA2255 // not a library
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } job) return;
        Console.WriteLine(job switch
        {
            "get-status" => GetStatus(),
            _ => "unknown job",
        });
        Environment.Exit(0);
    }

    private static string GetStatus()
    {
        using AuditClient client = AuditClient.Open();
        return client.GetStatus(out _).ToString();
    }
}
