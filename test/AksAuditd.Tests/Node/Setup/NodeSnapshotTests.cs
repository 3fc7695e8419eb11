using AksAuditd.Node;
using AksAuditd.Node.Setup;
using AksAuditd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using TestSupport;

namespace AksAuditd.Tests.Node.Setup;

public sealed class NodeSnapshotTests
{
    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public void Read_Written_IsTheSame()
    {
        using TempDirectory temp = new();
        using NodeDirectory state = NodeDirectory.Open(temp.Path);
        NodeSnapshot snapshot = new()
        {
            TakenAt = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero),
            Auditd = new(true, null, false),
            Kernel = new(1, 2, 3, 64, 15000, [Rule(1).Data.ToArray()]),
            Directories = [new("/etc/audit", true, [new("a", 416, 0, 4, [0, 255])])],
            Packages = ["libc6:amd64"],
        };
        Assert.Null(NodeSnapshot.Read(state, NodeSnapshot.Before));
        snapshot.Write(state, NodeSnapshot.Before);
        NodeSnapshot read = NodeSnapshot.Read(state, NodeSnapshot.Before)!;
        Assert.Equivalent(snapshot, read, strict: true);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temp[NodeSnapshot.Before]));
    }

    [Fact]
    public void Read_Damaged_SaysSo()
    {
        using TempDirectory temp = new();
        temp.Write(NodeSnapshot.Before, "{\"auditd\":");
        using NodeDirectory state = NodeDirectory.Open(temp.Path);
        NodeException e = Assert.Throws<NodeException>(() => NodeSnapshot.Read(state, NodeSnapshot.Before));
        Assert.Contains("is damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public void RememberKernel_FirstRun_IsWhatTheKernelWas_AndStaysSo()
    {
        using TempDirectory temp = new();
        using NodeDirectory state = NodeDirectory.Open(temp.Path);
        FakeAuditKernel kernel = new();
        kernel.AddRule(Rule(1));
        NodeSnapshot.RememberKernel(state, kernel, hasWorked: false, DateTimeOffset.UnixEpoch);
        kernel.DeleteRule(Rule(1));
        NodeSnapshot.RememberKernel(state, kernel, hasWorked: false, DateTimeOffset.UnixEpoch);

        NodeSnapshot read = NodeSnapshot.Read(state, NodeSnapshot.Before)!;
        Assert.Equal([Rule(1).Data.ToArray()], read.Kernel.Rules);
        Assert.Null(read.Auditd);
    }

    [Fact]
    public void RememberKernel_AnAgentHasWorkedWithoutARecord_WritesNone()
    {
        using TempDirectory temp = new();
        using NodeDirectory state = NodeDirectory.Open(temp.Path);
        NodeSnapshot.RememberKernel(state, new FakeAuditKernel(), hasWorked: true, DateTimeOffset.UnixEpoch);
        Assert.Null(NodeSnapshot.Read(state, NodeSnapshot.Before));
    }

    [Fact]
    public void KernelRestore_OtherRulesAndValues_AreAsTheyWere()
    {
        FakeAuditKernel kernel = new();
        kernel.AddRule(Rule(1));
        kernel.AddRule(Rule(2));
        KernelSnapshot was = KernelSnapshot.Take(kernel);
        kernel.DeleteRule(Rule(1));
        kernel.AddRule(Rule(3));
        Set(kernel, AuditEnabled.On);
        kernel.SetStatus(new() { Mask = AuditStatusMask.BacklogLimit | AuditStatusMask.Failure, BacklogLimit = 8192, Failure = AuditFailure.Silent });

        Assert.Empty(KernelRestore.Apply(was, kernel));

        Assert.Equal([Rule(1), Rule(2)], kernel.Rules);
        kernel.GetStatus(out AuditStatus status);
        Assert.Equal((AuditEnabled.Off, 64u, AuditFailure.Print), (status.Enabled, status.BacklogLimit, status.Failure));
    }

    [Fact]
    public void KernelRestore_Locked_ChangesNothingAndSaysSo()
    {
        FakeAuditKernel kernel = new();
        KernelSnapshot was = KernelSnapshot.Take(kernel);
        kernel.AddRule(Rule(1));
        Set(kernel, AuditEnabled.Locked);
        Assert.Equal(["the kernel's audit configuration is locked (-e 2): its rules and control values stay until the next boot"], KernelRestore.Apply(was, kernel));
        Assert.Equal([Rule(1)], kernel.Rules);
    }

    [Fact]
    public void KernelRestore_DirectoryOfARuleIsGone_TheOthersAreBackAndItIsNamed()
    {
        FakeAuditKernel kernel = new();
        kernel.AddRule(Rule(1));
        kernel.AddRule(Rule(2));
        kernel.AddRule(Rule(3));
        KernelSnapshot was = KernelSnapshot.Take(kernel);
        foreach (int n in new[] { 1, 2, 3 }) kernel.DeleteRule(Rule(n));
        kernel.AddRule(Rule(4));
        kernel.Fault = (call, rule) => call == KernelCall.AddRule && rule.WithPrepend(false).Equals(Rule(2)) ? Errno.ENOENT : Errno.None;

        string left = Assert.Single(KernelRestore.Apply(was, kernel));

        Assert.StartsWith("the kernel does not take back the rule -a always,exit -S ", left, StringComparison.Ordinal);
        Assert.Contains(": ENOENT", left, StringComparison.Ordinal);
        Assert.Equal([Rule(1), Rule(3)], kernel.Rules);
    }

    [Fact]
    public void KernelRestore_Refused_Throws()
    {
        FakeAuditKernel kernel = new();
        KernelSnapshot was = KernelSnapshot.Take(kernel);
        kernel.AddRule(Rule(1));
        kernel.Fault = (call, _) => call == KernelCall.DeleteRule ? Errno.ENOMEM : Errno.None;
        Assert.Throws<NodeException>(() => KernelRestore.Apply(was, kernel));
    }

    // An exit rule of action always with syscall number n.
    private static KernelRule Rule(int n)
    {
        byte[] data = new byte[1040];
        data[0] = 4;
        data[4] = 2;
        data[12] = (byte)(1 << n);
        return new(data);
    }

    private static void Set(FakeAuditKernel kernel, AuditEnabled enabled) => kernel.SetStatus(new() { Mask = AuditStatusMask.Enabled, Enabled = enabled });
}
