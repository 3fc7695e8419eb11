using LinuxAudit.Kernel;
using static TestSupport.RuleBytes;

namespace LinuxAudit.Tests.Kernel;

public sealed class UnderstudyTests
{
    [Fact]
    public void For_NumberAndString_SwapsFieldsAndKeepsStrings() => Assert.Equal(
        Rule(Exit, Always, [Execve], Text(Key, "k"), Number(Arch, Equal, X8664)),
        Understudy.For(Rule(Exit, Always, [Execve], Number(Arch, Equal, X8664), Text(Key, "k"))).First());

    [Fact]
    public void For_TwoStrings_SwapsTheStringsToo() => Assert.Equal(
        Rule(Exit, Always, [Execve], Text(Key, "key"), Text(Exe, "/bin/true")),
        Understudy.For(Rule(Exit, Always, [Execve], Text(Exe, "/bin/true"), Text(Key, "key"))).First());

    [Fact]
    public void For_NoField_AddsOneThatAlwaysHolds() => Assert.Equal(
        [Rule(Exit, Always, [Execve], Number(Pid, GreaterOrEqual, 0))], Understudy.For(Rule(Exit, Always, [Execve])));

    [Fact]
    public void For_OneNumber_RepeatsIt() => Assert.Equal(
        Rule(User, Always, [], Number(Uid, Equal, 5), Number(Uid, Equal, 5)), Understudy.For(Rule(User, Always, [], Number(Uid, Equal, 5))).First());

    [Fact]
    public void For_AnyRule_AreAllDifferent()
    {
        KernelRule rule = Rule(Exit, Always, [Execve], Number(Arch, Equal, X8664), Number(Uid, Equal, 5), Number(Uid, Equal, 5), Text(Key, "k"));
        KernelRule[] all = [rule, .. Understudy.For(rule)];
        Assert.Equal(6, all.Length);
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void For_SixtyFourEqualFields_IsNone() =>
        Assert.Empty(Understudy.For(Rule(Exit, Always, [], [.. Enumerable.Repeat(Number(Uid, Equal, 5), 64)])));

    [Fact]
    public void For_StringsThatNoKnownFieldAccountsFor_IsNone()
    {
        byte[] data = Rule(Exit, Always, [], Number(Arch, Equal, X8664), Text(Key, "k")).Data.ToArray();
        data[268 + 4] = 250;
        Assert.Empty(Understudy.For(new KernelRule(data)));
        data[268 + 4] = 210;
        data[524 + 4] = 9;
        Assert.Empty(Understudy.For(new KernelRule(data)));
    }
}
