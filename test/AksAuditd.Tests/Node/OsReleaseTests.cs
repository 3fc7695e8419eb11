using AksAuditd.Node;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node;

public sealed class OsReleaseTests
{
    [Fact]
    public void Parse_Ubuntu_HasIdAndWhatItIsLike()
    {
        OsRelease os = OsRelease.Parse("PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n");
        Assert.Equal("ubuntu", os.Id);
        Assert.Equal(["debian"], os.Like);
        Assert.Equal("Ubuntu 24.04.1 LTS", os.PrettyName);
    }

    [Fact]
    public void Parse_SeveralLike_KeepsTheirOrder() =>
        Assert.Equal(["rocky", "rhel", "centos", "fedora"], OsRelease.Parse("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"").Names);

    [Theory]
    [InlineData("", "linux")]
    [InlineData("NAME=x\n", "linux")]
    [InlineData("ID=\n", "linux")]
    [InlineData("# ID=a\nID='sles'\n", "sles")]
    [InlineData("ID=debian\nID=ubuntu\n", "ubuntu")]
    [InlineData("  ID=Debian\r\n", "debian")]
    [InlineData("ID=\"a\\\"b\\$c\"", "a\"b$c")]
    [InlineData("ID=\"", "\"")]
    [InlineData("=x\nID\nID=debian", "debian")]
    public void Parse_OddText_StillSaysAnId(string text, string id) => Assert.Equal(id, OsRelease.Parse(text).Id);

    [Fact]
    public void Read_LinkThatLeadsNowhere_IsNotThere()
    {
        using TempDirectory temp = new();
        File.CreateSymbolicLink(temp["etc"], temp["away"]);
        Assert.Null(OsRelease.Read([temp["etc"], temp["usr"]]));
        temp.Write("usr", "ID=debian");
        Assert.Equal("debian", OsRelease.Read([temp["etc"], temp["usr"]])?.Id);
    }

    [Fact]
    public void Parse_NoPrettyName_MakesOne() => Assert.Equal("azurelinux 3.0", OsRelease.Parse("ID=azurelinux\nVERSION_ID=\"3.0\"").PrettyName);
}
