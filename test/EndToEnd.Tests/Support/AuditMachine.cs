using System.Diagnostics;
using System.Globalization;
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
    private const string LockPath = "/run/lock/aks-auditd-tests";

    // The kernel waits about 12 ms for its readers whenever a rule is deleted; with this it interrupts them instead and takes 0.1 ms.
    private const string ExpeditedPath = "/sys/kernel/rcu_expedited";

    private static readonly string[] SettableStatus = ["enabled", "failure", "rate_limit", "backlog_limit", "backlog_wait_time"];

    private readonly int _lock = -1;
    private readonly string _saved = Directory.CreateTempSubdirectory("aks-auditd-machine-").FullName;
    private readonly string _expedited = "0";
    private readonly string[] _rules = [];
    private readonly Dictionary<string, string> _status = [];

    public AuditMachine()
    {
        if (!IsUsable) return;
        Directory.CreateDirectory(Path.GetDirectoryName(LockPath)!);
        // Not a FileStream: it tries a lock of its own and throws while another test program holds this one.
        _lock = open(LockPath, ReadWriteCreateCloseOnExec, 0b110_100_100);
        if (_lock < 0) throw new InvalidOperationException($"cannot open {LockPath}");
        while (flock(_lock, 2) != 0) { }
        _rules = Rules();
        _status = Status();
        Run("cp", "-a", "/etc/audit", Path.Combine(_saved, "audit"));
        _expedited = File.ReadAllText(ExpeditedPath);
        File.WriteAllText(ExpeditedPath, "1");
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
        ClearRules();
        File.WriteAllText(ExpeditedPath, _expedited);
        foreach (string rule in _rules) Run("auditctl", rule.Split(' '));
        string[] options = ["-e", "-f", "-r", "-b", "--backlog_wait_time"];
        foreach ((string name, string option) in SettableStatus.Zip(options))
            Run("auditctl", option, int.Parse(_status[name], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        Run("rsync", "-a", "--delete", Path.Combine(_saved, "audit") + "/", "/etc/audit/");
        Directory.Delete(_saved, recursive: true);
        _ = close(_lock);
    }

    private const int ReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int fd, int operation);
}
