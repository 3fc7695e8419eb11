using LinuxAudit.Kernel;
using TestSupport;

namespace LinuxAudit.Tests.Kernel;

public sealed class KernelRuleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1039)]
    [InlineData(1041)]
    public void Constructor_LengthNotThatOfARule_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new KernelRule(new byte[length]));

    [Theory]
    [InlineData(8, 65)]
    [InlineData(1036, 1)]
    [InlineData(1039, 0x80)]
    public void Constructor_CountBeyondTheRule_Throws(int offset, byte value)
    {
        byte[] data = new byte[1040];
        data[offset] = value;
        Assert.Throws<ArgumentException>(() => new KernelRule(data));
    }

    [Fact]
    public void Equals_OnlyThePrependFlagDiffers_IsTrue()
    {
        KernelRule rule = RuleBytes.Numbered(1);
        KernelRule prepended = rule.WithPrepend(true);
        Assert.False(rule.IsPrepend);
        Assert.True(prepended.IsPrepend);
        Assert.Equal(0x14, prepended.Data.Span[0]);
        Assert.Equal(4u, prepended.List);
        Assert.Equal(rule, prepended);
        Assert.Equal(rule.GetHashCode(), prepended.GetHashCode());
        Assert.Equal(rule.Data.ToArray(), prepended.WithPrepend(false).Data.ToArray());
    }

    [Fact]
    public void Equals_AnyOtherByteDiffers_IsFalse()
    {
        KernelRule rule = RuleBytes.Numbered(1);
        for (int i = 0; i < rule.Data.Length; i++)
        {
            byte[] data = rule.Data.ToArray();
            data[i] ^= 1;
            if (i is >= 8 and < 12 or >= 1036 and < 1040) continue;
            Assert.NotEqual(rule, new KernelRule(data));
        }
        Assert.NotEqual(rule, default);
        Assert.Equal(default(KernelRule), default);
    }

    [Theory]
    [InlineData(RuleBytes.Exit, RuleBytes.Always, false)]
    [InlineData(RuleBytes.Exit, RuleBytes.Never, true)]
    [InlineData(RuleBytes.User, RuleBytes.Always, false)]
    [InlineData(RuleBytes.Exclude, RuleBytes.Always, true)]
    [InlineData(RuleBytes.Exclude, RuleBytes.Never, true)]
    public void Suppresses_ListAndAction_IsWhatTheKernelMakesOfThem(uint list, uint action, bool suppresses) =>
        Assert.Equal(suppresses, RuleBytes.Numbered(1, action, list).Suppresses);
}
