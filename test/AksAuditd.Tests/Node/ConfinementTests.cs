using AksAuditd.Node;
using LinuxAudit.Interop;

namespace AksAuditd.Tests.Node;

public sealed class ConfinementTests
{
    [Theory]
    [InlineData("cri-containerd.apparmor.d (enforce)\n", "AppArmor profile cri-containerd.apparmor.d (enforce)", "appArmorProfile")]
    [InlineData("a (b) c (complain)\n", "AppArmor profile a (b) c (complain)", "appArmorProfile")]
    [InlineData("system_u:system_r:container_t:s0:c1,c2\0", "SELinux label system_u:system_r:container_t:s0:c1,c2", "seLinuxOptions")]
    public void Parse_ProfileOrLabel_IsNamed(string text, string shown, string value)
    {
        Confinement confinement = Assert.IsType<Confinement>(Confinement.Parse(text));
        Assert.Equal(shown, confinement.ToString());
        Assert.Equal(value, confinement.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unconfined\n")]
    [InlineData("system_u:system_r:spc_t:s0\0")]
    [InlineData("unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0")]
    [InlineData("kernel\0")]
    public void Parse_Unconfined_IsNull(string? text) => Assert.Null(Confinement.Parse(text));

    [Fact]
    public void Hint_OtherError_IsEmpty() => Assert.Equal("", Confinement.Hint(Errno.ENOENT));
}
