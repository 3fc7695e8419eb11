using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using TestSupport;
using static TestSupport.RuleBytes;

namespace LinuxAudit.Tests.Kernel;

/// <summary>What holds for every two lists, tried on random ones against a slow and obvious kernel. The seed is printed; AKS_TEST_SEED sets it.</summary>
public sealed class RuleDifferencePropertyTests(ITestOutputHelper output)
{
    private const int Cases = 4000;

    [Fact]
    public void Steps_AnyTwoLists_GiveExactlyTheDesiredList() => ForRandomLists(Cases, (current, desired, label) =>
    {
        FakeAuditKernel kernel = Loaded(current);
        RuleDifference difference = RuleDifference.Between(kernel.Rules, desired);
        Assert.Equal(Errno.None, difference.Apply(kernel, out int done));
        Assert.Equal(difference.Steps.Count, done);
        Assert.True(RuleDifference.Arrange(desired).SequenceEqual(kernel.Rules), label);
        Assert.True(RuleDifference.Between(kernel.Rules, desired).IsEmpty, label);
    });

    [Fact]
    public void Steps_AnyTwoLists_NeverTouchWhatStays() => ForRandomLists(Cases, (current, desired, label) =>
    {
        RuleDifference difference = RuleDifference.Between(current, desired);
        HashSet<KernelRule> touched = [.. difference.Steps.Where(s => s.Kind == RuleStepKind.Delete).Select(s => s.Rule)];
        foreach (KernelRule rule in current.Intersect(desired).Except(difference.Moved))
        {
            // A superfluous copy may go; the last of them stays.
            int deleted = difference.Steps.Count(s => s.Kind == RuleStepKind.Delete && s.Rule == rule);
            Assert.True(deleted == current.Count(r => r == rule) - 1, label);
        }
        Assert.Equal(current.Intersect(desired).Intersect(difference.Moved).Count(), difference.Moved.Count());
        Assert.Empty(difference.Added.Intersect(current));
        Assert.Empty(difference.Removed.Except(touched));
    });

    /// <summary>At every moment a recording rule that was there and stays wanted is there, or its understudy is.</summary>
    [Fact]
    public void Steps_AnyTwoLists_LeaveNoRecordingRuleAbsent() => ForRandomLists(Cases, (current, desired, label) =>
    {
        FakeAuditKernel kernel = Loaded(current);
        uint[] numbers = [.. current.Intersect(desired).Where(r => !r.Suppresses).Select(NumberOf)];
        kernel.Changed = () => Assert.True(numbers.Except(kernel.Rules.Select(NumberOf)).Count() == 0, label);
        RuleDifference.Between(kernel.Rules, desired).Apply(kernel, out _);
    });

    /// <summary>
    /// An event is which rules it matches; all of them are tried. What both the first and the last list record, every list between does.
    /// </summary>
    [Fact]
    public void Steps_AnyTwoLists_RecordAtEveryMomentWhatBothRecord() => ForRandomLists(Cases, (current, desired, label) =>
    {
        FakeAuditKernel kernel = Loaded(current);
        List<uint[]> moments = [[.. kernel.Rules.Select(NumberOf)]];
        kernel.Changed = () => moments.Add([.. kernel.Rules.Select(NumberOf)]);
        RuleDifference.Between(kernel.Rules, desired).Apply(kernel, out _);
        HashSet<uint> suppressors = [.. current.Concat(desired).Where(r => r.Suppresses).Select(NumberOf)];
        // The user list records what no rule matches, the exit list does not.
        bool byDefault = current.Concat(desired).Any(r => r.List == User);
        for (uint matched = 0; matched < 1 << MaxRules; matched++)
        {
            bool Records(uint[] list) => list.Where(n => (matched >> (int)n & 1) != 0).Select(n => !suppressors.Contains(n)).FirstOrDefault(byDefault);
            if (!Records(moments[0]) || !Records(moments[^1])) continue;
            int lost = moments.FindIndex(m => !Records(m));
            Assert.True(lost < 0, $"{label}: event {matched:b} lost at step {lost}: {string.Join(' ', moments.ElementAtOrDefault(lost) ?? [])}");
        }
    });

    /// <summary>Interrupted anywhere, a new difference leads on to the desired list, or back.</summary>
    [Fact]
    public void Steps_Interrupted_ANewDifferenceLeadsToEither() => ForRandomLists(Cases / 10, (current, desired, label) =>
    {
        int steps = RuleDifference.Between(current, desired).Steps.Count;
        for (int stop = 0; stop < steps; stop++)
        {
            foreach (KernelRule[] goal in (KernelRule[][])[current, desired])
            {
                FakeAuditKernel kernel = Loaded(current);
                kernel.Fault = (_, _) => kernel.Changes >= current.Length + stop ? Errno.EPERM : Errno.None;
                // An understudy that is refused is passed over, so that the end may come later; here only that it does not come right.
                RuleDifference.Between(current, desired).Apply(kernel, out _);
                kernel.Fault = (_, _) => Errno.None;
                Assert.Equal(Errno.None, RuleDifference.Between(kernel.Rules, goal).Apply(kernel, out _));
                Assert.True(RuleDifference.Arrange(goal).SequenceEqual(kernel.Rules), label);
            }
        }
    });

    private const int MaxRules = 7;

    private void ForRandomLists(int cases, Action<KernelRule[], KernelRule[], string> check)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_TEST_SEED"), out int given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        for (int i = 0; i < cases; i++)
        {
            Random random = new(unchecked(seed + i));
            int count = random.Next(1, MaxRules + 1);
            uint list = random.Next(3) == 0 ? User : Exit;
            KernelRule[] rules = [.. Enumerable.Range(0, count).Select(n => Numbered((uint)n, random.Next(2) == 0 ? Never : Always, list))];
            KernelRule[] current = Some(random, rules), desired = Some(random, rules);
            // Now and then the kernel has a rule twice, as after auditctl -A.
            if (current.Length > 0 && random.Next(8) == 0) current = [current[random.Next(current.Length)], .. current];
            check(current, desired, $"seed {seed} + {i}: list {list} {Print(current)} -> {Print(desired)}");
        }
    }

    private static KernelRule[] Some(Random random, KernelRule[] rules)
    {
        KernelRule[] some = [.. rules];
        // Half of them nearly in order, as real changes are.
        if (random.Next(2) == 0) random.Shuffle(some);
        return [.. some.Where(_ => random.Next(4) > 0)];
    }

    private static FakeAuditKernel Loaded(KernelRule[] rules)
    {
        FakeAuditKernel kernel = new();
        foreach (KernelRule rule in rules.Reverse()) kernel.AddRule(rule.WithPrepend(true));
        return kernel;
    }

    private static string Print(KernelRule[] rules) => $"[{string.Join(' ', rules.Select(r => $"{(r.Suppresses ? 's' : 'r')}{NumberOf(r)}"))}]";
}
