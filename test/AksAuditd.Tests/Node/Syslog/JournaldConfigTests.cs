using AksAuditd.Node.Syslog;

namespace AksAuditd.Tests.Node.Syslog;

public sealed class JournaldConfigTests
{
    [Theory]
    [InlineData(true, "[Journal]\n#ForwardToSyslog=yes\n")]
    [InlineData(false, "[Journal]\n#ForwardToSyslog=no\n")]
    [InlineData(false, "")]
    [InlineData(true, "[Journal]\n#ForwardToSyslog=no\n", "[Journal]\nForwardToSyslog = Yes\n")]
    [InlineData(false, "[Journal]\n#ForwardToSyslog=yes\n", "[Journal]\nForwardToSyslog=yes\n", "[Journal]\nForwardToSyslog=no")]
    public void ForwardsToSyslog_DefaultAndSettings_LastSettingWins(bool expected, params string[] files) => Assert.Equal(expected, JournaldConfig.ForwardsToSyslog(files));
}
