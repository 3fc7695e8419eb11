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
        AuditdService service = new(_ => throw new NodeException(who, what));
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
        AuditdService service = new(async count =>
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

    /// <summary>Does with the first, second … SIGHUP what it is told, and does not wait for it.</summary>
    private sealed class AuditdService(Func<int, Task> reload) : IAuditService
    {
        public string Manager => "test";

        public int Restarts { get; private set; }

        public Task<AuditServiceState> GetStateAsync(CancellationToken cancel) => Task.FromResult(new AuditServiceState(Environment.ProcessId, ""));

        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

        public int Reloads { get; private set; }

        public Task ReloadAsync(CancellationToken cancel)
        {
            _ = reload(++Reloads);
            return Task.CompletedTask;
        }

        public Task RestartAsync(CancellationToken cancel)
        {
            Restarts++;
            return Task.CompletedTask;
        }
    }
}
