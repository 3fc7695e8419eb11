using System.Diagnostics;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events.Delivery;

/// <summary>
/// The real rsyslogd in the foreground with a configuration of its own: it listens on a socket as on /dev/log and on a TCP port, and writes what it understood to
/// a file. Nothing of the machine's rsyslog is touched.
/// </summary>
internal sealed class Rsyslog : IDisposable
{
    /// <summary>Why a test cannot run; null when it can.</summary>
    public static bool IsInstalled => File.Exists("/usr/sbin/rsyslogd");

    public const string Needed = "needs rsyslog (Debian: apt-get install rsyslog)";

    private readonly TempDirectory _directory = new();
    private Process _process;

    /// <param name="port">Where it listens.</param>
    /// <param name="forwardTo">Where it forwards to, in the format that the Azure Monitor agent configures; null: nowhere.</param>
    public Rsyslog(int port, int? forwardTo = null)
    {
        string forward = forwardTo is null ? "" : $"""
            template(name="forwarded" type="string" string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%")
            action(type="omfwd" template="forwarded" target="127.0.0.1" port="{forwardTo}" protocol="tcp")
            """;
        _directory.Write("rsyslog.conf", $"""
            global(workDirectory="{_directory.Path}")
            module(load="imuxsock" SysSock.Name="{LogSocket}" SysSock.Use="on")
            module(load="imtcp")
            input(type="imtcp" port="{port}" address="127.0.0.1")
            template(name="understood" type="string" string="%pri-text%|%programname%|%msg:2:$%\n")
            template(name="structured" type="string" string="%pri-text%|%programname%|%msg%\n")
            if $protocol-version == "1" then action(type="omfile" file="{Output}" template="structured")
            else action(type="omfile" file="{Output}" template="understood")
            {forward}
            """);
        _process = Start();
        Eventually.True(() => File.Exists(LogSocket));
    }

    public string LogSocket => _directory["log"];

    private string Output => _directory["output"];

    /// <summary>What it has received whole: facility, program and message of each.</summary>
    public string[] Received()
    {
        if (!File.Exists(Output)) return [];
        using StreamReader reader = new(new FileStream(Output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();
        return text.Length == 0 ? [] : text[..(text.LastIndexOf('\n') + 1)].Split('\n')[..^1];
    }

    public void Signal(string signal) => AuditMachine.Run("kill", $"-{signal}", $"{_process.Id}");

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Restart() => _process = Start();

    public void Dispose()
    {
        Kill();
        _directory.Dispose();
    }

    // A pid file of its own, and no second one in the way after a kill.
    private Process Start() => Process.Start("/usr/sbin/rsyslogd", ["-n", "-f", _directory["rsyslog.conf"], "-i", $"{_directory["pid"]}{Guid.NewGuid():N}"]);
}
