using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Pods;

public sealed class ProcessTableTests
{
    [Fact]
    public void Add_Full_ForgetsTheOneLongestNotTouched()
    {
        ProcessTable table = new(3);
        table.Add(10);
        table.Add(20);
        table.Add(30);
        Assert.True(table.Find(10) >= 0);
        table.Add(40);
        Assert.Equal(-1, table.Find(20));
        Assert.Equal(3, table.Count);
        Assert.Equal(1, table.Evicted);
        Assert.All((uint[])[10, 30, 40], pid => Assert.Equal(pid, table[table.Find(pid)].Pid));
    }

    [Fact]
    public void AddAndFind_AtRandom_AreAsOfAList()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        ProcessTable table = new(2000);
        LinkedList<uint> model = [];
        for (int i = 0; i < 100_000; i++)
        {
            uint pid = (uint)random.Next(1, 5000);
            int index = table.Find(pid);
            Assert.True(index >= 0 == model.Contains(pid) || i > 3000, $"seed {seed}, pass {i}");
            if (index < 0) index = table.Add(pid);
            Assert.True(table[index].Pid == pid, $"seed {seed}, pass {i}");
            if (i > 3000) continue;
            model.Remove(pid);
            model.AddLast(pid);
            if (model.Count > 2000) model.RemoveFirst();
        }

        Assert.Equal(2000, table.Count);
    }
}
