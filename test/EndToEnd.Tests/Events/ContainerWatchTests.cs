using System.Diagnostics;
using AksAuditd.Events.Pods;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events;

/// <summary>Control groups made here as a runtime makes them, and real processes in them.</summary>
public sealed class ContainerWatchTests : IDisposable
{
    private const string Uid = "a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80";
    private static readonly string Id = new('c', 64);

    // The hierarchy that is watched, and a directory in it that only tests use.
    private static readonly string Top = Path.Join(File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids", "kubepods-of-a-test");

    private readonly string _pod = Path.Join(Top, $"pod{Uid}");
    private readonly List<Process> _processes = [];

    public static string? Unusable { get; } = CanMake() ? null : "needs a control group hierarchy to write to";

    public static bool IsUsable => Unusable is null;

    private string Container => Path.Join(_pod, Id);

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        foreach (string path in (string[])[Container, _pod, Top])
            if (Directory.Exists(path)) Directory.Delete(path);
    }

    [Fact(Skip = "needs a control group hierarchy to write to", SkipUnless = nameof(IsUsable))]
    public void Joined_ContainerMadeLater_TellsOfItsProcesses()
    {
        using ContainerWatch watch = new("/proc", "/sys/fs/cgroup", TimeProvider.System);
        Process first = Sleep();
        // Until the watch has seen the root, a group made at once may come by the listing or by inotify: either way it must come.
        Directory.CreateDirectory(Container);
        Join(first);
        Assert.Equal(((uint)first.Id, Id, Uid), Next(watch));

        Process second = Sleep();
        Join(second);
        Assert.Equal(((uint)second.Id, Id, Uid), Next(watch));
    }

    [Fact(Skip = "needs a control group hierarchy to write to", SkipUnless = nameof(IsUsable))]
    public void Joined_ForkedByAProcessThatWasPutIn_IsToldToo()
    {
        using ContainerWatch watch = new("/proc", "/sys/fs/cgroup", TimeProvider.System);
        Directory.CreateDirectory(Container);
        // As runc does it: what is put in forks the one that matters, a moment later.
        Process shell = Start("/bin/sh", "-c", "read go; sleep 60 & wait");
        Join(shell);
        Assert.Equal((uint)shell.Id, Next(watch).Pid);
        shell.StandardInput.WriteLine("go");
        Eventually.True(() => File.ReadAllLines(Path.Join(Container, "cgroup.procs")).Length == 2, 5);
        uint child = uint.Parse(File.ReadAllLines(Path.Join(Container, "cgroup.procs")).Single(l => l != $"{shell.Id}"), System.Globalization.CultureInfo.InvariantCulture);
        _processes.Add(Process.GetProcessById((int)child));
        Assert.Equal((child, Id, Uid), Next(watch));
    }

    [Fact(Skip = "needs a control group hierarchy to write to", SkipUnless = nameof(IsUsable))]
    public void TryLook_ProcessInAContainer_SaysSo()
    {
        Directory.CreateDirectory(Container);
        Process process = Sleep();
        using ProcFiles proc = new("/proc");
        Assert.True(proc.TryLook((uint)process.Id, out ProcessLook before));
        Assert.Equal(ProcessPlace.Host, before.Place);
        Join(process);
        Assert.True(proc.TryLook((uint)process.Id, out ProcessLook look));
        Assert.Equal(ProcessPlace.Container, look.Place);
        Assert.Equal(Id, System.Text.Encoding.ASCII.GetString(look.Container.Id));
        Assert.Equal((uint)Environment.ProcessId, look.Stat.Parent);
    }

    private static bool CanMake()
    {
        try
        {
            Directory.CreateDirectory(Top);
            Directory.Delete(Top);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Process Sleep() => Start("sleep", "60");

    private Process Start(string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
        _processes.Add(process);
        return process;
    }

    private void Join(Process process) => File.WriteAllText(Path.Join(Container, "cgroup.procs"), $"{process.Id}\n");

    private static (uint Pid, string ContainerId, string PodUid) Next(ContainerWatch watch)
    {
        JoinedProcess joined = default;
        Eventually.True(() => watch.Joined.TryDequeue(out joined), 5);
        return (joined.Pid, joined.ContainerId, joined.PodUid);
    }
}
