using System.Diagnostics;
using System.Text;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace NoEventLost;

/// <summary>The real auditd, with a configuration and a log of its own.</summary>
internal sealed class AuditDaemon : IDisposable
{
    private const ushort UserMessage = 1111;

    private readonly AuditClient _client;
    private readonly string _directory;
    private Process? _process;

    public AuditDaemon(AuditClient client, string directory)
    {
        _client = client;
        _directory = directory;
        Directory.CreateDirectory(Path.Combine(directory, "plugins.d"));
        File.WriteAllText(Path.Combine(directory, "auditd.conf"), $"""
            local_events = yes
            write_logs = yes
            log_file = {LogPath}
            log_group = root
            log_format = RAW
            flush = INCREMENTAL_ASYNC
            freq = 50
            max_log_file = 4000
            max_log_file_action = IGNORE
            num_logs = 2
            priority_boost = 4
            disp_qos = lossy
            space_left = 75
            space_left_action = IGNORE
            admin_space_left = 50
            admin_space_left_action = IGNORE
            disk_full_action = IGNORE
            disk_error_action = IGNORE
            plugin_dir = {directory}/plugins.d

            """);
        Shell.Run("chmod", "0640", Path.Combine(directory, "auditd.conf"));
    }

    public string LogPath => Path.Combine(_directory, "audit.log");

    /// <summary>Starts it and waits until the kernel sends it records.</summary>
    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo("/sbin/auditd", ["-n", "-c", _directory]))!;
        WaitUntil("auditd owns the audit socket", () => Status().Pid == _process.Id);
    }

    /// <summary>Ends it, as a service manager does.</summary>
    public void Stop()
    {
        if (_process is null) return;
        Shell.Terminate(_process);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Waits until every record that is under way is in the log: a record of our own comes behind them.</summary>
    public void Drain()
    {
        string marker = $"op=drained-{Guid.NewGuid():N}";
        long from = new FileInfo(LogPath).Length;
        KernelState.Check("AUDIT_USER", _client.SendUserMessage(UserMessage, Encoding.ASCII.GetBytes(marker)));
        WaitUntil("all records are written", () =>
        {
            using FileStream log = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = from;
            using StreamReader reader = new(log, Encoding.Latin1);
            return reader.ReadToEnd().Contains(marker, StringComparison.Ordinal);
        }, milliseconds: 200);
    }

    public AuditStatus Status() =>
        _client.GetStatus(out AuditStatus status) is var error and not Errno.None ? throw new LinuxException("AUDIT_GET", error) : status;

    public void Dispose() => Stop();

    private static void WaitUntil(string what, Func<bool> condition, int milliseconds = 20)
    {
        for (Stopwatch clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(milliseconds))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"a minute has passed and it is not so: {what}");
        }
    }
}
