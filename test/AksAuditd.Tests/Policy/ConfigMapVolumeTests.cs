using System.Net.Sockets;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Policy;

public sealed class ConfigMapVolumeTests : IDisposable
{
    private static readonly NodeRoot Here = NodeRoot.Enter("/");
    private readonly TempDirectory _directory = new();
    private readonly VolumeWriter _volume;
    private readonly FileSet _set;

    public ConfigMapVolumeTests()
    {
        _volume = new(_directory["volume"]);
        _set = new("rules", _volume.Path, _directory["target"], ".rules", 0x1a0);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_KubeletLayout_GivesFilesOfTheVersion()
    {
        _volume.Swap(("b.rules", "-b 1\n"), ("a.rules", "-D\n"));
        SourceVersion read = ConfigMapVolume.Read([_set], Here)[0];
        Assert.Empty(read.Problems);
        Assert.Empty(read.Warnings);
        Assert.Equal(["a.rules", "b.rules"], read.Files.Select(f => f.Name));
        // printf -- '-D\n' | sha256sum
        Assert.Equal("f74f9f00ec97e795f0dcc45cc6b256e2f994cdc1d91dee42465d41392ac16260", read.Files[0].Sha256);
    }

    [Fact]
    public void Read_PlainDirectory_GivesItsFiles()
    {
        Directory.CreateDirectory(_directory["plain"]);
        File.WriteAllText(_directory["plain/a.rules"], "-D\n");
        SourceVersion read = ConfigMapVolume.Read([_set with { Source = _directory["plain"] }], Here)[0];
        Assert.Empty(read.Problems);
        Assert.Equal("a.rules", Assert.Single(read.Files).Name);
    }

    [Fact]
    public void Read_NoFinalNewline_GetsOne()
    {
        _volume.Swap(("a.rules", "-D"), ("b.rules", "-b 1\n"), ("c.rules", ""));
        Assert.Equal(["-D\n", "-b 1\n", ""], ConfigMapVolume.Read([_set], Here)[0].Files.Select(f => System.Text.Encoding.UTF8.GetString(f.Content)));
    }

    [Fact]
    public void Read_OneFileIsWanted_TheRestAndTheVolumeMayBeAnything()
    {
        FileSet only = new("events", _volume.Path, _directory["target"], ".yaml", 0x1a0, "events.yaml");
        _volume.Swap(("events.yaml", "raw: true\n"), ("syslog.conf", "active = yes\n"));
        SourceVersion read = ConfigMapVolume.Read([only], Here)[0];
        Assert.Equal("events.yaml", Assert.Single(read.Files).Name);
        Assert.Empty(read.Warnings);
        SourceVersion absent = ConfigMapVolume.Read([only with { Source = _directory["nowhere"] }], Here)[0];
        Assert.Empty(absent.Files);
        Assert.Empty(absent.Problems);
    }

    [Fact]
    public void Read_OtherFiles_AreNamedInWarningsAndLeftOut()
    {
        _volume.Swap(("a.rules", "-D\n"), ("README", "x"), (".hidden.rules", "x"), (".rules", "x"));
        SourceVersion read = ConfigMapVolume.Read([_set], Here)[0];
        Assert.Single(read.Files);
        Assert.Equal(3, read.Warnings.Count);
        Assert.Contains(read.Warnings, w => w.EndsWith("/README: not named *.rules, not read", StringComparison.Ordinal));
        Assert.Contains(read.Warnings, w => w.EndsWith("/.hidden.rules: hidden by its first dot, not read", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SourceMissing_SaysSo()
    {
        string problem = Assert.Single(ConfigMapVolume.Read([_set with { Source = _directory["nothing"] }], Here)[0].Problems);
        Assert.Contains("nothing: cannot open the directory: ENOENT", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link", "it is a symbolic link")]
    [InlineData("directory", "it is a directory")]
    [InlineData("socket", "it is a socket, pipe or device")]
    [InlineData("large", "has 1048577 bytes; 1048576 are allowed")]
    [InlineData("newline", "its name has a control character")]
    [InlineData("dots", "its name has '..'")]
    [InlineData("bytes", "its name is not UTF-8")]
    public void Read_WhatIsNoPlainFile_IsRefusedByName(string kind, string expected)
    {
        _volume.Swap(("a.rules", "-D\n"));
        string path = $"{_volume.Current}/x.rules";
        switch (kind)
        {
            case "link": File.CreateSymbolicLink(path, "/etc/passwd"); break;
            case "directory": Directory.CreateDirectory(path); break;
            case "socket": new Socket(AddressFamily.Unix, SocketType.Stream, 0).Bind(new UnixDomainSocketEndPoint(path)); break;
            case "large": File.WriteAllBytes(path, new byte[1024 * 1024 + 1]); break;
            case "newline": File.WriteAllText($"{_volume.Current}/x\ny.rules", "-D\n"); break;
            case "dots": File.WriteAllText($"{_volume.Current}/x..rules", "-D\n"); break;
            case "bytes": System.Diagnostics.Process.Start("sh", ["-c", $"printf x > {_volume.Current}/$(printf 'x\\377.rules')"]).WaitForExit(); break;
        }

        string problem = Assert.Single(ConfigMapVolume.Read([_set], Here)[0].Problems);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void Read_TwoSetsOfOneVolume_EachFileGoesToItsSet()
    {
        _volume.Swap(("syslog.conf", "active = no\n"), ("auditd.conf", "freq = 50\n"), ("notes.txt", "x"));
        FileSet plugins = new(FileSet.Plugins, _volume.Path, "/p", ".conf", 0), auditd = new(FileSet.Auditd, _volume.Path, "/a", ".conf", 0, "auditd.conf");
        IReadOnlyList<SourceVersion> read = ConfigMapVolume.Read([plugins, auditd], Here);

        Assert.Equal(["plugins syslog.conf", "auditd auditd.conf"], read.SelectMany(s => s.Files.Select(f => $"{s.Set.Name} {f.Name}")));
        Assert.Equal($"{_volume.Path}/notes.txt: not named *.conf, not read", Assert.Single(read.SelectMany(s => s.Warnings)));
    }

    [Fact]
    public void Read_DataLinkOutOfTheVolume_IsNotFollowed()
    {
        Directory.CreateDirectory(_directory["outside"]);
        File.WriteAllText(_directory["outside/a.rules"], "-D\n");
        File.CreateSymbolicLink($"{_volume.Path}/..data", "../outside");
        SourceVersion read = ConfigMapVolume.Read([_set], Here)[0];
        Assert.Empty(read.Files);
        Assert.Contains("points out of the volume", Assert.Single(read.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhileVersionsAreSwapped_IsAlwaysOneVersionWhole()
    {
        const int Swaps = 200;
        _volume.Swap(Files(0));
        using CancellationTokenSource done = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 1; i <= Swaps; i++) _volume.Swap(Files(i));
            done.Cancel();
        });
        int reads = 0;
        while (!done.IsCancellationRequested)
        {
            SourceVersion read = ConfigMapVolume.Read([_set], Here)[0];
            if (read.Problems.Count > 0)
            {
                Assert.Contains("times while it was read", Assert.Single(read.Problems), StringComparison.Ordinal);
                continue;
            }

            reads++;
            Assert.Equal(5, read.Files.Count);
            Assert.Single(read.Files.Select(f => System.Text.Encoding.UTF8.GetString(f.Content)).Distinct());
        }

        writer.GetAwaiter().GetResult();
        Assert.True(reads > 10, $"only {reads} reads");

        static (string, string)[] Files(int version) => [.. Enumerable.Range(0, 5).Select(n => ($"{n}.rules", $"-b {version}\n"))];
    }
}
