using System.Runtime.InteropServices;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace LinuxAudit.Tests.Kernel;

/// <summary>Numbers of <c>linux/audit.h</c>, <c>linux/netlink.h</c> and the C library, as literals.</summary>
public sealed class ConstantsTests
{
    [Fact]
    public void ControlMessages_Always_AreThoseOfTheHeader() => Assert.Equal(
        [1000, 1001, 1010, 1011, 1012, 1013, 1018, 1019],
        Enum.GetValues<ControlMessage>().Select(m => (int)m));

    [Fact]
    public void StatusMasks_Always_AreThoseOfTheHeader() => Assert.Equal(
        [("None", 0u), ("Enabled", 1u), ("Failure", 2u), ("Pid", 4u), ("RateLimit", 8u), ("BacklogLimit", 0x10u), ("BacklogWaitTime", 0x20u),
            ("Lost", 0x40u), ("BacklogWaitTimeActual", 0x80u)],
        Enum.GetValues<AuditStatusMask>().Select(m => (m.ToString(), (uint)m)));

    [Fact]
    public void FailureModes_Always_AreThreeDifferentNumbers() => Assert.Equal(
        [("Silent", 0u), ("Print", 1u), ("Panic", 2u)], Enum.GetValues<AuditFailure>().Select(m => (m.ToString(), (uint)m)));

    [Fact]
    public void EnabledModes_Always_AreThreeDifferentNumbers() => Assert.Equal(
        [("Off", 0u), ("On", 1u), ("Locked", 2u)], Enum.GetValues<AuditEnabled>().Select(m => (m.ToString(), (uint)m)));

    [Fact]
    public void Features_Always_AreBits() => Assert.Equal(
        [("None", 0u), ("OnlyUnsetLoginUid", 1u), ("LoginUidImmutable", 2u)], Enum.GetValues<AuditFeature>().Select(m => (m.ToString(), (uint)m)));

    [Theory]
    [InlineData(nameof(AuditStatus.Mask), 0)]
    [InlineData(nameof(AuditStatus.Enabled), 4)]
    [InlineData(nameof(AuditStatus.Failure), 8)]
    [InlineData(nameof(AuditStatus.Pid), 12)]
    [InlineData(nameof(AuditStatus.RateLimit), 16)]
    [InlineData(nameof(AuditStatus.BacklogLimit), 20)]
    [InlineData(nameof(AuditStatus.Lost), 24)]
    [InlineData(nameof(AuditStatus.Backlog), 28)]
    [InlineData(nameof(AuditStatus.FeatureBitmap), 32)]
    [InlineData(nameof(AuditStatus.BacklogWaitTime), 36)]
    [InlineData(nameof(AuditStatus.BacklogWaitTimeActual), 40)]
    public void StatusValue_Always_IsAtTheHeadersOffset(string property, int offset)
    {
        Assert.Equal(44, Marshal.SizeOf<AuditStatus>());
        Assert.Equal(44, AuditStatus.Size);
        byte[] payload = new byte[44];
        payload[offset] = 2;
        Assert.True(AuditStatus.TryRead(payload, out AuditStatus status));
        Assert.Equal(2u, Convert.ToUInt32(typeof(AuditStatus).GetProperty(property)!.GetValue(status), null));
        byte[] written = new byte[44];
        status.Write(written);
        Assert.Equal(payload, written);
    }

    [Fact]
    public void FeaturesStructure_Always_IsVersionMaskFeaturesLock()
    {
        Assert.Equal(16, Marshal.SizeOf<AuditFeatures>());
        Assert.True(AuditFeatures.TryRead([1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], out AuditFeatures features));
        Assert.Equal(
            new AuditFeatures { Version = 1, Mask = (AuditFeature)3, Features = AuditFeature.OnlyUnsetLoginUid, Lock = AuditFeature.LoginUidImmutable },
            features);
    }

    [Fact]
    public void NetlinkHeader_Written_IsLengthTypeFlagsSequencePort()
    {
        byte[] bytes = new byte[16];
        new NetlinkHeader(0x01020304, 0x1112, 0x2122, 0x31323334, 0x41424344).Write(bytes);
        Assert.Equal([4, 3, 2, 1, 0x12, 0x11, 0x22, 0x21, 0x34, 0x33, 0x32, 0x31, 0x44, 0x43, 0x42, 0x41], bytes);
        Assert.Equal(
            [1, 2, 4, 0x10, 1, 2, 3, 4, 16],
            [NetlinkHeader.FlagRequest, NetlinkHeader.FlagMulti, NetlinkHeader.FlagAck, NetlinkHeader.FlagDumpInterrupted, NetlinkHeader.TypeNoop,
                NetlinkHeader.TypeError, NetlinkHeader.TypeDone, NetlinkHeader.TypeOverrun, NetlinkHeader.Size]);
    }

    [Fact]
    public void NativeStructures_Always_HaveTheirSizes()
    {
        Assert.Equal(12, Marshal.SizeOf<NetlinkAddress>());
        Assert.Equal(4, (int)Marshal.OffsetOf<NetlinkAddress>(nameof(NetlinkAddress.Port)));
        Assert.Equal(8, (int)Marshal.OffsetOf<NetlinkAddress>(nameof(NetlinkAddress.Groups)));
        Assert.Equal(8, Marshal.SizeOf<DescriptorCalls.PollDescriptor>());
        Assert.Equal(6, (int)Marshal.OffsetOf<DescriptorCalls.PollDescriptor>(nameof(DescriptorCalls.PollDescriptor.Happened)));
    }

    [Theory]
    [InlineData(Errno.EPERM, 1)]
    [InlineData(Errno.ENOENT, 2)]
    [InlineData(Errno.EINTR, 4)]
    [InlineData(Errno.EAGAIN, 11)]
    [InlineData(Errno.EACCES, 13)]
    [InlineData(Errno.EEXIST, 17)]
    [InlineData(Errno.EINVAL, 22)]
    [InlineData(Errno.ENOSPC, 28)]
    [InlineData(Errno.EPROTO, 71)]
    [InlineData(Errno.EMSGSIZE, 90)]
    [InlineData(Errno.ENOBUFS, 105)]
    [InlineData(Errno.ETIMEDOUT, 110)]
    [InlineData(Errno.ECONNREFUSED, 111)]
    public void Errno_Always_HasTheKernelsNumber(Errno errno, int number) => Assert.Equal(number, (int)errno);

    [Fact]
    public void Describe_KnownAndUnknown_NamesNumberAndText()
    {
        Assert.Equal("ENOENT (2): No such file or directory", Errno.ENOENT.Describe());
        Assert.Equal("errno 61: No data available", ((Errno)61).Describe());
    }
}
