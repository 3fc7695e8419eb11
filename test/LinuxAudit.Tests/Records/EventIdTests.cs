using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class EventIdTests
{
    [Fact]
    public void TryParse_Text_RoundTrips()
    {
        Assert.True(EventId.TryParse("1364481363.043:4294967295"u8, out EventId id));
        Assert.Equal(new EventId(1364481363, 43, 4294967295), id);
        Span<byte> text = stackalloc byte[EventId.MaxLength];
        Assert.True(id.TryFormat(text, out int length));
        Assert.Equal("1364481363.043:4294967295", Lines.Text(text[..length]));
        Assert.Equal("1364481363.043:4294967295", id.ToString());
        Assert.False(id.TryFormat(text[..24], out _));
    }

    [Fact]
    public void Time_OfAnId_IsUtc() => Assert.Equal(new DateTimeOffset(2013, 3, 28, 14, 36, 3, 43, TimeSpan.Zero), new EventId(1364481363, 43, 1).Time);
}
