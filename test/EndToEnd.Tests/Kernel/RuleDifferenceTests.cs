using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using static TestSupport.RuleBytes;

namespace EndToEnd.Tests.Kernel;

/// <summary>Differences carried out on the real kernel.</summary>
public sealed class RuleDifferenceTests(ITestOutputHelper output) : IDisposable
{
    private readonly AuditClient _client = AuditClient.Open();

    public void Dispose()
    {
        if (AuditMachine.IsUsable) Assert.Equal(Errno.None, RuleDifference.Between(List(), []).Apply(_client, out _));
        _client.Dispose();
    }

    [KernelFact]
    public void Apply_RandomLists_LeaveTheDesiredListInTheKernel()
    {
        string directory = Directory.CreateTempSubdirectory("aks-auditd-rules-").FullName;
        KernelRule[] pool = [.. Pool(directory)];
        int seed = int.TryParse(Environment.GetEnvironmentVariable("AKS_TEST_SEED"), out int given) ? given : Random.Shared.Next();
        Random random = new(seed);
        int steps = 0, understudies = 0;
        for (int i = 0; i < 100; i++)
        {
            KernelRule[] desired = [.. pool.Where(_ => random.Next(3) > 0)];
            if (i % 2 == 0) random.Shuffle(desired);
            RuleDifference difference = RuleDifference.Between(List(), desired);
            Errno error = difference.Apply(_client, out int done);
            Assert.True(error == Errno.None, $"seed {seed}, list {i}, step {done}: {error}");
            understudies += difference.Steps.Count(s => s.Purpose == RuleStepPurpose.Understudy);
            steps += done;
            Assert.Equal(difference.Target, List());
            Assert.Equal(desired.Length, AuditMachine.Rules().Length);
        }
        output.WriteLine($"seed {seed}: 100 lists, {steps} steps, {understudies} of them for understudies");
        Directory.Delete(directory, recursive: true);
    }

    [KernelFact]
    public void Arrange_AppendsAndPrepends_IsTheOrderTheKernelHasThemIn()
    {
        KernelRule[] rules =
            [Numbered(1), Numbered(2).WithPrepend(true), Numbered(1, list: User), Numbered(3), Numbered(4).WithPrepend(true), Numbered(1, list: Exclude)];
        Assert.All(rules, rule => Assert.Equal(Errno.None, _client.AddRule(rule)));
        Assert.Equal(List(), RuleDifference.Arrange(rules));
    }

    /// <summary>A duplicate that somebody made with <c>auditctl -A</c> is put right.</summary>
    [KernelFact]
    public void Apply_KernelHasARuleTwice_LeavesItOnce()
    {
        foreach (KernelRule rule in (KernelRule[])[Numbered(1), Numbered(2), Numbered(2).WithPrepend(true)]) Assert.Equal(Errno.None, _client.AddRule(rule));
        Assert.Equal(3, List().Count);
        Assert.Equal(Errno.None, RuleDifference.Between(List(), [Numbered(1), Numbered(2)]).Apply(_client, out _));
        Assert.Equal([Numbered(1), Numbered(2)], List());
    }

    /// <summary>Rules of every kind of list and field that an understudy has to be made for, and suppressors among them.</summary>
    private static IEnumerable<KernelRule> Pool(string directory)
    {
        for (uint i = 0; i < 8; i++) yield return Numbered(i, i % 3 == 0 ? Never : Always);
        for (uint i = 0; i < 3; i++) yield return Numbered(i, i % 2 == 0 ? Never : Always, User);
        for (uint i = 0; i < 3; i++) yield return Numbered(i, Never, Exclude);
        yield return Rule(TaskList, Never, [], Number(Uid, Equal, 7));
        yield return Rule(TaskList, Always, []);
        yield return PathWatch($"{directory}/file");
        yield return Rule(Exit, Always, [], Text(Dir, directory), Number(Perm, Equal, 2), Text(Key, "dir"));
        yield return Rule(Exit, Never, [], Text(Exe, "/bin/true"));
        yield return Rule(Exit, Always, [Openat], Text(Exe, "/bin/true"), Text(Key, "exe"));
        yield return Rule(Exit, Always, [Openat]);
        yield return Rule(Exit, Always, [Openat], Text(Key, "key alone"));
        yield return Rule(Exit, Always, [Openat], Number(Arch, Equal, X8664));
        // debugfs, filesystem list
        yield return Rule(FileSystem, Never, [], Number(26, Equal, 0x64626720));
        yield return Rule(FileSystem, Always, [], Number(26, Equal, 0x74726163));
    }

    private IReadOnlyList<KernelRule> List()
    {
        Assert.Equal(Errno.None, _client.ListRules(out IReadOnlyList<KernelRule> rules));
        return rules;
    }
}
