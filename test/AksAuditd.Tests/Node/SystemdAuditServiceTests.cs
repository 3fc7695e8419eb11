using AksAuditd.Node;

namespace AksAuditd.Tests.Node;

public sealed class SystemdAuditServiceTests
{
    [Fact]
    public void LastWords_AttemptsAfterTheReason_ReasonIsKept()
    {
        const string journal = """
            Starting auditd.service - Security Auditing Service...
            Could not open dir /var/log/audit (No such file or directory)
            The audit daemon is exiting.
            auditd.service: Control process exited, code=exited, status=6/NOTCONFIGURED
            auditd.service: Failed with result 'exit-code'.
            Failed to start auditd.service - Security Auditing Service.
            auditd.service: Scheduled restart job, restart counter is at 5.
            Stopped auditd.service - Security Auditing Service.
            auditd.service: Start request repeated too quickly.
            auditd.service: Failed with result 'start-limit-hit'.
            """;
        Assert.Equal(
            "Could not open dir /var/log/audit (No such file or directory) | The audit daemon is exiting. | auditd.service: Control process exited, code=exited, status=6/NOTCONFIGURED"
            + " | auditd.service: Failed with result 'exit-code'. | Failed to start auditd.service - Security Auditing Service.",
            SystemdAuditService.LastWords(journal));
    }

    [Fact]
    public void LastWords_OnlyAttempts_AreShown() =>
        Assert.Equal("auditd.service: Start request repeated too quickly.", SystemdAuditService.LastWords("auditd.service: Start request repeated too quickly.\n"));
}
