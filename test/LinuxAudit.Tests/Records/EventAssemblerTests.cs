using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class EventAssemblerTests
{
    private sealed class ManualClock : TimeProvider
    {
        internal long Milliseconds { get; set; } = 1;
        public override long TimestampFrequency => 1000;
        public override long GetTimestamp() => Milliseconds;
    }

    private static byte[] Line(string type, int serial, string body = "a=1", string time = "100.000") => Lines.Bytes($"type={type} msg=audit({time}:{serial}): {body}");

    private static List<string> Take(EventAssembler assembler)
    {
        List<string> events = [];
        while (assembler.TryTake(out AuditEvent? e))
        {
            using (e)
            {
                List<string> types = [];
                for (int i = 0; i < e.Count; i++) types.Add(Lines.Text(e[i].TypeName));
                events.Add($"{e.Id.Serial} {e.End}: {string.Join(' ', types)}");
            }
        }
        return events;
    }

    [Fact]
    public void Add_EndOfEvent_EndsIt()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("SYSCALL", 1));
        assembler.Add(Line("PATH", 1));
        Assert.Empty(Take(assembler));
        assembler.Add(Line("EOE", 1));
        Assert.Equal(["1 Complete: SYSCALL PATH"], Take(assembler));
    }

    [Fact]
    public void Add_ProcessTitle_EndsItAndTheEndRecordIsNoEvent()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("SYSCALL", 1));
        assembler.Add(Line("PROCTITLE", 1));
        assembler.Add(Line("EOE", 1));
        assembler.Flush();
        Assert.Equal(["1 Complete: SYSCALL PROCTITLE"], Take(assembler));
        Assert.Equal((3, 1, 1), (assembler.Counters.Received, assembler.Counters.EndRecords, assembler.Counters.Events));
    }

    [Fact]
    public void Add_ProcessTitleThatDoesNotEnd_WaitsForTheEndRecord()
    {
        EventAssembler assembler = new(new AssemblerOptions { ProcessTitleEnds = false });
        assembler.Add(Line("PROCTITLE", 1));
        assembler.Add(Line("SYSCALL", 1));
        Assert.Empty(Take(assembler));
        assembler.Add(Line("EOE", 1));
        Assert.Equal(["1 Complete: PROCTITLE SYSCALL"], Take(assembler));
    }

    [Fact]
    public void Add_Interleaved_AreKeptApart()
    {
        EventAssembler assembler = new();
        foreach ((string type, int serial) in new[] { ("SYSCALL", 1), ("SYSCALL", 2), ("PATH", 1), ("CWD", 2), ("EOE", 2), ("EOE", 1) }) assembler.Add(Line(type, serial));
        Assert.Equal(["2 Complete: SYSCALL CWD", "1 Complete: SYSCALL PATH"], Take(assembler));
    }

    [Fact]
    public void Add_SameSerialOtherTimeOrNode_AreDifferentEvents()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("SYSCALL", 1));
        assembler.Add(Line("PATH", 1, time: "100.001"));
        assembler.Add([.. "node=other "u8, .. Line("CWD", 1)]);
        assembler.Flush();
        Assert.Equal(["1 Flushed: SYSCALL", "1 Flushed: PATH", "1 Flushed: CWD"], Take(assembler));
    }

    [Theory]
    [InlineData("USER_LOGIN")]
    [InlineData("DAEMON_START")]
    [InlineData("ANOM_LOGIN_FAILURES")]
    [InlineData("KERNEL")]
    public void Add_SingleRecord_IsReadyAtOnce(string type)
    {
        EventAssembler assembler = new();
        assembler.Add(Line(type, 1));
        Assert.Equal([$"1 Single: {type}"], Take(assembler));
    }

    [Fact]
    public void Add_LaterRecordTime_EndsWhatWaitsTwoSeconds()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("SYSCALL", 1));
        assembler.Add(Line("SYSCALL", 2, time: "101.999"));
        Assert.Empty(Take(assembler));
        assembler.Add(Line("SYSCALL", 3, time: "102.000"));
        Assert.Equal(["1 Timeout: SYSCALL"], Take(assembler));
        Assert.Equal(1, assembler.Counters.TimedOutEvents);
    }

    [Fact]
    public void Expire_WithAClock_EndsWhatWaitsTooLong()
    {
        ManualClock clock = new();
        EventAssembler assembler = new(new AssemblerOptions { Timeout = TimeSpan.FromMilliseconds(500) }, clock);
        assembler.Add(Line("SYSCALL", 1));
        // The record's own time is of no meaning here.
        assembler.Add(Line("SYSCALL", 2, time: "9999.000"));
        clock.Milliseconds += 499;
        assembler.Expire();
        Assert.Empty(Take(assembler));
        clock.Milliseconds += 1;
        assembler.Expire();
        Assert.Equal(["1 Timeout: SYSCALL", "2 Timeout: SYSCALL"], Take(assembler));
    }

    [Fact]
    public void Add_TooManyOpen_EvictsTheOldest()
    {
        EventAssembler assembler = new(new AssemblerOptions { MaxOpenEvents = 2 });
        for (int serial = 1; serial <= 3; serial++) assembler.Add(Line("SYSCALL", serial));
        Assert.Equal(["1 Evicted: SYSCALL"], Take(assembler));
        Assert.Equal((1, 2), (assembler.Counters.EvictedEvents, assembler.OpenEvents));
    }

    [Fact]
    public void Add_TooManyBytes_EvictsTheOldest()
    {
        EventAssembler assembler = new(new AssemblerOptions { MaxOpenBytes = 16 * 1024, MaxEventBytes = 9000 });
        for (int serial = 1; serial <= 3; serial++) assembler.Add(Line("SYSCALL", serial, new string('x', 6000)));
        Assert.Equal(["1 Evicted: SYSCALL"], Take(assembler));
        Assert.InRange(assembler.OpenBytes, 12_000, 16 * 1024);
    }

    [Fact]
    public void Add_EventOverItsBytes_DropsAndCounts()
    {
        EventAssembler assembler = new(new AssemblerOptions { MaxEventBytes = 9000 });
        for (int n = 0; n < 3; n++) assembler.Add(Line("PATH", 1, new string('x', 4000)));
        assembler.Add(Line("EOE", 1));
        Assert.True(assembler.TryTake(out AuditEvent? e));
        Assert.Equal((2, 1, 1), (e.Count, e.DroppedRecords, assembler.Counters.DroppedRecords));
    }

    [Fact]
    public void Add_RecordAfterItsEvent_IsLate()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("SYSCALL", 1));
        assembler.Add(Line("EOE", 1));
        assembler.Add(Line("PATH", 1));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? first));
        Assert.True(assembler.TryTake(out AuditEvent? second));
        Assert.Equal((false, true, 1), (first.IsLate, second.IsLate, assembler.Counters.LateEvents));
    }

    [Fact]
    public void Add_Nonsense_IsCountedAndRefused()
    {
        EventAssembler assembler = new();
        Assert.False(assembler.Add("hello"u8));
        Assert.False(assembler.Add(1000, "hello"u8));
        Assert.Equal((2, 2, 0), (assembler.Counters.Received, assembler.Counters.Malformed, assembler.Counters.Events));
    }

    [Fact]
    public void Add_KernelMessages_AreRecords()
    {
        EventAssembler assembler = new();
        assembler.Add(1300, "audit(100.000:1): arch=c000003e"u8);
        assembler.Add(1320, "audit(100.000:1): "u8);
        Assert.Equal(["1 Complete: SYSCALL"], Take(assembler));
    }

    [Fact]
    public void Dispose_Twice_GivesTheEventBackOnce()
    {
        EventAssembler assembler = new();
        assembler.Add(Line("USER", 1));
        Assert.True(assembler.TryTake(out AuditEvent? e));
        e.Dispose();
        e.Dispose();
        assembler.Add(Line("SYSCALL", 2));
        assembler.Add(Line("SYSCALL", 3));
        assembler.Flush();
        Assert.Equal(["2 Flushed: SYSCALL", "3 Flushed: SYSCALL"], Take(assembler));
    }

    [Fact]
    public void Add_SteadyState_AllocatesNothing()
    {
        EventAssembler assembler = new();
        byte[][] lines = Lines.Corpus("small.log");
        Interpreter interpreter = new();
        byte[] buffer = new byte[200_000];
        Run(assembler, lines, interpreter, buffer);
        Run(assembler, lines, interpreter, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int events = Run(assembler, lines, interpreter, buffer);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(events > 300);
        Assert.Equal(0, allocated);
    }

    private static int Run(EventAssembler assembler, byte[][] lines, Interpreter interpreter, byte[] buffer)
    {
        int events = 0;
        foreach (byte[] line in lines)
        {
            assembler.Add(line);
            while (assembler.TryTake(out AuditEvent? e))
            {
                using (e)
                {
                    events++;
                    for (int i = 0; i < e.Count; i++)
                    {
                        AuditRecord record = e[i];
                        RecordContext context = RecordContext.Of(record);
                        FieldReader fields = record.Fields;
                        while (fields.TryRead(out Field field)) interpreter.Interpret(context, field, buffer, out _);
                    }
                }
            }
        }
        return events;
    }

    [Theory]
    [InlineData(0, 1024, 16384, 9000, true, "Timeout is 00:00:00, not 1 ms to 1 hour")]
    [InlineData(2000, 0, 16384, 9000, true, "MaxOpenEvents is 0, not 1 to 1000000")]
    [InlineData(2000, 1024, 16383, 9000, true, "MaxOpenBytes is 16383, not at least 16384")]
    [InlineData(2000, 1024, 16384, 16385, true, "MaxEventBytes is 16385, not 9000 to MaxOpenBytes")]
    public void Validate_OutOfRange_SaysWhich(int timeout, int events, int openBytes, int eventBytes, bool ends, string message)
    {
        AssemblerOptions options = new()
        {
            Timeout = TimeSpan.FromMilliseconds(timeout),
            MaxOpenEvents = events,
            MaxOpenBytes = openBytes,
            MaxEventBytes = eventBytes,
            ProcessTitleEnds = ends,
        };
        Assert.Equal(message, Assert.Throws<ArgumentException>(options.Validate).Message);
    }
}
