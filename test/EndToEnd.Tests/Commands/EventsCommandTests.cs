using AksAuditd.Tests.Support;

namespace EndToEnd.Tests.Commands;

/// <summary><c>events</c> on records of the past, with sinks that are slow, gone or not there.</summary>
public sealed class EventsCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Stdin_OneRecordAndThenNothing_IsWrittenBeforeTheInputEnds()
    {
        string to = _directory["events"];
        Cli cli = Cli.Shell($"(echo 'type=USER_START msg=audit(1763800000.000:1): pid=1 uid=0 auid=0 ses=1'; for i in $(seq 100); do [ -s {to} ] && echo seen >&2 && break; sleep 0.1; done) | aks-auditd events --from stdin --to file:{to}");
        Assert.Equal((0, "seen\n"), (cli.ExitCode, cli.Error));
        Assert.Single(File.ReadLines(to));
    }

    [Fact]
    public void AuditLog_ReaderIsSlow_NothingIsLost()
    {
        WriteLog(4000);
        Cli cli = Cli.Shell($"set -o pipefail; aks-auditd events --from audit-log {_directory["log"]} | (sleep 1; wc -l)");
        Assert.Equal((0, "4000\n", ""), (cli.ExitCode, cli.Output, cli.Error));
    }

    [Fact]
    public void AuditLog_ReaderLeaves_EndsWell()
    {
        WriteLog(4000);
        Cli cli = Cli.Shell($"set -o pipefail; aks-auditd events --from audit-log {_directory["log"]} | (read -r line; echo \"${{#line}}\")");
        Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
        Assert.InRange(int.Parse(cli.Output), 1000, 9000);
    }

    [Fact]
    public void AuditLog_SinkIsNotThere_CanBeStoppedAndSaysWhatIsLost()
    {
        WriteLog(400);
        Cli cli = Cli.Shell($"timeout --kill-after=20 --signal=INT 1 aks-auditd events --from audit-log {_directory["log"]} --to syslog:{_directory["nowhere"]} 2>&1; echo \"ended with $?\"");
        // 124: timeout's own word for a program that ended after its signal.
        Assert.EndsWith("ended with 124\n", cli.Output, StringComparison.Ordinal);
        Assert.Contains("events were lost", cli.Output, StringComparison.Ordinal);
    }

    private void WriteLog(int records) =>
        File.WriteAllLines(_directory["log"], Enumerable.Range(1, records).Select(i =>
            $"type=USER_CMD msg=audit(1763800000.{i % 1000:000}:{i}): pid=1 uid=0 auid=0 ses=1 msg='cwd=\"/\" cmd=\"{new string('x', 7000)}\" terminal=pts/0 res=success'"));
}
