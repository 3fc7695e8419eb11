using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Pods;

/// <summary>Where processes live, on a node made of files.</summary>
public sealed class PodContextTests : IDisposable
{
    private readonly FakeNode _node = new();
    private PodContext? _made;

    private PodContext Context => _made ??= new PodContext(_node.Options, _node);

    public void Dispose()
    {
        _made?.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void Resolve_Living_IsWhereProcSays()
    {
        _node.Process(100, FakeNode.HostGroup, executable: "/usr/bin/bash");
        _node.Process(200, FakeNode.Group('a'));
        _node.Process(201, FakeNode.Group('a'));
        Assert.Equal(("Container a", "/usr/bin/bash"), Resolve(200, 100));
        Assert.Equal(("Container a", "/bin/true"), Resolve(201, 200));
        Assert.Equal(("Host", null), Resolve(100, 99));
    }

    [Fact]
    public void Resolve_Gone_IsWhereItsParentIs()
    {
        _node.Process(100, FakeNode.HostGroup);
        _node.Process(200, FakeNode.Group('a'));
        Assert.Equal("Container a", Place(300, 200));
        Assert.Equal("Host", Place(301, 100));
        Assert.Equal("Unknown", Place(302, 999));
        Assert.Equal(2, Context.Counters.Inherited);
        Assert.Equal(1, Context.Counters.UnknownPlaces);
    }

    [Fact]
    public void Resolve_ChainOfGoneParents_IsWhereTheFirstWas()
    {
        _node.Process(200, FakeNode.Group('a'));
        Assert.Equal("Container a", Place(300, 200));
        _node.End(200);
        Assert.Equal(("Container a", "/bin/true"), Resolve(301, 300));
        Assert.Equal("Container a", Place(302, 301));
    }

    [Fact]
    public void Resolve_StartedLater_IsNotTheEventsProcess()
    {
        _node.Process(200, FakeNode.Group('a'), age: 60_000);
        _node.Process(300, FakeNode.Group('b'), age: 500);
        Assert.Equal("Container a", Text(Context.Resolve(_node.Exec(300, 200, age: 2000))));
        Assert.Equal("Container b", Place(300, 999));
        Assert.Equal("Container a", Text(Context.Resolve(_node.Exec(300, 200, age: 2000))));
    }

    [Fact]
    public void Resolve_PidUsedAgain_IsTheNewProcess()
    {
        _node.Process(200, FakeNode.Group('a'));
        Assert.Equal("Container a", Place(200, 1));
        _node.Wait(2000);
        _node.Process(200, FakeNode.HostGroup);
        Assert.Equal("Host", Text(Context.Resolve(_node.Exec(200, 1, "/bin/other"))));
    }

    [Fact]
    public void Resolve_EnoughForksForAnotherProcess_OldKnowledgeIsNotUsed()
    {
        _node.Process(200, FakeNode.Group('a'));
        Assert.Equal("Container a", Place(200, 1));
        _node.End(200);
        _node.Forks(5000 + 8000);
        _node.Wait(1100);
        Assert.Equal("Container a", Place(200, 1));
        // A quarter of 32,768 - 300.
        _node.Forks(5000 + 8200);
        _node.Wait(1100);
        Assert.Equal("Unknown", Place(200, 1));
        Assert.Equal("Unknown", Place(300, 200));
    }

    [Fact]
    public void Resolve_EventOfLongAgo_GonePidIsNotUsedForALaterOne()
    {
        _node.Process(200, FakeNode.Group('a'), age: 900_000);
        _node.Process(100, FakeNode.HostGroup, age: 900_000);
        Assert.Equal("Container a", Text(Context.Resolve(_node.Exec(300, 200, age: 600_000))));
        // The same pid in the next event of the backlog may be another process by then.
        Assert.Equal("Host", Text(Context.Resolve(_node.Exec(300, 100, age: 500_000))));
    }

    [Fact]
    public void Resolve_RuncEntersAContainer_HostDoesNotStick()
    {
        _node.Process(50, FakeNode.HostGroup, command: "containerd-shim", executable: "/usr/bin/containerd-shim-runc-v2");
        _node.Process(60, FakeNode.HostGroup, command: "runc:[2:INIT]", executable: "/usr/sbin/runc");
        Assert.Equal("Host", Text(Context.Resolve(_node.Exec(60, 50, "/usr/sbin/runc"))));
        _node.Process(60, FakeNode.Group('a'));
        Assert.Equal("Container a", Text(Context.Resolve(_node.Exec(60, 50, "/bin/sh"))));
    }

    [Fact]
    public void Resolve_RuncEntersAContainerAndGoes_IsUnknown()
    {
        _node.Process(50, FakeNode.HostGroup, command: "containerd-shim", executable: "/usr/bin/containerd-shim-runc-v2");
        _node.Process(60, FakeNode.HostGroup, command: "6", executable: "/memfd:runc_cloned:/proc/self/exe (deleted)");
        Assert.Equal("Host", Text(Context.Resolve(_node.Exec(60, 50, "/memfd:runc_cloned:/proc/self/exe (deleted)"))));
        _node.End(60);
        Assert.Equal("Unknown", Text(Context.Resolve(_node.Exec(60, 50, "/bin/sh"))));
        Assert.Equal("Unknown", Place(61, 50));
    }

    [Fact]
    public void Resolve_ParentHadAChildElsewhere_GoneChildIsUnknown()
    {
        _node.Process(70, FakeNode.HostGroup, executable: "/opt/own-runtime");
        Assert.Equal("Host", Place(80, 70));
        _node.Process(81, FakeNode.Group('a'));
        Assert.Equal("Container a", Place(81, 70));
        Assert.Equal("Unknown", Place(82, 70));
    }

    [Theory]
    [InlineData('Z', 4194304)]
    [InlineData('R', 4194308)]
    public void Resolve_EndingOnV1_RootIsNotTheHost(char state, int flags)
    {
        _node.Process(200, FakeNode.Group('a'));
        _node.Process(300, "8:pids:/\n0::/\n", state: state, flags: flags);
        _node.Process(301, "8:pids:/\n0::/\n", state: state, flags: flags);
        Assert.Equal("Container a", Place(300, 200));
        Assert.Equal("Unknown", Place(301, 999));
    }

    [Fact]
    public void Resolve_KnownProcess_IsNotLookedAtAgain()
    {
        _node.Process(100, FakeNode.HostGroup);
        _node.Process(200, FakeNode.Group('a'));
        Place(200, 100);
        long looks = Context.Counters.Looks;
        for (int i = 0; i < 100; i++) Place(200, 100);
        Assert.Equal(looks, Context.Counters.Looks);
        _node.Wait(6000);
        Place(200, 100);
        Assert.Equal(looks + 2, Context.Counters.Looks);
    }

    [Fact]
    public void Resolve_KnownProcess_AllocatesNothing()
    {
        _node.Process(100, FakeNode.HostGroup);
        _node.Process(200, FakeNode.Group('a'));
        _node.PodDirectory("team_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80");
        _node.ContainerLink($"web_team_main-{FakeNode.Id('a')}.log");
        EventFacts facts = _node.Exec(200, 100);
        for (int i = 0; i < 100; i++) Context.Resolve(facts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) Context.Resolve(facts);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Resolve_ManyProcesses_KeepsItsBound()
    {
        for (uint pid = 1000; pid < 3000; pid++) Place(pid, pid - 1);
        Assert.Equal(64, Context.Counters.Processes);
        Assert.Equal(1936, Context.Counters.EvictedProcesses);
    }

    [Fact]
    public void Resolve_OtherPidNamespace_EverythingIsUnknown()
    {
        using FakeNode node = new(pidNamespace: "pid:[4026532000]");
        node.Process(200, FakeNode.Group('a'));
        using PodContext context = new(node.Options, node);
        Assert.False(context.IsUsable);
        Assert.Equal("Unknown", Text(context.Resolve(node.Exec(200, 1))));
    }

    [Fact]
    public void New_ProcessesThere_AreKnownWhenTheyHaveGone()
    {
        _node.Process(200, FakeNode.Group('a'));
        Assert.Equal(1, Context.Counters.Processes);
        _node.End(200);
        Assert.Equal("Container a", Place(300, 200));
    }

    [Fact]
    public void Resolve_NamesThere_GivesThem()
    {
        _node.PodDirectory("team_web-5f7d_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80");
        _node.ContainerLink($"web-5f7d_team_main-{FakeNode.Id('a')}.log");
        _node.ContainerLink($"other_team_side-{FakeNode.Id('b')}.log");
        _node.Process(200, FakeNode.Group('a'));
        ProcessContext context = Context.Resolve(_node.Exec(200, 1));
        Assert.Equal(("team", "web-5f7d", "main"), (context.Container!.Namespace, context.Container.Pod, context.Container.Name));
        Assert.Equal("a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80", context.Container.PodUid);
        Assert.True(Context.IsNamed(context));
        Assert.Equal(1, Context.Counters.NamesFound);
    }

    [Fact]
    public void IsNamed_NamesLate_AsksAgainAndVersionCounts()
    {
        _node.Process(200, FakeNode.Group('a'));
        ProcessContext context = Context.Resolve(_node.Exec(200, 1));
        Assert.False(Context.IsNamed(context));
        _node.PodDirectory("team_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80");
        Assert.False(Context.IsNamed(context));
        Assert.Null(context.Container!.Pod);
        _node.Wait(51);
        Assert.False(Context.IsNamed(context));
        Assert.Equal(("team", "web", null, 1), (context.Container.Namespace, context.Container.Pod, context.Container.Name, context.Container.Version));
        _node.ContainerLink($"web_team_main-{FakeNode.Id('a')}.log");
        _node.Wait(51);
        Assert.True(Context.IsNamed(context));
        Assert.Equal(("main", 2), (context.Container.Name, context.Container.Version));
    }

    [Fact]
    public void IsNamed_NeverNamed_IsGivenUpAndFoundLaterAllTheSame()
    {
        _node.Process(200, FakeNode.Group('a'));
        ProcessContext context = Context.Resolve(_node.Exec(200, 1));
        _node.Wait(4900);
        Assert.False(Context.IsNamed(context));
        _node.Wait(260);
        Assert.True(Context.IsNamed(context));
        _node.PodDirectory("team_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80");
        _node.ContainerLink($"web_team_main-{FakeNode.Id('a')}.log");
        _node.Wait(5100);
        Context.Resolve(_node.Exec(200, 1));
        Assert.Equal("main", context.Container!.Name);
    }

    [Theory]
    [InlineData("a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80")]
    [InlineData("__a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80")]
    [InlineData("_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80")]
    [InlineData("team_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf81")]
    public void Resolve_OddPodDirectory_NamesNothing(string name)
    {
        _node.PodDirectory(name);
        // A link alone names no pod: its name has no uid in it.
        _node.ContainerLink($"web_team_main-{FakeNode.Id('a')}.log");
        _node.ContainerLink(".log");
        _node.ContainerLink($"__-{FakeNode.Id('a')}.log");
        _node.Process(200, FakeNode.Group('a'));
        Assert.Null(Context.Resolve(_node.Exec(200, 1)).Container!.Namespace);
    }

    [Fact]
    public void Resolve_LinkOfAnotherPod_NamesNoContainer()
    {
        _node.PodDirectory("team_web_a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80");
        _node.ContainerLink($"db_kube-system_main-{FakeNode.Id('a')}.log");
        _node.Process(200, FakeNode.Group('a'));
        Container container = Context.Resolve(_node.Exec(200, 1)).Container!;
        Assert.Equal(("team", "web", null), (container.Namespace, container.Pod, container.Name));
    }

    [Fact]
    public void IsPressed_KnownProcessesAndTheirChildren_IsFalse()
    {
        _node.Process(100, FakeNode.HostGroup);
        _node.Process(200, FakeNode.Group('a'));
        Place(100, 99);
        Place(200, 100);
        Place(300, 200);
        Place(301, 300);
        _node.Wait(6000);
        Place(200, 100);
        Assert.False(Context.IsPressed);
    }

    [Fact]
    public void IsPressed_ParentNeverSeen_IsTrueForAMinute()
    {
        _node.Process(200, FakeNode.Group('a'));
        Assert.False(Context.IsPressed);
        // A subshell and its program, both still there.
        _node.Process(300, FakeNode.Group('a'), parent: 200);
        _node.Process(301, FakeNode.Group('a'), parent: 300);
        Assert.Equal("Container a", Place(301, 300));
        Assert.True(Context.IsPressed);
        _node.Wait(59_000);
        Place(301, 300);
        Assert.True(Context.IsPressed);
        _node.Wait(1000);
        Assert.False(Context.IsPressed);
    }

    [Fact]
    public void IsPressed_ChildOfARuntime_IsTrue()
    {
        _node.Process(50, FakeNode.HostGroup, command: "containerd-shim", executable: "/usr/bin/containerd-shim-runc-v2");
        Assert.Equal("Unknown", Place(60, 50));
        Assert.True(Context.IsPressed);
    }

    [Fact]
    public void IsPressed_RuntimeBecomesAnotherProgram_IsTrue()
    {
        _node.Process(50, FakeNode.HostGroup);
        _node.Process(60, FakeNode.HostGroup, command: "runc:[2:INIT]", executable: "/usr/sbin/runc", parent: 50);
        Place(50, 1);
        _node.Wait(61_000);
        Assert.False(Context.IsPressed);
        _node.Process(60, FakeNode.Group('a'));
        Assert.Equal("Container a", Text(Context.Resolve(_node.Exec(60, 999, "/bin/sh"))));
        Assert.True(Context.IsPressed);
    }

    [Fact]
    public void IsPressed_EventOfLongAgo_IsFalse()
    {
        Place(100, 99);
        _node.Wait(61_000);
        // Whoever it was has gone: nothing is gained by being quick.
        Assert.Equal("Unknown", Text(Context.Resolve(_node.Exec(300, 299, age: 3_600_000))));
        Assert.False(Context.IsPressed);
    }

    private string Place(uint pid, uint parent) => Resolve(pid, parent).Place;

    private (string Place, string? ParentExecutable) Resolve(uint pid, uint parent)
    {
        ProcessContext context = Context.Resolve(_node.Exec(pid, parent));
        return (Text(context), context.ParentExecutable is { } path ? Encoding.UTF8.GetString(path) : null);
    }

    private static string Text(ProcessContext context) => context.Container is { } container ? $"{context.Place} {container.Id[0]}" : context.Place.ToString();
}
