using AksAuditd.Node;
using AksAuditd.Policy;
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
        FailingService service = new(new NodeException(who, what));
        AuditdConfReload reload = new(service, new FakeAuditKernel(), NullLogger.Instance);
        FileSet set = new(FileSet.Auditd, "/volume", "/etc/audit", ".conf", 0x1a0, "auditd.conf");
        PolicyFile desired = new("auditd.conf", "freq = 1\n"u8.ToArray(), Sha256.Hex("freq = 1\n"u8));
        FileChange change = new(set, "auditd.conf", FileChangeKind.Changed, desired, PresentContent: "freq = 2\n"u8.ToArray());
        int putBack = 0;
        NodeException e = await Assert.ThrowsAsync<NodeException>(() => reload.ApplyAsync(change, () =>
        {
            putBack++;
            return null;
        }, CancellationToken.None));
        Assert.Equal($"{who}: {what}", e.Message);
        Assert.Equal((1, 1, refused), (putBack, service.Restarts, reload.HasRefused(change)));
    }

    private sealed class FailingService(NodeException failure) : IAuditService
    {
        public string Manager => "test";

        public int Restarts { get; private set; }

        public Task<AuditServiceState> GetStateAsync(CancellationToken cancel) => Task.FromResult(new AuditServiceState(Environment.ProcessId, ""));

        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task ReloadAsync(CancellationToken cancel) => throw failure;

        public Task RestartAsync(CancellationToken cancel)
        {
            Restarts++;
            return Task.CompletedTask;
        }
    }
}
