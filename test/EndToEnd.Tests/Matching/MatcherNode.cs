using System.Diagnostics;
using System.Text;
using EndToEnd.Tests.Rules;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Records;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Matching;

/// <summary>
/// The kernel with rules of the test's, and this process as the daemon, which takes what a program makes of them. (The kernel does not audit the
/// daemon's own calls, but those of its children.)
/// </summary>
internal sealed class MatcherNode : IDisposable
{
    private const ushort Marker = 1111;
    private const int ReceiveBuffer = 16 * 1024 * 1024;

    private readonly AuditClient _client = AuditClient.Open();
    private readonly AuditEventSocket _socket;
    private readonly AuditStatus _before;
    private readonly byte[] _buffer = new byte[AuditEventSocket.MaxMessage];

    public MatcherNode()
    {
        AuditMachine.ClearRules();
        Assert.Equal(Errno.None, _client.GetStatus(out _before));
        // Where a daemon lives already, beside it.
        AuditEventSocket.TryBecomeDaemon(out AuditEventSocket? daemon, ReceiveBuffer);
        _socket = daemon ?? AuditEventSocket.Listen(ReceiveBuffer);
        Assert.Equal(Errno.None, _client.SetStatus(new AuditStatus
        {
            Mask = AuditStatusMask.Enabled | AuditStatusMask.BacklogLimit,
            Enabled = AuditEnabled.On,
            BacklogLimit = 32768,
        }));
    }

    /// <summary>Puts rules in place of those that are there.</summary>
    /// <returns>The rules, in the order of loading.</returns>
    public AuditRule[] Load(string text)
    {
        AuditMachine.ClearRules();
        RuleFile file = RuleParser.ParseText(text, ThisMachine.Context);
        Assert.DoesNotContain(file.Diagnostics, d => d.IsSourceError);
        AuditRule[] rules = [.. file.Directives.OfType<RuleDirective>().Select(d => d.Rule)];
        foreach (AuditRule rule in rules) Assert.Equal((rule, Errno.None), (rule, _client.AddRule(new KernelRule(rule.ToWire()))));
        return rules;
    }

    /// <summary>Every event of what a program does, and what others send meanwhile; what else is on its way is left out.</summary>
    public List<AuditEvent> Record(string program, params string[] arguments)
    {
        EventAssembler assembler = new(new AssemblerOptions { ProcessTitleEnds = false });
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task end = Task.Run(() =>
        {
            process.WaitForExit();
            _client.SendUserMessage(Marker, "op=end"u8);
        });
        List<AuditEvent> events = [];
        while (true)
        {
            Assert.Equal(ReceiveStatus.Message, _socket.Receive(_buffer, TimeSpan.FromSeconds(20), out AuditMessage message));
            if (message.Type == Marker && message.Payload.IndexOf("op=end"u8) >= 0) break;
            Assert.True(assembler.Add(message.Type, message.Payload));
            Take(assembler, program, events);
        }

        end.Wait();
        Assert.Equal(0, _socket.Overruns);
        Assert.Equal((0, ""), (process.ExitCode, errors.Result));
        assembler.Flush();
        Take(assembler, program, events);
        return events;
    }

    private static void Take(EventAssembler assembler, string program, List<AuditEvent> events)
    {
        while (assembler.TryTake(out AuditEvent? ready))
        {
            bool isIts = ready.TryGetRecord(RecordType.Syscall, out AuditRecord call) && call.TryGetField("exe"u8, out Field exe) && Encoding.UTF8.GetString(exe.Value) == program;
            if (isIts || RecordTypes.IsUserMessage(ready.TypeOf(0))) events.Add(ready);
            else ready.Dispose();
        }
    }

    /// <summary>The key that the kernel wrote; null without one.</summary>
    public static string? KeyOf(AuditEvent auditEvent) =>
        auditEvent.TryGetRecord(RecordType.Syscall, out AuditRecord call) && call.TryGetField("key"u8, out Field key) && !key.IsNull ? Encoding.UTF8.GetString(key.Value) : null;

    public void Dispose()
    {
        AuditMachine.ClearRules();
        Assert.Equal(Errno.None, _client.SetStatus(new AuditStatus
        {
            Mask = AuditStatusMask.Enabled | AuditStatusMask.BacklogLimit,
            Enabled = _before.Enabled,
            BacklogLimit = _before.BacklogLimit,
        }));
        _socket.Dispose();
        _client.Dispose();
    }
}
