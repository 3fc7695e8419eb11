using System.Runtime.InteropServices;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using TestSupport;

namespace EndToEnd.Tests.Kernel;

/// <summary>Rules in the real kernel, compared with what <c>auditctl -l</c> says.</summary>
public sealed class AuditClientRulesTests : IDisposable
{
    private readonly AuditClient _client = AuditClient.Open();

    public AuditClientRulesTests() => Clear();

    public void Dispose()
    {
        Clear();
        _client.Dispose();
    }

    [KernelFact]
    public void ListRules_None_IsEmpty() => Assert.Empty(List());

    [KernelFact]
    public void AddRule_ByHand_IsWhatAuditctlWouldHaveAdded()
    {
        AuditMachine.Run("auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "execve", "-F", "a0=7", "-F", "key=numbered");
        KernelRule theirs = Assert.Single(List());
        AuditMachine.ClearRules();
        Assert.Equal(Errno.None, _client.AddRule(RuleBytes.Numbered(7)));
        Assert.Equal(theirs, Assert.Single(List()));
        Assert.Equal(["-a always,exit -F arch=b64 -S execve -F a0=0x7 -F key=numbered"], AuditMachine.Rules());
    }

    [KernelFact]
    public void AddRule_Prepend_GoesToTheHeadAndIsListedWithoutTheFlag()
    {
        Add(RuleBytes.Numbered(1));
        Add(RuleBytes.Numbered(2).WithPrepend(true));
        Assert.Equal([RuleBytes.Numbered(2), RuleBytes.Numbered(1)], List());
        Assert.All(List(), rule => Assert.False(rule.IsPrepend));
    }

    [KernelFact]
    public void AddRule_Duplicate_IsEexist()
    {
        Add(RuleBytes.Numbered(1));
        Assert.Equal(Errno.EEXIST, _client.AddRule(RuleBytes.Numbered(1)));
        Assert.Single(List());
    }

    /// <summary>A quirk of the kernel that a difference of two lists has to know: fails the day that it is mended.</summary>
    [KernelFact]
    public void AddRule_DuplicateAtTheHead_IsTakenTwiceAndDeletedFromTheHead()
    {
        Add(RuleBytes.Numbered(1));
        Add(RuleBytes.Numbered(2));
        Add(RuleBytes.Numbered(2).WithPrepend(true));
        Assert.Equal([RuleBytes.Numbered(2), RuleBytes.Numbered(1), RuleBytes.Numbered(2)], List());
        Assert.Equal(Errno.None, _client.DeleteRule(RuleBytes.Numbered(2)));
        Assert.Equal([RuleBytes.Numbered(1), RuleBytes.Numbered(2)], List());
    }

    [KernelFact]
    public void AddRule_NotARuleToTheKernel_IsItsAnswer()
    {
        Assert.Equal(Errno.EINVAL, _client.AddRule(RuleBytes.Rule(3, RuleBytes.Always, [])));
        Assert.Equal(Errno.ENOENT, _client.AddRule(RuleBytes.PathWatch("/no/such/directory/file")));
        Assert.Throws<ArgumentException>(() => _client.AddRule(default));
    }

    [KernelFact]
    public void ChangeRules_SomeRefused_TheOthersAreTakenAndEachHasItsAnswer()
    {
        Add(RuleBytes.Numbered(1));
        RuleStep[] steps =
        [
            Step(RuleStepKind.Append, RuleBytes.Numbered(2)), Step(RuleStepKind.Append, RuleBytes.PathWatch("/no/such/directory/file")), Step(RuleStepKind.Append, RuleBytes.Numbered(1)),
            Step(RuleStepKind.Prepend, RuleBytes.Numbered(3)), Step(RuleStepKind.Delete, RuleBytes.Numbered(9)), Step(RuleStepKind.Delete, RuleBytes.Numbered(1)),
        ];
        Errno[] answers = new Errno[steps.Length];
        _client.ChangeRules(steps, answers);
        Assert.Equal([Errno.None, Errno.ENOENT, Errno.EEXIST, Errno.None, Errno.ENOENT, Errno.None], answers);
        Assert.Equal([RuleBytes.Numbered(3), RuleBytes.Numbered(2)], List());
        // The client goes on as if nothing had been.
        Assert.Equal(Errno.None, _client.GetStatus(out _));
    }

    [KernelFact]
    public void ChangeRules_MoreThanFitIntoAMessage_AllAreTaken()
    {
        // Paths of 4,000 bytes: 192 KiB are some 38 of them. And 400 short ones.
        RuleStep[] steps =
        [
            .. Enumerable.Range(1, 60).Select(i => Step(RuleStepKind.Append, RuleBytes.PathWatch("/tmp/" + string.Join('/', Enumerable.Repeat(".", 1900)) + $"/{i}"))),
            .. Enumerable.Range(1, 400).Select(i => Step(RuleStepKind.Append, RuleBytes.Numbered((uint)i))),
        ];
        Errno[] answers = new Errno[steps.Length];
        _client.ChangeRules(steps, answers);
        Assert.All(answers, answer => Assert.Equal(Errno.None, answer));
        Assert.Equal(460, List().Count);
        _client.ChangeRules([.. steps.Select(s => s with { Kind = RuleStepKind.Delete })], answers);
        Assert.All(answers, answer => Assert.Equal(Errno.None, answer));
        Assert.Empty(List());
    }

    private static RuleStep Step(RuleStepKind kind, KernelRule rule) => new(kind, rule, RuleStepPurpose.Add);

    [KernelFact]
    public void DeleteRule_Missing_IsEnoent()
    {
        Add(RuleBytes.Numbered(1));
        Assert.Equal(Errno.ENOENT, _client.DeleteRule(RuleBytes.Numbered(2)));
        Assert.Single(List());
    }

    [KernelFact]
    public void DeleteRule_WithThePrependFlag_DeletesItAllTheSame()
    {
        Add(RuleBytes.Numbered(1));
        Assert.Equal(Errno.None, _client.DeleteRule(RuleBytes.Numbered(1).WithPrepend(true)));
        Assert.Empty(List());
    }

    [KernelFact]
    public void ListRules_TwoThousandOnFourLists_AreListedWholeAndLoadBackTheSame()
    {
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Range(0, 2000).Select(i => (i % 4) switch
        {
            0 => $"-a always,exit -F arch=b64 -S openat -F a1={i} -k key{i}",
            1 => $"-a never,exit -F arch=b64 -S execve -F uid={i}",
            2 => $"-w /etc/watched-{i} -p wa -k watch{i}",
            _ => $"-a always,user -F uid={i}",
        }));
        AuditMachine.Run("auditctl", "-R", file);
        File.Delete(file);
        string[] printed = AuditMachine.Rules();
        IReadOnlyList<KernelRule> listed = List();
        Assert.Equal(2000, listed.Count);
        Assert.Equal(2000, listed.Distinct().Count());
        Assert.Equal(listed.OrderBy(r => r.List), listed);

        AuditMachine.ClearRules();
        Assert.All(listed, Add);
        Assert.Equal(2000, printed.Length);
        Assert.Equal(printed, AuditMachine.Rules());
    }

    /// <summary>Longer than the client's first buffer: a rule of more than 16 KiB.</summary>
    [KernelFact]
    public void ListRules_RuleLongerThanTheBuffer_IsListedWhole()
    {
        (uint, uint, uint, string?)[] fields =
            [.. Enumerable.Range(0, 9).Select(i => RuleBytes.Text(13, $"user{i}{new string('x', 2000)}"))];
        KernelRule rule = RuleBytes.Rule(RuleBytes.Exit, RuleBytes.Always, [RuleBytes.Execve], fields);
        Add(RuleBytes.Numbered(1));
        Errno added = _client.AddRule(rule);
        // Without a security module the kernel has no use for the field, but keeps the rule.
        Assert.Equal(Errno.None, added);
        Assert.Equal([RuleBytes.Numbered(1), rule], List());
        Assert.Equal(19_085, rule.Data.Length);
    }

    /// <summary>The kernel takes a picture of its lists under their lock, so no reading is half of a change.</summary>
    [KernelFact]
    public void ListRules_WhileRulesChange_IsAlwaysOneState()
    {
        KernelRule[] fixedRules = [.. Enumerable.Range(10, 300).Select(i => RuleBytes.Numbered((uint)i))];
        KernelRule first = RuleBytes.Numbered(1), last = RuleBytes.Numbered(2);
        Assert.All(fixedRules, Add);
        using CancellationTokenSource stop = new();
        int changes = 0;
        Thread writer = new(() =>
        {
            using AuditClient other = AuditClient.Open();
            while (!stop.IsCancellationRequested)
            {
                other.AddRule(first.WithPrepend(true));
                other.AddRule(last);
                other.DeleteRule(first);
                other.DeleteRule(last);
                Interlocked.Add(ref changes, 4);
            }
        });
        writer.Start();
        HashSet<string> seen = [];
        try
        {
            for (int i = 0; i < 300; i++)
            {
                List<KernelRule> listed = [.. List()];
                bool atHead = listed[0] == first, atEnd = listed[^1] == last;
                seen.Add($"{atHead} {atEnd}");
                Assert.Equal(fixedRules, listed.Skip(atHead ? 1 : 0).SkipLast(atEnd ? 1 : 0));
            }
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"300 listings during {changes} changes saw {seen.Count} of the 4 states");
        Assert.True(changes > 100, $"{changes} changes");
        Assert.True(seen.Count > 1, "the list did not change while it was read");
    }

    /// <summary>A late reader's leftovers of a request that timed out are not taken for the answer to the next.</summary>
    [KernelFact]
    public void ListRules_AfterOneThatTimedOut_IsWhole()
    {
        KernelRule[] rules = [.. Enumerable.Range(10, 500).Select(i => RuleBytes.Numbered((uint)i))];
        Assert.All(rules, Add);
        using AuditClient hasty = AuditClient.Open(TimeSpan.FromTicks(1));
        Errno first = Errno.None;
        // Beside other work the kernel's answer may be there before this thread is let ask for it.
        for (int i = 0; i < 5000 && first == Errno.None; i++) first = hasty.ListRules(out _);
        Assert.Equal(Errno.ETIMEDOUT, first);
        Assert.Equal(rules, List());
    }

    /// <summary>A path in a rule is looked up in the root directory of the thread that sends the rule.</summary>
    [KernelFact]
    public void AddRule_FromAThreadInAnotherRoot_WatchesThere()
    {
        string root = Directory.CreateTempSubdirectory("aks-auditd-root-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "only-here"));
        KernelRule rule = RuleBytes.PathWatch("/only-here/file");
        Assert.Equal(Errno.ENOENT, _client.AddRule(rule));
        Errno there = Errno.EINVAL;
        int rooted = -1;
        Thread thread = new(() =>
        {
            rooted = unshare(0x200) | chroot(root);
            there = _client.AddRule(rule);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(0, rooted);
        Assert.Equal(Errno.None, there);
        Assert.Equal([rule], List());
        Assert.Equal(Errno.None, _client.DeleteRule(rule));
        Directory.Delete(root, recursive: true);
    }

    [KernelFact]
    public void WaitForSearches_Always_ComesBack() => _client.WaitForSearches();

    // Not with auditctl -D: a rule longer than its own buffer makes it wait for ever.
    private void Clear()
    {
        if (AuditMachine.IsUsable) Assert.All(List(), rule => Assert.Equal(Errno.None, _client.DeleteRule(rule)));
    }

    private void Add(KernelRule rule) => Assert.Equal(Errno.None, _client.AddRule(rule));

    private IReadOnlyList<KernelRule> List()
    {
        Assert.Equal(Errno.None, _client.ListRules(out IReadOnlyList<KernelRule> rules));
        return rules;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int chroot([MarshalAs(UnmanagedType.LPUTF8Str)] string path);
}
