using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

public sealed class MachineTests
{
    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void Rules_AfterClear_AreNone()
    {
        AuditMachine.ClearRules();
        Assert.Empty(AuditMachine.Rules());
    }
}
