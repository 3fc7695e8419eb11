using System.Text;
using AksAuditd.Check;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Check;

public sealed class InputReaderTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Read_Directory_TakesRulesPluginsAndYamlInOrder()
    {
        foreach (string name in new[] { "10.rules", "9.rules", ".hidden.rules", "notes.txt", "x.rules.bak" }) _directory.Write(name, "-D\n");
        _directory.Write("syslog.conf", "active = no\n");
        _directory.Write("auditd.conf", "log_file = /var/log/audit/audit.log\n");
        _directory.Write("audisp-remote.conf", "remote_server = x\n");
        _directory.Write("z.yaml", "kind: ConfigMap\ndata: {1.rules: -D}\n");
        InputSet set = Read(_directory.Path);

        Assert.Equal(["9.rules", "10.rules", "auditd.conf", "syslog.conf", "1.rules"], set.Inputs.Select(i => Path.GetFileName(i.Name)));
        Assert.EndsWith("audisp-remote.conf: not a plugin file", Assert.Single(set.LeftOut), StringComparison.Ordinal);
        Assert.Empty(set.Unreadable);
    }

    [Fact]
    public void Read_RulesUnderAnotherName_AreWarnedOfBesideRulesOnly()
    {
        foreach (string name in new[] { "60-mine.rule", "70-b.RULES", "80.rules.bak", "90.rules~", ".rule" }) _directory.Write(name, "# mine\n\n -a never,task\n");
        _directory.Write("README.md", "# Rules\n\nLines such as\n-a never,task\n- and others\n");
        File.CreateSymbolicLink(_directory["c"], _directory["60-mine.rule"]);
        System.Diagnostics.Process.Start("mkfifo", [_directory["pipe"]]).WaitForExit();
        Assert.Empty(Read(_directory.Path).Diagnostics);

        _directory.Write("10.rules", "-D\n");
        InputSet set = Read(_directory.Path);
        Assert.Equal(["60-mine.rule", "70-b.RULES", "c"], set.Diagnostics.Select(d => Path.GetFileName(d.Location.File)));
        Assert.Equal(("AUD127", "rename it to 60-mine.rules"), (set.Diagnostics[0].Code, set.Diagnostics[0].Fix));
        Assert.Equal((1, 3, 0), (Checked.Run(set).Entries, Checked.Run(set).Warnings, set.Unreadable.Count));
    }

    [Theory]
    [InlineData("-D\n", InputKind.Rules)]
    [InlineData("active = no\n", InputKind.Plugin)]
    [InlineData("apiVersion: v1\nkind: ConfigMap\ndata: {1.rules: -D}\n", InputKind.Rules)]
    [InlineData("{\"kind\":\"ConfigMap\",\"data\":{\"1.conf\":\"active = no\\n\"}}", InputKind.Plugin)]
    public void Read_StandardInput_IsTakenForWhatItLooksLike(string text, object kind) =>
        Assert.Equal((InputKind)kind, Assert.Single(new InputReader(new MemoryStream(Encoding.UTF8.GetBytes(text))).Read(["-"]).Inputs).Kind);

    [Fact]
    public void Read_SameFileTwice_IsReadOnce()
    {
        string file = _directory.Write("a.rules", "-D\n");

        Assert.Single(Read(file, file, _directory.Path).Inputs);
    }

    [Fact]
    public void Read_WhatIsNoFile_IsSaidAndNotWaitedFor()
    {
        System.Diagnostics.Process.Start("mkfifo", [_directory["pipe.rules"]]).WaitForExit();
        InputSet set = Read(_directory["pipe.rules"], "/dev/null", _directory["nothing"]);

        Assert.Equal(3, set.Unreadable.Count);
        Assert.EndsWith("pipe.rules: a file or directory is expected; to read a pipe, pass it as standard input", set.Unreadable[0], StringComparison.Ordinal);
        Assert.StartsWith("/dev/null: a file or directory is expected", set.Unreadable[1], StringComparison.Ordinal);
        Assert.EndsWith("nothing: there is no such file or directory", set.Unreadable[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileTooLarge_IsSaid()
    {
        using (FileStream file = File.Create(_directory["large.rules"])) file.SetLength((64 * 1024 * 1024) + 1);

        Assert.EndsWith("large.rules: larger than 64 MiB", Assert.Single(Read(_directory["large.rules"]).Unreadable), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static InputSet Read(params string[] paths) => new InputReader(Stream.Null).Read(paths);
}
