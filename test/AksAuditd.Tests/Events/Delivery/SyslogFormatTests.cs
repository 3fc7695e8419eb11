using System.Text;
using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class SyslogFormatTests
{
    private static readonly int Pid = Environment.ProcessId;

    [Fact]
    public void Write_Rfc5424_HasTimeToTheMicrosecond() =>
        Assert.Equal($"<182>1 2026-11-22T03:44:05.123456Z node-1 aks-auditd {Pid} event - {{\"a\":1}}\n", Write(new() { Host = "node-1" }, 1_795_319_045_123_456));

    [Fact]
    public void Write_Rfc3164_PadsTheDayWithABlank() =>
        Assert.Equal($"<37>Jan  2 03:04:05 node-1 x[{Pid}]: {{\"a\":1}}\n",
            Write(new() { Header = SyslogHeader.Rfc3164, Host = "node-1", Application = "x", Facility = 4, Severity = 5 }, 97_445_000_001));

    [Fact]
    public void Write_Local_HasNoHost() =>
        Assert.Equal($"<182>Jan  1 00:00:00 aks-auditd[{Pid}]: {{\"a\":1}}", Write(new() { Header = SyslogHeader.Local, Framing = SyslogFraming.None }, 0));

    [Fact]
    public void Write_Octets_BeginsWithTheLength()
    {
        string text = Write(new() { Host = "node-1", Framing = SyslogFraming.Octets }, 0);
        int blank = text.IndexOf(' ');
        Assert.Equal(text.Length - blank - 1, int.Parse(text.AsSpan(0, blank)));
        Assert.Equal('<', text[blank + 1]);
    }

    [Theory]
    [InlineData(-1, "1969-12-31T23:59:59.999999Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.775807Z")]
    [InlineData(long.MinValue, "0001-01-01T00:00:00.224192Z")]
    public void Write_OddTime_IsStillATime(long time, string expected) => Assert.Contains($"<182>1 {expected} ", Write(new(), time), StringComparison.Ordinal);

    [Fact]
    public void Write_HostWithBlanks_CannotBreakTheHeader() =>
        Assert.Contains("Z my_host aks-auditd ", Write(new() { Host = "my host" }, 0), StringComparison.Ordinal);

    [Fact]
    public void Write_SecondAfterSecond_EqualsTheFramework()
    {
        SyslogFormat format = new(new() { Host = "h" });
        byte[] to = new byte[500];
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int i = 0; i < 2000; i++)
        {
            DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(0, 4_000_000_000) * TimeSpan.TicksPerSecond).AddMicroseconds(random.Next(1_000_000));
            int length = format.Write(to, "x"u8, (time - DateTimeOffset.UnixEpoch).Ticks / 10);
            Assert.True(Encoding.ASCII.GetString(to, 7, 27) == time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"), $"seed {seed}: {time:O}");
            Assert.Equal(format.HeaderSize + 2, length);
        }
    }

    private static string Write(SyslogOptions options, long time)
    {
        SyslogFormat format = new(options);
        byte[] to = new byte[7 + format.Overhead];
        return Encoding.ASCII.GetString(to, 0, format.Write(to, "{\"a\":1}"u8, time));
    }
}
