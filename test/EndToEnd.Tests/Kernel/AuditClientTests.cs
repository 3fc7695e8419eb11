using System.Globalization;
using System.Text;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace EndToEnd.Tests.Kernel;

/// <summary>Requests to the real kernel, compared with what <c>auditctl</c> says.</summary>
public sealed class AuditClientTests
{
    [KernelFact]
    public void GetStatus_Always_EqualsAuditctl()
    {
        AuditMachine.Run("auditctl", "-b", "4321", "-r", "77", "-f", "0", "--backlog_wait_time", "1234");
        try
        {
            using AuditClient client = AuditClient.Open();
            AuditStatus status;
            AuditStatus after;
            Dictionary<string, string> expected;
            int tries = 0;
            do
            {
                // The counters move when anything on the machine is audited: compared is a moment in which they did not.
                Assert.Equal(Errno.None, client.GetStatus(out status));
                expected = AuditMachine.Status();
                Assert.Equal(Errno.None, client.GetStatus(out after));
            }
            while (status with { Backlog = after.Backlog } != after && ++tries < 100);
            Assert.Equal(4321u, status.BacklogLimit);
            Assert.Equal(77u, status.RateLimit);
            Assert.Equal(AuditFailure.Silent, status.Failure);
            Assert.Equal(1234u, status.BacklogWaitTime);
            Assert.Equal(expected["enabled"], Number((uint)status.Enabled));
            Assert.Equal(expected["pid"], Number(status.Pid));
            Assert.Equal(expected["lost"], Number(status.Lost));
            Assert.Equal(expected["backlog_wait_time_actual"], Number(status.BacklogWaitTimeActual));
            Assert.NotEqual(0u, status.FeatureBitmap);
        }
        finally
        {
            AuditMachine.Run("auditctl", "-b", "64", "-r", "0", "-f", "1", "--backlog_wait_time", "15000");
        }
    }

    [KernelFact]
    public void SetStatus_Mask_ChangesOnlyWhatItNames()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.None, client.GetStatus(out AuditStatus before));
        Assert.Equal(Errno.None, client.SetStatus(new AuditStatus { Mask = AuditStatusMask.BacklogLimit | AuditStatusMask.Failure, BacklogLimit = 999 }));
        Assert.Equal("999", AuditMachine.Status()["backlog_limit"]);
        Assert.Equal("0", AuditMachine.Status()["failure"]);
        Assert.Equal(Number(before.BacklogWaitTime), AuditMachine.Status()["backlog_wait_time"]);
        Assert.Equal(Errno.None, client.SetStatus(before with { Mask = AuditStatusMask.BacklogLimit | AuditStatusMask.Failure }));
        Assert.Equal(Errno.None, client.GetStatus(out AuditStatus after));
        // The backlog is what waits at the moment, and moves by itself.
        Assert.Equal(before with { Backlog = 0 }, after with { Backlog = 0 });
    }

    [KernelFact]
    public void SetStatus_ValueOutOfRange_IsTheKernelsAnswer()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.EINVAL, client.SetStatus(new AuditStatus { Mask = AuditStatusMask.Failure, Failure = (AuditFailure)3 }));
    }

    [KernelFact]
    public void SetStatus_Pid_IsRefused()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Throws<ArgumentException>(() => client.SetStatus(new AuditStatus { Mask = AuditStatusMask.Pid }));
    }

    [KernelFact]
    public void ResetCounter_Lost_ReturnsWhatItWas()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.None, client.GetStatus(out AuditStatus status));
        Assert.Equal(Errno.None, client.ResetCounter(AuditStatusMask.Lost, out uint previous));
        Assert.Equal(status.Lost, previous);
        Assert.Equal("0", AuditMachine.Status()["lost"]);
        Assert.Throws<ArgumentException>(() => client.ResetCounter(AuditStatusMask.Enabled, out _));
    }

    [KernelFact]
    public void Features_SetAndUnset_AreAsAuditctlPrints()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.None, client.GetFeatures(out AuditFeatures before));
        Assert.Equal(1u, before.Version);
        Assert.Equal("0 unlocked", AuditMachine.Status()["loginuid_immutable"]);
        Assert.Equal(AuditFeature.None, before.Features & AuditFeature.LoginUidImmutable);
        Assert.Equal(
            Errno.None, client.SetFeatures(new AuditFeatures { Mask = AuditFeature.LoginUidImmutable, Features = AuditFeature.LoginUidImmutable }));
        Assert.Equal("1 unlocked", AuditMachine.Status()["loginuid_immutable"]);
        Assert.Equal(Errno.None, client.GetFeatures(out AuditFeatures on));
        Assert.Equal(AuditFeature.LoginUidImmutable, on.Features & AuditFeature.LoginUidImmutable);
        Assert.Equal(Errno.None, client.SetFeatures(new AuditFeatures { Mask = AuditFeature.LoginUidImmutable }));
        Assert.Equal("0 unlocked", AuditMachine.Status()["loginuid_immutable"]);
    }

    [KernelFact]
    public void GetSignalInfo_Always_Answers()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.None, client.GetSignalInfo(out SignalInfo info));
        Assert.NotNull(info.Context);
    }

    [KernelFact]
    public void SendUserMessage_TypeOrLengthOutOfRange_Throws()
    {
        using AuditClient client = AuditClient.Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => client.SendUserMessage(1300, "x"u8));
        Assert.Throws<ArgumentException>(() => client.SendUserMessage(1112, new byte[8560]));
    }

    /// <summary>Another process sends forged answers with the right sequence numbers before the request is made.</summary>
    [KernelFact]
    public void GetStatus_ForgedAnswersInTheQueue_AreRefused()
    {
        using AuditClient client = AuditClient.Open();
        string status = string.Concat(Enumerable.Repeat("pack('L',7),", 11)).TrimEnd(',');
        string script = new StringBuilder()
            .Append("socket(S,16,3,9) or die $!;")
            .Append(CultureInfo.InvariantCulture, $"for my $s (1..3) {{ my $m=pack('LSSLL',60,1000,0,$s,0).join('',{status});")
            .Append(CultureInfo.InvariantCulture, $"defined(send(S,$m,0,pack('SSLL',16,0,{client.Port},0))) or die $!; }}")
            .ToString();
        AuditMachine.Run("perl", "-e", script);
        Assert.Equal(Errno.None, client.GetStatus(out AuditStatus answered));
        Assert.NotEqual(7u, (uint)answered.Enabled);
        Assert.Equal(3, client.RefusedMessages);
    }

    /// <summary>Without hostPID: the kernel's error, and what it means.</summary>
    [KernelFact]
    public void Requests_OtherNamespaces_AreRefusedByTheKernel()
    {
        Assert.Equal("None", ChildProcess.Run("get-status"));
        Assert.Equal("EPERM", ChildProcess.Run("get-status", "unshare", "--pid", "--fork"));
        Assert.Equal("EPERM", ChildProcess.Run("get-status", "setpriv", "--bounding-set", "-audit_control"));
        Assert.Equal("ECONNREFUSED", ChildProcess.Run("get-status", "unshare", "--user", "--map-root-user"));
        Assert.Equal("None", ChildProcess.Run("get-status", "unshare", "--net"));
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
