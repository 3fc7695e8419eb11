using AksAuditd.Events;
using AksAuditd.Events.Pods;
using AksAuditd.Events.Selection;

namespace AksAuditd.Tests.Events.Selection;

public sealed class EventSelectionTests
{
    private static readonly EventFacts Exec = EventMaker.Facts(EventMaker.Exec);

    [Theory]
    [InlineData("{ key: procmon }", true)]
    [InlineData("{ key: proc }", false)]
    [InlineData("{ key: 'proc*' }", true)]
    [InlineData("{ exe: '*/ls' }", true)]
    [InlineData("{ exe: '/usr/*/ls*' }", true)]
    [InlineData("{ exe: '/usr/bin/ls/*' }", false)]
    [InlineData("{ user: root }", true)]
    [InlineData("{ user: '0' }", true)]
    [InlineData("{ user: alice }", false)]
    [InlineData("{ login: alice }", true)]
    [InlineData("{ login: '1000' }", true)]
    [InlineData("{ login: unset }", false)]
    [InlineData("{ success: true }", true)]
    [InlineData("{ success: false }", false)]
    [InlineData("{ type: SYSCALL }", true)]
    [InlineData("{ type: 'USER*' }", false)]
    [InlineData("{ namespace: payments }", true)]
    [InlineData("{ namespace: 'pay*', pod: 'web-*', container: app }", true)]
    [InlineData("{ namespace: payments, pod: db-0 }", false)]
    [InlineData("{ host: false }", true)]
    [InlineData("{ host: true }", false)]
    public void Decide_Match_DropsWhatAllOfItMeans(string match, bool drops) =>
        Assert.Equal(drops ? Verdict.Filtered : Verdict.Keep, Decide($"filters: [ {{ drop: {match} }} ]", Exec, EventMaker.InPod("payments", "web-0")));

    [Theory]
    [InlineData("SYSCALL", Verdict.Filtered)]
    [InlineData("EXECVE", Verdict.Filtered)]
    [InlineData("PATH", Verdict.Filtered)]
    [InlineData("'EXEC*'", Verdict.Filtered)]
    [InlineData("CWD", Verdict.Keep)]
    internal void Decide_Type_IsThatOfAnyRecord(string type, Verdict expected)
    {
        EventFacts facts = EventMaker.Facts(EventMaker.Exec, "type=EXECVE msg=audit(1700000000.123:7): argc=1 a0=\"ls\"",
            "type=PATH msg=audit(1700000000.123:7): item=0 name=\"/usr/bin/ls\"");
        Assert.Equal(expected, Decide($"filters: [ {{ drop: {{ type: {type} }} }} ]", facts, EventMaker.OnHost));
    }

    [Fact]
    public void Decide_KeptTypeBeforeADropOfAll_IsKept()
    {
        const string Settings = "filters: [ { keep: { type: EXECVE } }, { drop: { exe: '*' } } ]";
        Assert.Equal(Verdict.Keep, Decide(Settings, EventMaker.Facts(EventMaker.Exec, "type=EXECVE msg=audit(1700000000.123:7): argc=1 a0=\"ls\""), EventMaker.OnHost));
        Assert.Equal(Verdict.Filtered, Decide(Settings, Exec, EventMaker.OnHost));
    }

    [Fact]
    public void Decide_HostEvent_IsInNoNamespace() =>
        Assert.Equal(Verdict.Keep, Decide("filters: [ { drop: { namespace: '*' } } ]", Exec, EventMaker.OnHost));

    [Fact]
    public void Decide_FirstMatch_Decides() =>
        Assert.Equal(Verdict.Keep, Decide("filters: [ { keep: { user: root } }, { drop: { exe: '*' } } ]", Exec, EventMaker.OnHost));

    [Fact]
    public void Decide_Sample_KeepsTheFirstOfEach()
    {
        EventSelection selection = Selection("filters: [ { sample: { key: procmon, oneIn: 3 } } ]");
        Verdict[] verdicts = [.. Enumerable.Range(0, 7).Select(_ => selection.Decide(Exec, EventMaker.OnHost, 0))];
        Assert.Equal([Verdict.Keep, Verdict.Sampled, Verdict.Sampled, Verdict.Keep, Verdict.Sampled, Verdict.Sampled, Verdict.Keep], verdicts);
    }

    [Theory]
    [InlineData("", "/usr/bin/runc", ProcessPlace.Host, Verdict.Filtered)]
    [InlineData("", "/usr/bin/runc", ProcessPlace.Container, Verdict.Keep)]
    [InlineData("", "/tmp/evil", ProcessPlace.Host, Verdict.Keep)]
    [InlineData("runtimeNoise: keep", "/usr/bin/runc", ProcessPlace.Host, Verdict.Keep)]
    [InlineData("filters: [ { keep: { exe: '*/runc' } } ]", "/usr/bin/runc", ProcessPlace.Host, Verdict.Keep)]
    internal void Decide_RuntimeNoise_IsDroppedUnlessAskedFor(string settings, string exe, ProcessPlace place, Verdict expected)
    {
        EventFacts facts = EventMaker.Facts("type=BPF msg=audit(1.000:1): prog-id=5 op=LOAD",
            $"type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=321 success=yes exit=5 pid=3 uid=0 exe=\"{exe}\" key=(null)");
        ProcessContext context = place == ProcessPlace.Host ? EventMaker.OnHost : EventMaker.InPod("a", "b");
        Assert.Equal(expected, Decide(settings, facts, context));
    }

    [Fact]
    public void Decide_RuntimeNoiseWithAKey_IsARulesEvent()
    {
        EventFacts facts = EventMaker.Facts("type=BPF msg=audit(1.000:1): prog-id=5 op=LOAD",
            "type=SYSCALL msg=audit(1.000:1): syscall=321 success=yes exe=\"/usr/bin/runc\" key=\"bpf\"");
        Assert.Equal(Verdict.Keep, Decide("", facts, EventMaker.OnHost));
    }

    [Fact]
    public void Decide_PerKeyBudget_AllowsSoManyASecond()
    {
        EventSelection selection = Selection("budgets: { perKey: 10 }");
        int Kept(int count, long now) => Enumerable.Range(0, count).Count(_ => selection.Decide(Exec, EventMaker.OnHost, now) == Verdict.Keep);
        Assert.Equal(10, Kept(25, now: 0));
        Assert.Equal(5, Kept(25, now: 500));
        Assert.Equal(10, Kept(25, now: 60_000));
        List<Suppression> suppressions = [];
        selection.CollectSuppressions(suppressions, 60_000);
        Suppression told = Assert.Single(suppressions);
        Assert.Equal(("procmon", 50L, 60_000L), (System.Text.Encoding.ASCII.GetString(told.Key!), told.Count, told.Milliseconds));
        suppressions.Clear();
        selection.CollectSuppressions(suppressions, 61_000);
        Assert.Empty(suppressions);
    }

    [Fact]
    public void Decide_PerPodBudget_OnePodDoesNotSpendAnothers()
    {
        EventSelection selection = Selection("budgets: { perKey: 8, perPod: 5 }");
        ProcessContext loud = EventMaker.InPod("a", "loud", uid: "1"), quiet = EventMaker.InPod("a", "quiet", uid: "2");
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => selection.Decide(Exec, loud, 0) == Verdict.Keep));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => selection.Decide(Exec, quiet, 0) == Verdict.Keep));
        List<Suppression> suppressions = [];
        selection.CollectSuppressions(suppressions, 1000);
        Assert.Equal(95, Assert.Single(suppressions, s => s.Container?.Pod == "loud").Count);
        Assert.Equal(97, Assert.Single(suppressions, s => s.Key is not null).Count);
    }

    [Fact]
    public void Decide_MoreKeysThanBuckets_StaysBounded()
    {
        EventSelection selection = Selection("budgets: { perKey: 1 }");
        for (int i = 0; i < 10_000; i++)
        {
            EventFacts facts = EventMaker.Facts($"type=SYSCALL msg=audit(1.000:1): pid=1 key=\"k{i}\"");
            Assert.Equal(Verdict.Keep, selection.Decide(facts, EventMaker.OnHost, 0));
        }
    }

    [Fact]
    public void Decide_KnownKeysAndPods_AllocatesNothing()
    {
        EventSelection selection = Selection("""
            filters: [ { drop: { key: 'x*', user: bob } }, { sample: { exe: '/bin/*', oneIn: 2 } }, { drop: { namespace: 'kube-*' } } ]
            budgets: { perKey: 1000, perPod: 1000 }
            """);
        ProcessContext pod = EventMaker.InPod("a", "b");
        selection.Decide(Exec, pod, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) selection.Decide(Exec, pod, i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Verdict Decide(string settings, EventFacts facts, in ProcessContext context) => Selection(settings).Decide(facts, context, 0);

    private static EventSelection Selection(string settings)
    {
        EventsSettings read = EventsSettingsReader.Read("events.yaml", settings, new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Empty(errors);
        return new(read, EventMaker.Names);
    }
}
