using System.Text;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using TestSupport;

namespace AksAuditd.Tests.Policy;

public sealed class AuditdConfReloadTests
{
    /// <summary>Seen on a node without CPU time to spare: systemctl took longer than ten seconds, and a good file was never tried again.</summary>
    [Theory]
    [InlineData("/usr/bin/systemctl", "took longer than 10 s and was killed", false)]
    [InlineData("auditd", "cannot be told to reload: it is not running", true)]
    public async Task ApplyAsync_ReloadFails_OnlyAuditdsOwnWordRefusesTheFile(string who, string what, bool refused)
    {
        ReloadedAuditd service = new(_ => throw new NodeException(who, what));
        AuditdConfReload reload = new(service, new FakeAuditKernel(), NullLogger.Instance);
        (NodeException e, int putBack, FileChange change) = await ApplyAsync(reload, "");
        Assert.Equal($"{who}: {what}", e.Message);
        Assert.Equal((1, 1, refused), (putBack, service.Restarts, reload.HasRefused(change)));
    }

    /// <summary>Seen when auditd stood still for some seconds: it said afterwards that it had read nothing, and a good file was never tried again.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    public async Task ApplyAsync_AuditdSaysThatItReadNothing_IsNoRefusal(int signal, int secondsLater)
    {
        using TempDirectory directory = new();
        string log = directory.Write("audit.log", "");
        ReloadedAuditd service = new(async count =>
        {
            if (count != signal) return;
            await Task.Delay(TimeSpan.FromSeconds(secondsLater));
            File.AppendAllText(log, "type=DAEMON_CONFIG msg=audit(1795221409.633:7319): op=reconfigure state=no-change auid=-1 pid=-1 subj=? res=failed\u001dAUID=\"unset\"\n");
        });
        AuditdConfReload reload = new(service, new FakeAuditKernel(), NullLogger.Instance);
        (NodeException e, int putBack, FileChange change) = await ApplyAsync(reload, $"log_file = {log}\n");
        Assert.Equal("/etc/audit/auditd.conf: auditd, asked three times, has not read it, as on a busy node", e.Message);
        Assert.Equal((3, 1, 1, false), (service.Reloads, putBack, service.Restarts, reload.HasRefused(change)));
    }

    /// <summary>auditd says nothing of a file that it refuses, nor while it stands still: only one that was started anew and is silent too has refused it.</summary>
    [Fact]
    public async Task ApplyAsync_AuditdIsSilent_IsARefusalTheSecondTime()
    {
        using TempDirectory directory = new();
        string conf = $"log_file = {directory.Write("audit.log", "")}\n";
        ReloadedAuditd service = new(_ => Task.CompletedTask);
        AuditdConfReload reload = new(service, new FakeAuditKernel(), NullLogger.Instance);
        (NodeException e, _, FileChange change) = await ApplyAsync(reload, conf);
        Assert.Equal("/etc/audit/auditd.conf: auditd, asked three times, says nothing of it: it refuses it, or stands still", e.Message);
        Assert.Equal((1, false), (service.Restarts, reload.HasRefused(change)));

        (e, int putBack, change) = await ApplyAsync(reload, conf);
        Assert.Equal("auditd: was given another auditd.conf and, asked three times, did not take it over, nor when it was started anew and asked again", e.Message);
        Assert.Equal((6, 1, 2, true), (service.Reloads, putBack, service.Restarts, reload.HasRefused(change)));
    }

    private static async Task<(NodeException Error, int PutBack, FileChange Change)> ApplyAsync(AuditdConfReload reload, string rest)
    {
        FileSet set = new(FileSet.Auditd, "/volume", "/etc/audit", ".conf", 0x1a0, "auditd.conf");
        byte[] now = Encoding.UTF8.GetBytes($"freq = 1\n{rest}"), before = Encoding.UTF8.GetBytes($"freq = 2\n{rest}");
        FileChange change = new(set, "auditd.conf", FileChangeKind.Changed, new PolicyFile("auditd.conf", now, Sha256.Hex(now)), PresentContent: before);
        int putBack = 0;
        NodeException e = await Assert.ThrowsAsync<NodeException>(() => reload.ApplyAsync(change, () =>
        {
            putBack++;
            return null;
        }, CancellationToken.None));
        return (e, putBack, change);
    }
}
