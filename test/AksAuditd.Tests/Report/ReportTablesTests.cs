using AksAuditd.Report;
using static AksAuditd.Tests.Report.ReportMaker;

namespace AksAuditd.Tests.Report;

public sealed class ReportTablesTests
{
    [Fact]
    public void Of_Forgetting_KeepsTheFrequentAndTheSum()
    {
        CountTable table = new(4, forgets: true);
        ReportEvent any = new();
        for (int i = 0; i < 10; i++) table.Of("often"u8).Add(any);
        for (int i = 0; i < 20; i++) table.Of([(byte)('a' + i)]).Add(any);

        Assert.True(table.HasForgotten);
        Assert.Equal(("often", 10L), Rows(table)[0]);
        Assert.InRange(table.Count, 2, 4);
        Assert.Equal(30, table.Others.Events + table.Sorted().Sum(r => r.Events));
    }

    [Fact]
    public void Of_NotForgetting_GivesTheNewToOthers()
    {
        CountTable table = new(2, forgets: false);
        foreach (byte name in "abca"u8.ToArray()) table.Of([name]).Add(new ReportEvent());
        Assert.Equal([("a", 2L), ("b", 1L)], Rows(table));
        Assert.Equal((1L, 2), (table.Others.Events, table.Others.Index));
    }

    [Theory]
    [InlineData(new[] { 0L, 1000, 119_000 }, 1, 120)]
    [InlineData(new[] { 0L, 120_000 }, 2, 61)]
    [InlineData(new[] { 86_400_000L, 0 }, 1800, 49)]
    [InlineData(new[] { 1_700_000_000_000L, 0 }, 86_400L << 8, 77)]
    public void Add_Times_MakesSlicesThatFit(long[] times, long seconds, long slices)
    {
        Timeline timeline = new(120);
        foreach (long time in times) timeline.Add(time, 0);
        Assert.Equal((seconds, slices), (timeline.Seconds, timeline.Last - timeline.First + 1));
    }

    [Fact]
    public void Add_ManyKeys_LosesNone()
    {
        Timeline timeline = new(4);
        for (int i = 0; i < 1000; i++) timeline.Add(i * 977L, i % 7);
        long[] sums = new long[7];
        for (long slice = timeline.First; slice <= timeline.Last; slice++)
            for (int key = 0; key < timeline[slice].Length; key++) sums[key] += timeline[slice][key];
        Assert.Equal([143, 143, 143, 143, 143, 143, 142], sums);
    }

    [Theory]
    [InlineData(42, "42 B")]
    [InlineData(1_234, "1.23 kB")]
    [InlineData(98_760_000, "98.8 MB")]
    [InlineData(123e9, "123 GB")]
    [InlineData(2e12, "2 TB")]
    public void Bytes_IsThreeDigits(double bytes, string text) => Assert.Equal(text, Amounts.Bytes(bytes));

    [Theory]
    [InlineData(1.44, "1.4 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_725, "1 h 2 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void Duration_IsTwoUnits(double seconds, string text) => Assert.Equal(text, Amounts.Duration(seconds));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0002, "< 0.001")]
    [InlineData(0.0625, "0.063")]
    [InlineData(12.3, "12.30")]
    [InlineData(1234.4, "1,234")]
    public void Money_IsAsExactAsItMatters(double sum, string text) => Assert.Equal(text, Amounts.Money(sum));

    [Fact]
    public void IsSame_NumberGoneBy_IsAnother()
    {
        PidCounter counter = new();
        counter.Observe(30_000);
        long seen = counter.Now;
        Assert.True(counter.IsSame(30_000, seen));
        counter.Observe(32_000);
        counter.Observe(400);
        Assert.True(counter.IsSame(30_000, seen));
        counter.Observe(29_999);
        Assert.True(counter.IsSame(30_000, seen));
        counter.Observe(30_001);
        Assert.False(counter.IsSame(30_000, seen));
    }

    [Fact]
    public void IsSame_OlderThanTheRound_UntilTheCounterComesBy()
    {
        PidCounter counter = new();
        counter.Observe(500);
        // A daemon of the last round, heard of now.
        long seen = counter.Now;
        counter.Observe(2_000);
        Assert.True(counter.IsSame(3_000, seen));
        counter.Observe(3_000);
        Assert.False(counter.IsSame(3_000, seen));
    }
}
