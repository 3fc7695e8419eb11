using AksAuditd.Node.Setup;

namespace AksAuditd.Tests.Node.Setup;

public sealed class SystemdUnitsTests
{
    [Theory]
    [InlineData("[Service]\nExecStart=/sbin/auditd\nExecStartPost=-/sbin/augenrules --load\n", true)]
    [InlineData("ExecStartPost=-/sbin/auditctl -R /etc/audit/audit.rules", true)]
    [InlineData("#ExecStartPost=-/sbin/augenrules --load\nExecStart=/sbin/auditd", false)]
    [InlineData("ExecStartPost=-/sbin/augenrules --load\nExecStartPost=/bin/other", false)]
    [InlineData("ExecStartPost=", false)]
    [InlineData("", false)]
    public void LoadsRules_UnitFile_OnlyWhenThatIsAllItDoes(string unit, bool expected) => Assert.Equal(expected, SystemdUnits.LoadsRules(unit));

    [Fact]
    public void DropIn_UnitLoadsRules_ClearsThat() => Assert.EndsWith("\nExecStartPost=\n", SystemdUnits.DropIn(loadsRules: true), StringComparison.Ordinal);

    [Fact]
    public void DropIn_UnitDoesNotLoadRules_LeavesItAlone()
    {
        string text = SystemdUnits.DropIn(loadsRules: false);
        Assert.DoesNotContain("ExecStartPost", text, StringComparison.Ordinal);
        Assert.EndsWith("\nRestart=always\nRestartSec=2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void RulesService_Wanted_ByTheBootAndNotByAuditd()
    {
        string text = SystemdUnits.RulesService("/sbin/augenrules");
        Assert.Contains("\nExecStart=/sbin/augenrules --load\n", text, StringComparison.Ordinal);
        Assert.Contains("\nWantedBy=sysinit.target\n", text, StringComparison.Ordinal);
    }
}
