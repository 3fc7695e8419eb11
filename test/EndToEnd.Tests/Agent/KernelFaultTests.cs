using AksAuditd.Configuration;
using AksAuditd.Node;
using AksAuditd.Policy;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace EndToEnd.Tests.Agent;

/// <summary>The real kernel, with some of its answers replaced: what a transaction makes of each.</summary>
public sealed class KernelFaultTests
{
    private static readonly string[] Old = ["-a always,exit -F arch=b64 -S execve -F key=exec", "-a always,exit -F arch=b64 -S mount -F key=old"];
    private static readonly string[] New =
    [
        "-a always,exit -F arch=b64 -S execve -F key=exec", "-a always,exit -F arch=b64 -S chown -F key=new", "-a always,exit -F arch=b64 -S mount -F key=new",
        "-a always,exit -F arch=b64 -S umount2 -F key=new",
    ];

    private const string OldFile = "-D\n-b 300\n-a always,exit -F arch=b64 -S execve -k exec\n-a always,exit -F arch=b64 -S mount -k old\n";
    private const string NewFile = "-D\n-b 400\n-a always,exit -F arch=b64 -S execve -k exec\n-a always,exit -F arch=b64 -S chown -k new\n"
        + "-a always,exit -F arch=b64 -S mount -k new\n-a always,exit -F arch=b64 -S umount2 -k new\n";

    [KernelTheory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.ENOMEM)]
    [InlineData(Errno.EBUSY)]
    public void Execute_AddRefusedInTheMiddle_KernelAndFilesAreAsBefore(Errno error)
    {
        using Scene scene = new();
        scene.Kernel.FailAdd(2, error);
        NodeException e = Assert.Throws<NodeException>(() => scene.Apply(NewFile));
        Assert.Contains(error.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains("cannot add the rule of 10.rules:5 (-a always,exit -F arch=b64 -S mount -k new)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be put back", e.Message, StringComparison.Ordinal);
        scene.IsOld();
    }

    [KernelTheory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.ENOMEM)]
    public void Execute_DeleteRefused_KernelAndFilesAreAsBefore(Errno error)
    {
        using Scene scene = new();
        scene.Kernel.FailDelete(1, error);
        Assert.Contains(error.ToString(), Assert.Throws<NodeException>(() => scene.Apply(NewFile)).Message, StringComparison.Ordinal);
        scene.IsOld();
    }

    [KernelFact]
    public void Execute_ControlValueRefused_KernelAndFilesAreAsBefore()
    {
        using Scene scene = new();
        scene.Kernel.FailSet(1, Errno.EPERM);
        Assert.Contains("cannot set BacklogLimit: EPERM", Assert.Throws<NodeException>(() => scene.Apply(NewFile)).Message, StringComparison.Ordinal);
        scene.IsOld();
    }

    [KernelTheory]
    [InlineData(Errno.EINVAL)]
    [InlineData(Errno.ENOENT)]
    public void Execute_OnlyThisNodeRefusesARule_TheOthersAreLoaded(Errno error)
    {
        using Scene scene = new();
        scene.Kernel.FailAdd(2, error, always: "mount");
        TransactionResult result = scene.Apply(NewFile);
        Assert.Equal([error], result.Refused.Values);
        Assert.Equal(New.Where(r => !r.Contains("mount -F key=new", StringComparison.Ordinal)), AuditMachine.Rules());
        Assert.Equal(NewFile, File.ReadAllText("/etc/audit/rules.d/10.rules"));
    }

    [KernelTheory]
    [InlineData(Errno.ENOBUFS, true)]
    [InlineData(Errno.ENOBUFS, false)]
    [InlineData(Errno.ETIMEDOUT, true)]
    [InlineData(Errno.EEXIST, true)]
    public void Execute_AnswerLost_KernelIsReadBackAndThePolicyIsThere(Errno error, bool carriedOut)
    {
        using Scene scene = new();
        scene.Kernel.FailAdd(2, error, carriedOut: carriedOut);
        scene.Apply(NewFile);
        scene.IsNew();
    }

    [KernelFact]
    public void Execute_SomebodyAddsARuleMeanwhile_ItIsRemovedAgain()
    {
        using Scene scene = new();
        scene.Kernel.BeforeAdd(2, () => AuditMachine.Run("auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "chmod", "-k", "foreign"));
        scene.Apply(NewFile);
        scene.IsNew();
    }

    [KernelFact]
    public void Execute_ListCannotBeRead_IsSaid()
    {
        using Scene scene = new();
        scene.Kernel.FailList(Errno.EPERM);
        Assert.Contains("does not answer: EPERM", Assert.Throws<NodeException>(() => scene.Apply(NewFile)).Message, StringComparison.Ordinal);
        scene.IsOld();
    }

    /// <summary>This machine with the old policy applied, and a kernel between it and the transaction.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly NodeFixture _node = new();
        private readonly NodeRoot _root = NodeRoot.Enter("/");
        private readonly AuditClient _client = AuditClient.Open();
        private readonly Settings _settings;

        public Scene()
        {
            _node.Environment["AA_PLUGINS_SOURCE"] = "none";
            _settings = SettingsReader.Read(_node.Environment, out _);
            Kernel = new(_client);
            Apply(OldFile);
            IsOld();
            Kernel.Reset();
        }

        public FaultyKernel Kernel { get; }

        public TransactionResult Apply(string rules)
        {
            _node.Rules.Swap(("10.rules", rules));
            PolicyPlan plan = new PolicyPlanner(_settings, Kernel).Create(DesiredPolicy.Read(FileSet.From(_settings), _settings.Sync, _root), new NodeState(), new Dictionary<KernelRule, Errno>());
            Assert.Empty(plan.Problems);
            return new PolicyTransaction(plan, Kernel).Execute(CancellationToken.None);
        }

        public void IsOld() => Is(Old, OldFile, "300");

        public void IsNew() => Is(New, NewFile, "400");

        public void Dispose()
        {
            _client.Dispose();
            _root.Dispose();
            _node.Dispose();
        }

        private static void Is(string[] rules, string file, string backlog)
        {
            Assert.Equal(rules, AuditMachine.Rules());
            Assert.Equal(file, File.ReadAllText("/etc/audit/rules.d/10.rules"));
            Assert.Equal(backlog, AuditMachine.Status()["backlog_limit"]);
            Assert.Equal(["10.rules"], Directory.GetFileSystemEntries("/etc/audit/rules.d", "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName));
        }
    }

    /// <summary>Replaces answers of the real kernel.</summary>
    private sealed class FaultyKernel(AuditClient kernel) : IAuditKernel
    {
        private int _adds, _deletes, _sets;
        private (int At, Errno Error, string? Always, bool CarriedOut) _add;
        private (int At, Errno Error) _delete, _set;
        private (int At, Action? Do) _before;
        private Errno _list;

        public void Reset() => (_adds, _deletes, _sets) = (0, 0, 0);

        public void FailAdd(int at, Errno error, string? always = null, bool carriedOut = false) => _add = (at, error, always, carriedOut);

        public void FailDelete(int at, Errno error) => _delete = (at, error);

        public void FailSet(int at, Errno error) => _set = (at, error);

        public void FailList(Errno error) => _list = error;

        public void BeforeAdd(int at, Action act) => _before = (at, act);

        private Errno AddRule(KernelRule rule)
        {
            _adds++;
            if (_adds == _before.At) _before.Do!();
            bool fails = _add.Always is { } text ? RulePrinting.Text(rule).Contains($"-S {text} ", StringComparison.Ordinal) : _adds == _add.At;
            if (!fails) return kernel.AddRule(rule);
            if (_add.CarriedOut) kernel.AddRule(rule);
            return _add.Error;
        }

        private Errno DeleteRule(KernelRule rule) => ++_deletes == _delete.At ? _delete.Error : kernel.DeleteRule(rule);

        public void ChangeRules(ReadOnlySpan<RuleStep> steps, Span<Errno> answers)
        {
            for (int i = 0; i < steps.Length; i++)
                answers[i] = steps[i].Kind == RuleStepKind.Delete ? DeleteRule(steps[i].Rule) : AddRule(steps[i].Rule.WithPrepend(steps[i].Kind == RuleStepKind.Prepend));
        }

        public Errno SetStatus(in AuditStatus status) => ++_sets == _set.At ? _set.Error : kernel.SetStatus(status);

        public Errno ListRules(out IReadOnlyList<KernelRule> rules)
        {
            rules = [];
            return _list != Errno.None ? _list : kernel.ListRules(out rules);
        }

        public Errno GetStatus(out AuditStatus status) => kernel.GetStatus(out status);

        public Errno ResetCounter(AuditStatusMask counter, out uint previous) => kernel.ResetCounter(counter, out previous);

        public Errno GetFeatures(out AuditFeatures features) => kernel.GetFeatures(out features);

        public Errno SetFeatures(in AuditFeatures features) => kernel.SetFeatures(features);

        public void WaitForSearches() => kernel.WaitForSearches();
    }
}
