using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using TestSupport;
using static TestSupport.RuleBytes;

namespace LinuxAudit.Tests.Kernel;

/// <summary>Differences small enough to write down. Rules are written as a letter for the action (r records, s suppresses) and a number.</summary>
public sealed class RuleDifferenceTests
{
    [Theory]
    // nothing to do
    [InlineData("", "", "")]
    [InlineData("r1 s2 r3", "r1 s2 r3", "")]
    // new rules at both ends; nothing is touched that stays
    [InlineData("r1", "r1 r2 r3", "+r2 +r3")]
    [InlineData("r1", "s2 r1", "^s2")]
    [InlineData("r3", "r1 r2 r3", "^r2 ^r1")]
    [InlineData("", "r1 s2", "+r1 +s2")]
    // new before old; a suppressor goes before the recording rule that it stood behind
    [InlineData("r1 r2", "r1 r3", "+r3 ~-r2")]
    [InlineData("s1 r2", "s3 r2", "^s3 -s1")]
    [InlineData("r1 s2", "r3", "+r3 -s2 ~-r1")]
    [InlineData("r1 s2", "", "-s2 -r1")]
    // a move: understudy in, rule out, rule in, understudy out
    [InlineData("r1 r2", "r2 r1", "+u1 -r1 +r1 -u1")]
    [InlineData("r1 r2 r3 r4", "r4 r1 r2 r3", "^u4 ~-r4 ^r4 -u4")]
    [InlineData("s1 r2", "r2 s1", "-s1 +s1")]
    [InlineData("r1 s2", "s2 r1", "-s2 ^s2")]
    // a suppressor behind a new recording rule cannot be prepended: what it shields is moved instead
    [InlineData("r3", "r1 s2 r3", "+r1 +s2 +u3 -r3 +r3 -u3")]
    // the kernel had one twice: the last stays
    [InlineData("r1 r2 r1", "r2 r1", "-r1")]
    [InlineData("s1 r2 s1", "s1", "-s1 -r2")]
    [InlineData("r1 s2 r1", "r1 s2", "-s2 +s2 -r1")]
    public void Between_TwoLists_TakesTheseSteps(string current, string desired, string steps)
    {
        RuleDifference difference = RuleDifference.Between(Parse(current), Parse(desired));
        Assert.Equal(steps, string.Join(' ', difference.Steps.Select(Print)));
        Assert.Equal(Parse(desired), difference.Target);
        Assert.Equal(steps.Length == 0, difference.IsEmpty);
    }

    [Fact]
    public void Between_SeveralLists_OrdersEachForItself()
    {
        KernelRule user = Numbered(1, list: User), exclude = Numbered(1, list: Exclude), task = Numbered(2, list: TaskList);
        RuleDifference difference = RuleDifference.Between([user, .. Parse("r1 r2")], [exclude, .. Parse("r2"), task]);
        Assert.Equal([task, .. Parse("r2"), exclude], difference.Target);
        Assert.Equal(4, difference.Steps.Count);
        Assert.Equal([task, exclude], difference.Added);
        Assert.Equal([user, .. Parse("r1")], difference.Removed);
        Assert.Empty(difference.Moved);
    }

    [Fact]
    public void Between_WantedTwiceOrPrepended_CountsTheFirstWithoutTheFlag()
    {
        RuleDifference difference = RuleDifference.Between([], [Numbered(1).WithPrepend(true), Numbered(2), Numbered(1)]);
        Assert.Equal(Parse("r1 r2"), difference.Target);
        Assert.All(difference.Target, rule => Assert.False(rule.IsPrepend));
    }

    [Fact]
    public void Between_UnderstudyIsARuleOfItsOwn_TakesAnother()
    {
        KernelRule rule = Numbered(1), firstUnderstudy = Understudy.For(rule).First(), secondUnderstudy = Understudy.For(rule).ElementAt(1);
        RuleDifference difference = RuleDifference.Between([rule, Numbered(2), firstUnderstudy], [Numbered(2), firstUnderstudy, rule]);
        Assert.Equal([secondUnderstudy, rule, rule, secondUnderstudy], difference.Steps.Select(s => s.Rule));
    }

    [Fact]
    public void Arrange_AppendedAndPrepended_IsTheOrderInTheKernel() => Assert.Equal(
        [Numbered(9, list: User), Numbered(4), Numbered(2), Numbered(1), Numbered(3)],
        RuleDifference.Arrange(
            [Numbered(1), Numbered(2).WithPrepend(true), Numbered(3), Numbered(4).WithPrepend(true), Numbered(1), Numbered(9, list: User)]));

    [Fact]
    public void Apply_RuleRefused_SaysWhichAndDeletesNothing()
    {
        FakeAuditKernel kernel = new() { Fault = (call, rule) => call == KernelCall.AddRule && rule == Numbered(2) ? Errno.EINVAL : Errno.None };
        kernel.AddRule(Numbered(4));
        RuleDifference difference = RuleDifference.Between(kernel.Rules, Parse("r1 r2 r3"));
        Assert.Equal(Errno.EINVAL, difference.Apply(kernel, out int done));
        Assert.Equal(1, done);
        Assert.Equal(Numbered(2), difference.Steps[done].Rule);
        Assert.Equal(Parse("r4 r1 r3"), kernel.Rules);
    }

    [Theory]
    [InlineData("r1 r2 r3", "r4 r5 r6", 2)]      // all that is new, all that goes
    [InlineData("", "r1 r2 r3", 1)]
    [InlineData("r1 r2 s3", "", 1)]
    [InlineData("r1 r2", "r1 r2", 0)]
    [InlineData("r1 r2 r3", "r2 r3 r1 r4", 3)]   // understudy in; rule out and in; understudy out
    public void Apply_TwoLists_TakesSoManyMessages(string current, string desired, int messages)
    {
        FakeAuditKernel kernel = new();
        foreach (KernelRule rule in Parse(current)) kernel.AddRule(rule);
        Assert.Equal(Errno.None, RuleDifference.Between(kernel.Rules, Parse(desired)).Apply(kernel, out _));
        Assert.Equal(Parse(desired), kernel.Rules);
        Assert.Equal(messages, kernel.Messages);
    }

    [Fact]
    public void Apply_SeveralLists_AllThatIsNewComesFirst()
    {
        FakeAuditKernel kernel = new();
        foreach (KernelRule rule in (KernelRule[])[Numbered(1), Numbered(2, list: User)]) kernel.AddRule(rule);
        List<int> counts = [];
        kernel.Changed = () => counts.Add(kernel.Rules.Count);
        Assert.Equal(Errno.None, RuleDifference.Between(kernel.Rules, [Numbered(3), Numbered(4, list: User), Numbered(5, list: Exclude)]).Apply(kernel, out _));
        Assert.Equal([3, 4, 5, 4, 3], counts);
    }

    [Fact]
    public void Apply_ManyToDelete_IsCancelledBetweenMessages()
    {
        FakeAuditKernel kernel = new();
        for (uint i = 0; i < 120; i++) kernel.AddRule(Numbered(i));
        using CancellationTokenSource cancel = new();
        kernel.Changed = cancel.Cancel;
        Assert.Throws<OperationCanceledException>(() => RuleDifference.Between(kernel.Rules, []).Apply(kernel, (_, _) => false, out _, cancel.Token));
        Assert.Equal(70, kernel.Rules.Count);
    }

    [Fact]
    public void Apply_UnderstudyRefusedAndRuleGone_GoesOn()
    {
        FakeAuditKernel kernel = new();
        foreach (KernelRule rule in Parse("r1 r2")) kernel.AddRule(rule);
        KernelRule understudy = Understudy.For(Numbered(1)).First();
        kernel.Fault = (call, rule) => call == KernelCall.AddRule && rule == understudy ? Errno.EINVAL : Errno.None;
        Assert.Equal(Errno.None, RuleDifference.Between(Parse("r1 r2 r3"), Parse("r2 r1")).Apply(kernel, out int done));
        Assert.Equal(5, done);
        Assert.Equal(Parse("r2 r1"), kernel.Rules);
    }

    /// <summary>Linear: 4,000 rules turned round take well under a second.</summary>
    [Fact(Timeout = 20_000)]
    public async Task Between_FourThousandRulesReversed_IsQuick()
    {
        KernelRule[] rules = [.. Enumerable.Range(1, 4000).Select(i => Numbered((uint)i))];
        RuleDifference difference = await Task.Run(() => RuleDifference.Between(rules, rules.Reverse()));
        Assert.Equal(4 * 3999, difference.Steps.Count);
    }

    internal static KernelRule[] Parse(string rules) =>
        [.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => Numbered((uint)(r[1] - '0'), r[0] == 's' ? Never : Always))];

    private static string Print(RuleStep step)
    {
        KernelRule rule = step.Rule;
        char letter = step.Purpose == RuleStepPurpose.Understudy ? 'u' : rule.Suppresses ? 's' : 'r';
        char kind = step.Kind switch { RuleStepKind.Delete => '-', RuleStepKind.Append => '+', _ => '^' };
        return $"{(step.WaitFirst ? "~" : "")}{kind}{letter}{NumberOf(rule)}";
    }
}
