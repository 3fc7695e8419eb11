using AksAuditd.Node;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Node;

public sealed class NodePathTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Find_WhatIsThere_FollowsLinks()
    {
        string file = _directory.Write("file", "x");
        File.CreateSymbolicLink(_directory["link"], file);
        File.CreateSymbolicLink(_directory["nowhere"], _directory["nothing"]);
        File.CreateSymbolicLink(_directory["loop"], _directory["loop"]);

        Assert.True(NodePath.IsFile(file));
        Assert.True(NodePath.IsFile(_directory["link"]));
        Assert.True(NodePath.IsDirectory(_directory[""]));
        Assert.Null(NodePath.Find(_directory["nowhere"]));
        Assert.Null(NodePath.Find(_directory["loop"]));
        Assert.Null(NodePath.Find($"{file}/below"));
        Assert.Null(NodePath.Find($"/{new string('a', 300)}"));
    }
}
