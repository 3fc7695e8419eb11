using AksAuditd.Policy;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Policy;

public sealed class CauseWatcherTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private int _told;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Nearest_MissingPath_IsTheFirstDirectoryThatIsThere()
    {
        Directory.CreateDirectory(_directory["a"]);
        Assert.Equal((_directory["a"], "b"), CauseWatcher.Nearest(_directory["a/b/c/file"]));
        Assert.Equal((_directory["a"], "file"), CauseWatcher.Nearest(_directory["a/file"]));
        Assert.Equal(("/", "nosuch"), CauseWatcher.Nearest("/nosuch/x"));
        Assert.Null(CauseWatcher.Nearest("/"));
    }

    [Fact]
    public void Watch_SamePathsAgain_IsQuietAndOthersFilesToo()
    {
        using CauseWatcher watcher = new(() => Interlocked.Increment(ref _told), NullLogger.Instance);
        watcher.Watch([_directory["later/file"]]);
        Assert.Equal(1, _told);
        watcher.Watch([_directory["later/file"]]);
        _directory.Write("other", "x");
        Thread.Sleep(200);
        Assert.Equal(1, _told);
        Directory.CreateDirectory(_directory["later"]);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _told) > 1, TimeSpan.FromSeconds(5)));

        watcher.Watch([]);
        int told = _told;
        Directory.Delete(_directory["later"]);
        Directory.CreateDirectory(_directory["later"]);
        Thread.Sleep(200);
        Assert.Equal(told, _told);
    }
}
