using System.Diagnostics;
using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace PodLookup;

/// <summary>CPU time of one question, and bytes allocated by it.</summary>
internal static class LookCost
{
    public static int Run()
    {
        using ProcFiles proc = new("/proc");
        if (!proc.IsUsable)
        {
            Console.Error.WriteLine("PodLookup: not in the initial pid namespace");
            return 3;
        }

        uint self = (uint)Environment.ProcessId;
        Measure("look at a process", 100_000, () => proc.TryLook(self, out _));
        Measure("look at one that has gone", 100_000, () => proc.TryLook(4_000_000, out _));
        Measure("executable of a process", 100_000, () => _ = proc.Executable(self).Length);
        Measure("forks since boot", 10_000, () => proc.Forks());
        Stopwatch start = Stopwatch.StartNew();
        using PodContext context = new(new PodContextOptions(), TimeProvider.System);
        Console.WriteLine($"{"all processes at the start",-32}{start.Elapsed.TotalMilliseconds,10:F1} ms for {context.Counters.Processes}");
        EventFacts facts = Exec(self, 1);
        Measure("an event of a known process", 1_000_000, () => context.Resolve(facts));
        return 0;
    }

    private static EventFacts Exec(uint pid, uint parent)
    {
        EventAssembler assembler = new();
        assembler.Add(Encoding.ASCII.GetBytes($"type=SYSCALL msg=audit({DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.000:1): arch=c000003e syscall=59 success=yes exit=0 ppid={parent} pid={pid} comm=\"x\" exe=\"/bin/x\""));
        assembler.Flush();
        assembler.TryTake(out AuditEvent? auditEvent);
        EventFacts facts = new();
        facts.Read(auditEvent!);
        return facts;
    }

    private static void Measure(string what, int times, Action action)
    {
        for (int i = 0; i < 2000; i++) action();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++) action();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Console.WriteLine($"{what,-32}{cpu.TotalMicroseconds / times,10:F2} µs{(double)bytes / times,10:F2} bytes allocated");
    }
}
