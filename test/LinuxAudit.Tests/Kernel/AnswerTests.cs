using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace LinuxAudit.Tests.Kernel;

/// <summary>Answers as older, newer and broken kernels might give them.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(40, true)]
    [InlineData(44, true)]
    [InlineData(60, true)]
    public void StatusTryRead_AnyLength_TakesWhatIsThere(int length, bool taken)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i / 4 + 1))];
        Assert.Equal(taken, AuditStatus.TryRead(payload, out AuditStatus status));
        Assert.Equal(taken ? 0x08080808u : 0, status.Backlog);
        Assert.Equal(length >= 40 ? 0x0a0a0a0au : 0, status.BacklogWaitTime);
        Assert.Equal(length >= 44 ? 0x0b0b0b0bu : 0, status.BacklogWaitTimeActual);
    }

    [Fact]
    public void HeaderTryRead_ShorterThanAHeader_IsFalse() => Assert.False(NetlinkHeader.TryRead(new byte[15], out _));

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    [InlineData(uint.MaxValue, false)]
    public void TryPayload_ClaimedLength_MustBeThere(uint claimed, bool taken)
    {
        byte[] message = new byte[20];
        new NetlinkHeader(claimed, 2, 0, 1, 0).Write(message);
        Assert.True(NetlinkHeader.TryRead(message, out NetlinkHeader header));
        Assert.Equal(taken, header.TryPayload(message, out ReadOnlySpan<byte> payload));
        Assert.Equal(taken ? (int)claimed - 16 : 0, payload.Length);
    }

    [Fact]
    public void IsWhole_TrailingBytes_GivesTheRulesLength()
    {
        byte[] data = new byte[1100];
        data[1036] = 10;
        Assert.True(KernelRule.IsWhole(data, out int length));
        Assert.Equal(1050, length);
    }

    [Fact]
    public void SignalInfoTryRead_WithContext_DropsTheNul()
    {
        Assert.True(SignalInfo.TryRead([0xe8, 3, 0, 0, 42, 0, 0, 0, (byte)'u', (byte)':', (byte)'r', 0], out SignalInfo info));
        Assert.Equal(new SignalInfo(1000, 42, "u:r"), info);
        Assert.False(SignalInfo.TryRead(new byte[7], out _));
    }

    [Theory]
    [InlineData(KernelCall.AddRule, Errno.EEXIST, "has this rule already")]
    [InlineData(KernelCall.AddRule, Errno.EPERM, "initial pid namespace")]
    [InlineData(KernelCall.AddRule, Errno.EPERM, "-e 2")]
    [InlineData(KernelCall.Read, Errno.ECONNREFUSED, "user namespace")]
    [InlineData(KernelCall.DeleteRule, Errno.ENOENT, "does not have this rule")]
    [InlineData(KernelCall.AddRule, Errno.ENOENT, "does not exist")]
    [InlineData(KernelCall.Listen, Errno.EPERM, "CAP_AUDIT_READ")]
    [InlineData(KernelCall.BecomeDaemon, Errno.EEXIST, "another audit daemon")]
    public void Explain_ErrorOfACall_SaysWhatItMeansThere(KernelCall call, Errno errno, string contains) =>
        Assert.Contains(contains, KernelErrors.Explain(call, errno));

    [Fact]
    public void Explain_NoSpecialMeaning_IsNull() => Assert.Null(KernelErrors.Explain(KernelCall.Open, Errno.EMFILE));
}
