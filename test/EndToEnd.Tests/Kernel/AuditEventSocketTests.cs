using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace EndToEnd.Tests.Kernel;

/// <summary>Records from the real kernel, as the daemon and beside it.</summary>
public sealed class AuditEventSocketTests : IDisposable
{
    private const ushort UserMessage = 1111;

    private readonly AuditClient _client = AuditClient.Open();
    private readonly byte[] _buffer = new byte[AuditEventSocket.MaxMessage];

    public AuditEventSocketTests() => Enable(AuditEnabled.On);

    public void Dispose()
    {
        Enable(AuditEnabled.Off);
        _client.Dispose();
    }

    [KernelFact]
    public void TryBecomeDaemon_NoneLives_GetsTheRecordsUntilDisposed()
    {
        Assert.Equal(Errno.None, AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? daemon));
        using (daemon!)
        {
            Assert.Equal((uint)Environment.ProcessId, Status().Pid);
            Assert.Equal(Errno.None, _client.SendUserMessage(UserMessage, "op=hello to=daemon"u8));
            string record = WaitFor(daemon!, UserMessage);
            Assert.StartsWith("audit(", record, StringComparison.Ordinal);
            Assert.Matches($@"^audit\(\d+\.\d+:\d+\): pid={Environment.ProcessId} .*msg='op=hello to=daemon'$", record);
            Assert.Equal(0, daemon!.Overruns);
        }
        Assert.Equal(0u, Status().Pid);
    }

    [KernelFact]
    public void TryBecomeDaemon_AnotherLives_IsEexist()
    {
        Assert.Equal(Errno.None, AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? first));
        using (first!)
        {
            Assert.Equal(Errno.EEXIST, AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? second));
            Assert.Null(second);
            Assert.Equal((uint)Environment.ProcessId, Status().Pid);
        }
    }

    [KernelFact]
    public void Listen_BesideADaemon_HearsTheSameBytes()
    {
        using AuditEventSocket listener = AuditEventSocket.Listen();
        Assert.Equal(Errno.None, AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? daemon));
        using (daemon!)
        {
            Assert.Equal(Errno.None, _client.SendUserMessage(UserMessage, "op=both"u8));
            Assert.Equal(WaitFor(daemon!, UserMessage), WaitFor(listener, UserMessage));
        }
    }

    [KernelFact]
    public void Receive_BufferTooSmall_IsTruncatedNotWrong()
    {
        using AuditEventSocket listener = AuditEventSocket.Listen();
        _client.SendUserMessage(UserMessage, "op=long"u8);
        Assert.Equal(ReceiveStatus.Truncated, listener.Receive(_buffer.AsSpan(0, 40), TimeSpan.FromSeconds(5), out AuditMessage message));
        Assert.Equal(0, message.Payload.Length);
    }

    [KernelFact]
    public void Receive_TinyReceiveBuffer_ReportsTheOverrunAndGoesOn()
    {
        using AuditEventSocket listener = AuditEventSocket.Listen(receiveBuffer: 1);
        for (int i = 0; i < 200; i++) _client.SendUserMessage(UserMessage, Encoding.ASCII.GetBytes($"op=flood n={i}"));
        Thread.Sleep(200);
        int overruns = 0, records = 0;
        ReceiveStatus status;
        while ((status = listener.Receive(_buffer, TimeSpan.Zero, out _)) != ReceiveStatus.TimedOut)
        {
            if (status == ReceiveStatus.Overrun) overruns++; else records++;
        }
        Assert.Equal(1, overruns);
        Assert.Equal(1, listener.Overruns);
        Assert.InRange(records, 1, 20);
        _client.SendUserMessage(UserMessage, "op=after"u8);
        Assert.Contains("op=after", WaitFor(listener, UserMessage), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Receive_RecordForgedByAnotherProcess_IsRefused()
    {
        Assert.Equal(Errno.None, AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? daemon));
        using (daemon!)
        {
            // What the kernel has kept for a daemon may fill the socket, and nobody would read it while perl waits for room.
            Drain(daemon!);
            // The first socket of a process gets its pid for an address, unless it is taken: forge for both of this process's.
            AuditMachine.Run("perl", "-e", """
                socket(S,16,3,9) or die $!; my $m='audit(1.1:1): forged';
                open(F,'/proc/net/netlink'); while(<F>){ my @f=split; next unless $f[1] eq '9' && $f[2]; send(S,pack('LSSLL',16+length $m,1111,0,0,0).$m,0x40,pack('SSLL',16,0,$f[2],0)) || $!{EAGAIN} && die "no room: $!"; }
                """);
            _client.SendUserMessage(UserMessage, "op=true"u8);
            Assert.Contains("op=true", WaitFor(daemon!, UserMessage), StringComparison.Ordinal);
            Assert.Equal(1, daemon!.RefusedMessages);
        }
    }

    [KernelFact]
    public void Receive_SignalsWhileItWaits_WaitsItsWholeTime()
    {
        using AuditEventSocket listener = AuditEventSocket.Listen();
        Drain(listener);
        (ReceiveStatus status, TimeSpan waited) = ReceiveUnderSignals(listener);
        // Somebody else's record ends the wait as it should: a container that is started beside, say.
        for (int again = 0; again < 100 && status == ReceiveStatus.Message; again++) (status, waited) = ReceiveUnderSignals(listener);
        Assert.Equal(ReceiveStatus.TimedOut, status);
        Assert.InRange(waited.TotalMilliseconds, 399, 5000);
    }

    private (ReceiveStatus Status, TimeSpan Waited) ReceiveUnderSignals(AuditEventSocket listener)
    {
        int thread = 0;
        ReceiveStatus status = ReceiveStatus.Message;
        TimeSpan waited = default;
        bool hasEnded = false;
        Thread waiter = new(() =>
        {
            Volatile.Write(ref thread, gettid());
            Stopwatch clock = Stopwatch.StartNew();
            status = listener.Receive(_buffer, TimeSpan.FromMilliseconds(400), out _);
            waited = clock.Elapsed;
            // A thread that has gone takes no signal.
            while (!Volatile.Read(ref hasEnded)) Thread.Sleep(1);
        });
        waiter.Start();
        while (Volatile.Read(ref thread) == 0) Thread.Yield();
        for (int i = 0; i < 20; i++)
        {
            // SIGCHLD: the runtime has a handler for it, so poll(2) ends with EINTR.
            Assert.Equal(0, tgkill(Environment.ProcessId, thread, 17));
            Thread.Sleep(10);
        }
        Volatile.Write(ref hasEnded, true);
        waiter.Join();
        return (status, waited);
    }

    [KernelFact]
    public void Receive_ManyRecords_AllocatesNothing()
    {
        using AuditEventSocket listener = AuditEventSocket.Listen();
        Drain(listener);
        for (int i = 0; i < 100; i++) _client.SendUserMessage(UserMessage, "op=count"u8);
        Thread.Sleep(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int records = 0;
        while (listener.Receive(_buffer, TimeSpan.Zero, out AuditMessage message) == ReceiveStatus.Message) records += message.Payload.Length > 0 ? 1 : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(records, 90, 1000);
    }

    private string WaitFor(AuditEventSocket socket, ushort type)
    {
        for (int i = 0; i < 1000; i++)
        {
            ReceiveStatus status = socket.Receive(_buffer, TimeSpan.FromSeconds(5), out AuditMessage message);
            Assert.Equal(ReceiveStatus.Message, status);
            if (message.Type == type) return Encoding.UTF8.GetString(message.Payload);
        }
        throw new InvalidOperationException("a thousand records of another type");
    }

    private void Drain(AuditEventSocket socket)
    {
        while (socket.Receive(_buffer, TimeSpan.FromMilliseconds(100), out _) != ReceiveStatus.TimedOut) { }
    }

    private AuditStatus Status()
    {
        Assert.Equal(Errno.None, _client.GetStatus(out AuditStatus status));
        return status;
    }

    private void Enable(AuditEnabled enabled)
    {
        if (AuditMachine.IsUsable) Assert.Equal(Errno.None, _client.SetStatus(new AuditStatus { Mask = AuditStatusMask.Enabled, Enabled = enabled }));
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int gettid();

    [DllImport("libc", SetLastError = true)]
    private static extern int tgkill(int process, int thread, int signal);
}
