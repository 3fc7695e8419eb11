using AksAuditd.Events;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events;

public sealed class ContainerAnnouncementsTests
{
    private readonly ContainerAnnouncements _announcements = new();

    [Fact]
    public void IsDue_FirstEventThenMore_OnlyTheFirst()
    {
        Container container = Named("1", "app");
        Assert.True(_announcements.IsDue(container, 0));
        Assert.False(_announcements.IsDue(container, 1));
        Assert.False(_announcements.IsDue(container, 3_599_999));
        Assert.True(_announcements.IsDue(container, 3_600_000));
        Assert.False(_announcements.IsDue(container, 3_600_001));
    }

    [Fact]
    public void IsDue_NamesMissing_NotUntilAllAreThere()
    {
        Container container = new("1") { PodUid = "u" };
        Assert.False(_announcements.IsDue(container, 0));
        container.Rename("payments", "checkout", null);
        Assert.False(_announcements.IsDue(container, 1));
        container.Rename("payments", "checkout", "app");
        Assert.True(_announcements.IsDue(container, 2));
    }

    // The last one announced is the one whose events follow, also when the old one's come late.
    [Fact]
    public void IsDue_TwoContainersOfOneName_EachTimeItIsTheOther()
    {
        Container before = Named("1", "app"), now = Named("2", "app"), other = Named("3", "sidecar");
        Assert.True(_announcements.IsDue(before, 0));
        Assert.True(_announcements.IsDue(other, 0));
        Assert.True(_announcements.IsDue(now, 1));
        Assert.True(_announcements.IsDue(before, 2));
        Assert.False(_announcements.IsDue(before, 3));
        Assert.True(_announcements.IsDue(now, 4));
        Assert.False(_announcements.IsDue(other, 5));
    }

    [Fact]
    public void Clear_KnownContainer_IsDueAgain()
    {
        Container container = Named("1", "app");
        _announcements.IsDue(container, 0);
        _announcements.Clear();
        Assert.True(_announcements.IsDue(container, 1));
    }

    [Fact]
    public void IsDue_MoreNamesThanANodeHas_AllAreAnnouncedAgain()
    {
        Container first = Named("0", "app-0");
        Assert.True(_announcements.IsDue(first, 0));
        for (int i = 1; i <= 4096; i++) Assert.True(_announcements.IsDue(Named($"{i}", $"app-{i}"), 0));
        Assert.True(_announcements.IsDue(first, 0));
    }

    private static Container Named(string id, string name)
    {
        Container container = new(id) { PodUid = "u" };
        container.Rename("payments", "checkout", name);
        return container;
    }
}
