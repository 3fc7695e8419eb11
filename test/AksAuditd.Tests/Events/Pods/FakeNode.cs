using System.Globalization;
using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Pods;
using AksAuditd.Tests.Support;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events.Pods;

/// <summary>A /proc and log directories in files, and a clock that is moved by hand. The node was booted 1,000 s before the clock's start.</summary>
internal sealed class FakeNode : TimeProvider, IDisposable
{
    public const string HostGroup = "0::/system.slice/cron.service\n";
    private readonly TempDirectory _directory = new();
    private readonly EventAssembler _assembler = new();
    private long _milliseconds;
    private int _serial;

    public FakeNode(string pidNamespace = "pid:[4026531836]")
    {
        foreach (string name in (string[])["proc/self/ns", "proc/sys/kernel", "pods", "containers"]) Directory.CreateDirectory(_directory[name]);
        File.CreateSymbolicLink(_directory["proc/self/ns/pid"], pidNamespace);
        File.CreateSymbolicLink(_directory["proc/self/ns/cgroup"], "cgroup:[4026531835]");
        _directory.Write("proc/sys/kernel/pid_max", "32768\n");
        Forks(5000);
        Wait(0);
    }

    public PodContextOptions Options => new()
    {
        ProcDirectory = _directory["proc"],
        PodLogs = _directory["pods"],
        ContainerLogs = _directory["containers"],
        ControlGroups = null,
        MaxProcesses = 64,
    };

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _milliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + _milliseconds);

    public static string Group(char container, string pod = "a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80") => $"8:pids:/kubepods/besteffort/pod{pod}/{Id(container)}\n0::/\n";

    public static string Id(char container) => new(container, 64);

    public void Wait(long milliseconds)
    {
        _milliseconds += milliseconds;
        _directory.Write("proc/uptime", FormattableString.Invariant($"{1000 + _milliseconds / 1000.0:0.00} 1.00\n"));
    }

    public void Forks(long count) => _directory.Write("proc/stat", $"cpu 1 2 3\nintr {new string('7', 20_000)}\nctxt 1\nbtime 1\nprocesses {count}\nprocs_running 1\n");

    /// <summary>A living process, started so many ms before now.</summary>
    public void Process(uint pid, string group, string command = "sh", long age = 50, uint parent = 1, string executable = "/bin/sh", char state = 'S', int flags = 4194304)
    {
        Directory.CreateDirectory(_directory[$"proc/{pid}"]);
        _directory.Write($"proc/{pid}/cgroup", group);
        long started = (1_000_000 + _milliseconds - age) / 10;
        _directory.Write($"proc/{pid}/stat", $"{pid} ({command}) {state} {parent} 1 1 0 -1 {flags} 9 0 0 0 0 0 0 0 20 0 1 0 {started} 1 2 3\n");
        File.Delete(_directory[$"proc/{pid}/exe"]);
        File.CreateSymbolicLink(_directory[$"proc/{pid}/exe"], executable);
    }

    public void End(uint pid) => Directory.Delete(_directory[$"proc/{pid}"], recursive: true);

    public void PodDirectory(string name) => Directory.CreateDirectory(_directory[$"pods/{name}"]);

    public void ContainerLink(string name) => File.CreateSymbolicLink(_directory[$"containers/{name}"], "/nowhere");

    /// <summary>An execve by a process, so many ms ago.</summary>
    public EventFacts Exec(uint pid, uint parent, string executable = "/bin/true", long age = 0)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"audit({(GetUtcNow().ToUnixTimeMilliseconds() - age) / 1000.0:0.000}:{++_serial})");
        Assert.True(_assembler.Add(Encoding.UTF8.GetBytes($"type=SYSCALL msg={id}: arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid={parent} pid={pid} auid=4294967295 uid=0 gid=0 comm=\"x\" exe=\"{executable}\" key=\"procmon\"")));
        _assembler.Flush();
        Assert.True(_assembler.TryTake(out AuditEvent? auditEvent));
        EventFacts facts = new();
        facts.Read(auditEvent!);
        auditEvent!.Dispose();
        return facts;
    }

    public void Dispose() => _directory.Dispose();
}
