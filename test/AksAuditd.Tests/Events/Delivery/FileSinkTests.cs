using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class FileSinkTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SteppedClock _clock = new();

    private string Path => _directory["events.json"];

    public void Dispose() => _directory.Dispose();

    private FileSink Open(long size = 1 << 20, int count = 3, string? path = null) => new(path ?? Path, new(size, count), _clock);

    [Fact]
    public void Send_NewFile_OnlyItsOwnerMayRead()
    {
        using FileSink sink = Open();
        sink.SendAll("one", "two");
        Assert.Equal("one\ntwo\n", File.ReadAllText(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void Send_SizeReached_Rotates()
    {
        using FileSink sink = Open(size: 25);
        for (int i = 0; i < 9; i++) sink.SendAll($"line {i} 567");
        Assert.Equal("line 8 567\n", File.ReadAllText(Path));
        Assert.Equal("line 6 567\nline 7 567\n", File.ReadAllText($"{Path}.1"));
        Assert.Equal("line 4 567\nline 5 567\n", File.ReadAllText($"{Path}.2"));
        Assert.Equal(3, Directory.GetFiles(_directory.Path).Length);
    }

    [Fact]
    public void Send_OneFileOnly_IsEmptied()
    {
        using FileSink sink = Open(size: 25, count: 1);
        for (int i = 0; i < 5; i++) sink.SendAll($"line {i} 567");
        Assert.Equal("line 4 567\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Send_FileMovedAway_OpensItAgain()
    {
        using FileSink sink = Open();
        sink.SendAll("one");
        File.Move(Path, _directory["moved"]);
        _clock.Step(TimeSpan.FromSeconds(2));
        sink.SendAll("two");
        Assert.Equal("one\n", File.ReadAllText(_directory["moved"]));
        Assert.Equal("two\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Reopen_FileMovedAway_OpensItAtOnce()
    {
        using FileSink sink = Open();
        sink.SendAll("one");
        File.Move(Path, _directory["moved"]);
        sink.Reopen();
        sink.SendAll("two");
        Assert.Equal("two\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Send_HalfLineOfAnEarlierProcess_IsEndedFirst()
    {
        File.WriteAllText(Path, "whole\nha");
        using FileSink sink = Open();
        sink.SendAll("next");
        Assert.Equal("whole\nha\nnext\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Send_PathIsALink_IsRefused()
    {
        string target = _directory.Write("target", "precious");
        File.CreateSymbolicLink(Path, target);
        using FileSink sink = Open();
        Assert.Equal(SendState.Down, sink.Send(new(Frames.Of("x")), out _));
        Assert.StartsWith("open: ELOOP", sink.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(target));
    }

    [Fact]
    public void Send_DirectoryIsMissing_ComesBackWhenItIsThere()
    {
        using FileSink sink = Open(path: _directory["later/events.json"]);
        Assert.Equal(SendState.Down, sink.Send(new(Frames.Of("x")), out _));
        Directory.CreateDirectory(_directory["later"]);
        Assert.Equal(SendState.Down, sink.Send(new(Frames.Of("x")), out _));
        _clock.Step(TimeSpan.FromMilliseconds(100));
        Assert.Equal(SendState.Sent, sink.Send(new(Frames.Of("x")), out int taken));
        Assert.Equal(1, taken);
    }

    [Fact]
    public void Send_LineTooLong_IsRefusedAndOthersAreTaken()
    {
        using FileSink sink = new(Path, FileRotation.Default, _clock, 10);
        byte[] frames = Frames.Of("short", "much longer than that", "after");
        Assert.Equal((SendState.Sent, 1), (sink.Send(new(frames), out int taken), taken));
        frames = frames[LineFrames.SizeOf(frames, 1)..];
        Assert.Equal((SendState.Refused, 0), (sink.Send(new(frames), out taken), taken));
        sink.SendAll("after");
        Assert.Equal("short\nafter\n", File.ReadAllText(Path));
    }

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public void Send_DiskFull_NeverLeavesHalfALine()
    {
        using TinyDisk disk = new(_directory["disk"], "64k");
        string path = $"{disk.Path}/events.json", line = new('x', 999);
        using FileSink sink = Open(path: path);
        int total = 0;
        byte[] frames = Frames.Of([.. Enumerable.Repeat(line, 40)]);
        SendState state = SendState.Sent;
        while (state == SendState.Sent)
        {
            state = sink.Send(new(frames), out int taken);
            total += taken;
        }

        Assert.Equal(SendState.Down, state);
        Assert.StartsWith("write: ENOSPC", sink.Error, StringComparison.Ordinal);
        Assert.Equal(65, total);
        Assert.Equal(65_000, new FileInfo(path).Length);
        Assert.All(File.ReadAllLines(path), text => Assert.Equal(line, text));

        File.WriteAllText(path, "");
        _clock.Step(TimeSpan.FromSeconds(20));
        sink.SendAll("room again");
        Assert.Equal("room again\n", File.ReadAllText(path));
    }

    /// <summary>Stands still until it is told to go on.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan by) => _now += by.Ticks;
    }
}
