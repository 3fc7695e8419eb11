using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class SyscallSetTests
{
    [Fact]
    public void Of_Numbers_HoldsThem()
    {
        SyscallSet set = SyscallSet.Of(0, 31, 32, 2031, 31);
        Assert.Equal([0, 31, 32, 2031], set.Numbers);
        Assert.Equal((4, false, false, true, false), (set.Count, set.IsAll, set.IsEmpty, set.Contains(2031), set.Contains(2032)));
        Assert.Equal("0,31,32,2031", set.ToString());
    }

    [Fact]
    public void All_IsEveryNumber()
    {
        Assert.Equal((2032, true), (SyscallSet.All.Count, SyscallSet.All.IsAll));
        Assert.Equal(SyscallSet.All, SyscallSet.Of(Enumerable.Range(0, 2032)));
        Assert.Equal(SyscallSet.All.GetHashCode(), SyscallSet.Of(Enumerable.Range(0, 2032)).GetHashCode());
        Assert.Equal((0, true), (SyscallSet.None.Count, SyscallSet.None.IsEmpty));
    }

    [Fact]
    public void Includes_Subset_IsTrue()
    {
        Assert.True(SyscallSet.All.Includes(SyscallSet.Of(5)));
        Assert.True(SyscallSet.Of(5, 6).Includes(SyscallSet.Of(5)));
        Assert.False(SyscallSet.Of(5).Includes(SyscallSet.Of(5, 6)));
        Assert.True(SyscallSet.Of(5).Includes(SyscallSet.None));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2032)]
    public void Of_NumberOutOfRange_Throws(int number) => Assert.Throws<ArgumentOutOfRangeException>(() => SyscallSet.Of(number));
}
