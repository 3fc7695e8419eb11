using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class IdentityTableTests
{
    [Fact]
    public void Parse_BrokenLines_ArePassedOver()
    {
        IdentityTable table = IdentityTable.Parse("root:x:0:0:::\ntoor:x:0:0:::\n\n:x:5::\nbad\nx:x:abc:\nlate:x:7:"u8, "g:x:8:"u8);
        Assert.Equal(["root", "late", null, null], new uint[] { 0, 7, 5, 9 }.Select(u => table.TryGetUser(u, out ReadOnlySpan<byte> n) ? Lines.Text(n) : null));
        Assert.True(table.TryGetGroup(8, out ReadOnlySpan<byte> name));
        Assert.Equal("g", Lines.Text(name));
    }
}
