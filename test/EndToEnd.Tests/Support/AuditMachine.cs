using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EndToEnd.Tests.Support;

[assembly: AssemblyFixture(typeof(AuditMachine))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EndToEnd.Tests.Support;

/// <summary>
/// The machine whose audit state the tests use. There is one such state for the whole kernel, so one test program at a time holds
/// <c>/run/lock/aks-auditd-tests</c>; what was there before (rules, control values, /etc/audit) is put back at the end, also after failures.
/// </summary>
public sealed class AuditMachine : IDisposable
{
    private const string IsATestsChild = "AKS_TESTS_CHILD";
    private const string LockPath = "/run/lock/aks-auditd-tests";

    // Saves and puts back, also what an earlier run that was killed has not put back: the same functions as demo.sh and the suites in shell have.
    private static readonly string Library = TestSupport.Repository.File("demo", "lib.sh");

    // Debian's, so that a test finds the same whatever this machine has.
    private const string RulesAtFirst = "-D\n-b 8192\n--backlog_wait_time 60000\n-f 1\n";

    private readonly int _lock = -1;
    private readonly string _saved = Directory.CreateTempSubdirectory("aks-auditd-machine-").FullName;

    public AuditMachine()
    {
        if (!IsUsable) return;
        _lock = Lock();
        Shell($"audit_save {_saved}");
        EndDaemon();
        ClearRules();
        foreach (string directory in (string[])["/etc/audit/rules.d", "/etc/audit/plugins.d"])
        {
            Directory.Delete(directory, recursive: true);
            Directory.CreateDirectory(directory, (UnixFileMode)0b111_101_000);
        }

        File.WriteAllText("/etc/audit/rules.d/audit.rules", RulesAtFirst);
        Shell("echo 1 >$rcu_expedited");
    }

    /// <summary>
    /// Before any thread of a test: a thread that is older than the first time since the boot that audit was on has no audit context, ever, so no call of its own
    /// is recorded, whatever the rules say (<c>audit_alloc</c> in kernel/auditsc.c).
    /// </summary>
    [ModuleInitializer]
    internal static void TurnOnOnce()
    {
        // A program of ours that a test starts: the test has the lock.
        if (Environment.UserName != "root" || Environment.GetEnvironmentVariable(IsATestsChild) is not null) return;
        Environment.SetEnvironmentVariable(IsATestsChild, "1");
        int held = Lock();
        // Not Process, here: it reads what the program writes on a thread of the pool, which would be such an older thread and later run tests.
        _ = system("auditctl -s 2>/dev/null | grep -qx 'enabled 0' && auditctl -e 1 >/dev/null && auditctl -e 0 >/dev/null");
        _ = close(held);
    }

    private static int Lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockPath)!);
        // Not a FileStream: it tries a lock of its own and throws while another test program holds this one.
        int held = open(LockPath, ReadWriteCreateCloseOnExec, 0b110_100_100);
        if (held < 0) throw new InvalidOperationException($"cannot open {LockPath}");
        while (flock(held, 2) != 0) { }
        return held;
    }

    /// <summary>Why kernel tests cannot run here; null when they can.</summary>
    public static string? Unusable { get; } =
        Environment.UserName != "root" ? "needs root"
        : !File.Exists("/sbin/auditctl") ? "needs auditctl (package auditd)"
        : TryRun("auditctl", ["-s"]).ExitCode != 0 ? "the kernel does not answer audit requests here"
        : null;

    /// <summary>True when kernel tests can run; use as <c>SkipUnless</c>.</summary>
    public static bool IsUsable => Unusable is null;

    /// <summary>The kernel's rules as <c>auditctl -l</c> prints them; empty for "No rules".</summary>
    public static string[] Rules() =>
        [.. Run("auditctl", "-l").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l != "No rules")];

    /// <summary>The kernel's control values as <c>auditctl -s</c> prints them.</summary>
    public static Dictionary<string, string> Status() =>
        Run("auditctl", "-s").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', 2)).ToDictionary(p => p[0], p => p[1]);

    /// <summary>Removes every rule from the kernel.</summary>
    public static void ClearRules() => Run("auditctl", "-D");

    /// <summary>Ends every auditd, also one without a pid file yet: whoever started it may have been killed since.</summary>
    public static void EndAuditd() => Eventually.True(() =>
    {
        // Again and again: an auditd that has just started ignores signals for a moment. Dead ones that nobody waits for are none.
        string[] pids = TryRun("pgrep", ["-x", "-r", "D,R,S,T", "auditd"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string pid in pids) TryRun("kill", [pid]);
        return pids.Length == 0;
    });

    /// <summary>Ends every auditd and waits until nobody is the kernel's audit daemon.</summary>
    public static void EndDaemon()
    {
        EndAuditd();
        string pid = "";
        // One that was killed stays the kernel's daemon until the kernel has something to tell it.
        TryRun("auditctl", ["-m", "is there an audit daemon?"]);
        Eventually.True(() => (pid = Status()["pid"]) == "0", otherwise: () => $"the audit daemon is pid {pid}: {TryRun("ps", ["-o", "args=", "-p", pid]).Output}; this is pid {Environment.ProcessId}");
    }

    /// <summary>Runs a program and returns its standard output; throws with its output when it fails.</summary>
    public static string Run(string file, params string[] arguments)
    {
        (int exitCode, string output, string error) = TryRun(file, arguments);
        return exitCode == 0 ? output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit {exitCode}: {output}{error}");
    }

    /// <summary>Runs a program; its exit code, standard output and standard error.</summary>
    public static (int ExitCode, string Output, string Error) TryRun(string file, string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose()
    {
        if (_lock < 0) return;
        Shell($"audit_restore {_saved}");
        Directory.Delete(_saved, recursive: true);
        _ = close(_lock);
    }

    private static void Shell(string command) => Run("bash", "-c", $". '{Library}'; {command}");

    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc")]
    private static extern int system([MarshalAs(UnmanagedType.LPUTF8Str)] string command);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int fd, int operation);
}
