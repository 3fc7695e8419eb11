using System.Text;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Pods;

public sealed class ProcessStatTests
{
    // Read on Linux 6.18; the name and the flags changed.
    private const string Rest = " 9775 9770 21421 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 123456 2646016 217 18446744073709551615 1 1 0 0 0 0 0 0 65536 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    [Theory]
    [InlineData("9816 (sleep) S", "sleep")]
    [InlineData("9816 (a) S 1 (b) R", "a) S 1 (b")]
    [InlineData("9816 () R", "")]
    public void TryParse_Alive_GivesParentAndStart(string head, string command)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes(head + Rest), out ProcessStat stat));
        Assert.Equal(command, Encoding.UTF8.GetString(stat.Command));
        Assert.Equal(9775u, stat.Parent);
        Assert.Equal(123456, stat.Started);
        Assert.False(stat.IsEnding);
    }

    [Theory]
    [InlineData("9816 (sleep) Z 9775 9770 21421 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 123456 0")]
    [InlineData("9816 (sleep) R 9775 9770 21421 0 -1 4194308 95 0 0 0 0 0 0 0 20 0 1 0 123456 0")]
    public void TryParse_ZombieOrExiting_IsEnding(string text)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes(text), out ProcessStat stat));
        Assert.True(stat.IsEnding);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9816 sleep S 1")]
    [InlineData("9816 (sleep)")]
    [InlineData("9816 (sleep) ")]
    [InlineData("9816 (sleep) S 1 2 3")]
    [InlineData("9816 (sleep) S x 9770 21421 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 123456 0")]
    public void TryParse_Other_IsFalse(string text) => Assert.False(ProcessStat.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
