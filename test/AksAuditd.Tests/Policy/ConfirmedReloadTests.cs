using AksAuditd.Policy;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Policy;

public sealed class ConfirmedReloadTests
{
    private const string Answer = "type=DAEMON_CONFIG msg=audit(1795221409.633:7319): op=reconfigure state=changed auid=-1 pid=1 subj=? res=success\u001dAUID=\"unset\"\n";

    /// <summary>A line that is not whole yet says "state=chan", which is no answer.</summary>
    [Fact]
    public async Task SendAsync_LineIsReadInTwoParts_AnswersOnceItIsWhole()
    {
        using TempDirectory directory = new();
        string log = directory.Write("audit.log", "");
        int half = Answer.IndexOf("ged auid", StringComparison.Ordinal);
        ReloadedAuditd auditd = new(async _ =>
        {
            File.AppendAllText(log, Answer[..half]);
            await Task.Delay(200);
            File.AppendAllText(log, Answer[half..]);
        });
        Assert.Equal((ReloadAnswer.Taken, 1), (await new ConfirmedReload(auditd).SendAsync(log, mustAnswer: true, CancellationToken.None), auditd.Reloads));
    }

    /// <summary>auditd may begin a new log while it is waited for.</summary>
    [Fact]
    public async Task SendAsync_LogIsBegunAnew_FindsTheAnswerInIt()
    {
        using TempDirectory directory = new();
        string log = directory.Write("audit.log", new string('x', 10_000) + "\n");
        ReloadedAuditd auditd = new(async _ =>
        {
            File.AppendAllText(log, "type=CWD msg=audit(1795221409.600:7318): cwd=\"/\"\n");
            await Task.Delay(200);
            File.Move(log, log + ".1");
            File.WriteAllText(log, "type=CWD msg=audit(1795221409.620:7318): cwd=\"/\"\n" + Answer);
        });
        Assert.Equal((ReloadAnswer.Taken, 1), (await new ConfirmedReload(auditd).SendAsync(log, mustAnswer: true, CancellationToken.None), auditd.Reloads));
    }
}
