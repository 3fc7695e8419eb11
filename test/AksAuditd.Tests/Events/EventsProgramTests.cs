using System.Diagnostics;
using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Sources;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Events;

public sealed class EventsProgramTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Two changes before the pipeline's next turn: the second has the sink of the first, and must not undo it.</summary>
    [Fact]
    public void Change_TwiceBeforeATurn_TheSinkIsTheLastSettings()
    {
        EventsSettings first = Settings("first.json"), second = Settings("second.json");
        using EventsProgram program = Open(first, new Lines(3));
        program.Change(second);
        program.Change(second with { Raw = true });
        program.Run(CancellationToken.None);
        Assert.Equal((0, 3), (Count("first.json"), Count("second.json")));
    }

    [Fact]
    public void Run_FormatRecords_WritesTheRecordsAndCountsEvents()
    {
        using EventsProgram program = Open(Settings("out") with { Format = EventFormat.Records }, new Lines(3));
        program.Run(CancellationToken.None);
        Assert.Equal([1, 2, 3], File.ReadLines(_directory["out"]).Select(l => int.Parse(l["type=USER_LOGIN msg=audit(1795221409.633:".Length..].Split(')')[0])));
        EventAccounts accounts = program.Report.Last!.Accounts;
        Assert.Equal((3, 3, true), (accounts.Received, accounts.Delivered, accounts.IsBalanced));
    }

    /// <summary>A sink that takes less than JSON can be shortened to: what it cannot take is counted, and the program runs.</summary>
    [Fact]
    public void Run_SinkTakesLessThanTheShortestJson_IsCountedWhereItDoesNotFit()
    {
        using EventsProgram program = Open(new() { To = $"file:{_directory["out"]}?max=480", SpoolBytes = 0, NodeName = new string('n', 250) }, new Lines(3));
        program.Run(CancellationToken.None);
        EventAccounts accounts = program.Report.Last!.Accounts;
        Assert.Equal((3, true, true), (accounts.Received, accounts.Lost > 0, accounts.IsBalanced));
        Assert.Equal(accounts.Lost, program.Report.Last.Losses.TooLong);
    }

    /// <summary>A source that has more as fast as it is read: the second that is given to what has come already is over all the same.</summary>
    [Fact]
    public void Run_StoppedWhileTheSourceIsNeverEmpty_Ends()
    {
        using EventsProgram program = Open(Settings("out.json"), new Lines(long.MaxValue));
        using CancellationTokenSource stop = new();
        Thread thread = new(() => program.Run(stop.Token)) { IsBackground = true };
        thread.Start();
        while (Count("out.json") == 0) Thread.Sleep(20);
        Stopwatch watch = Stopwatch.StartNew();
        stop.Cancel();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "it still runs");
        Assert.True(watch.ElapsedMilliseconds > 900, "what had come already was not read for a second");
    }

    private EventsSettings Settings(string file) => new() { To = $"file:{_directory[file]}?size=1GiB", SpoolBytes = 0, SpoolDirectory = _directory["spool"] };

    private EventsProgram Open(EventsSettings settings, IRecordSource source) =>
        new(new() { Source = source, IsLive = true, Settings = settings, Root = _directory["root"], Version = "0" }, TimeProvider.System, NullLogger.Instance);

    private int Count(string file) => File.Exists(_directory[file]) ? File.ReadLines(_directory[file]).Count(l => l.Contains("USER_LOGIN", StringComparison.Ordinal)) : 0;

    /// <summary>Nothing at first, then logins, one a record, at once.</summary>
    private sealed class Lines(long count) : IRecordSource
    {
        private long _read;
        private int _waits;
        private byte[] _line = [];

        public string Name => "test";

        public long Overruns => 0;

        public SourceState Wait(TimeSpan limit, bool mayGather) => ++_waits == 1 ? SourceState.Idle : _read < count ? SourceState.Ready : SourceState.Ended;

        public bool TryRead(out RawRecord record)
        {
            record = default;
            if (_waits < 2 || _read >= count) return false;
            _line = Encoding.ASCII.GetBytes($"type=USER_LOGIN msg=audit(1795221409.633:{++_read}): pid=1 uid=0 auid=0 ses=1 msg='op=login id=0 exe=\"/usr/sbin/sshd\" hostname=? addr=? terminal=? res=success'");
            record = new(0, _line);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
