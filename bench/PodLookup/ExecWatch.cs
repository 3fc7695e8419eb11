using System.Runtime.InteropServices;
using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Pods;
using LinuxAudit.Kernel;
using LinuxAudit.Records;

namespace PodLookup;

/// <summary>
/// Listens beside the audit daemon. An exec event with an argument <c>mark=POD</c> says itself which pod it ran in; what <see cref="PodContext"/> says of it is
/// written beside that, one line an event, and counted at the end.
/// </summary>
internal static class ExecWatch
{
    private static readonly TimeSpan HoldBack = TimeSpan.FromMilliseconds(500);

    public static int Run(string logs, string output)
    {
        bool stopping = false;
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; Volatile.Write(ref stopping, true); });
        using StreamWriter lines = new(output);
        using AuditEventSocket socket = AuditEventSocket.Listen(64 * 1024 * 1024);
        using PodContext context = new(new PodContextOptions { PodLogs = Path.Join(logs, "pods"), ContainerLogs = Path.Join(logs, "containers") }, TimeProvider.System);
        EventAssembler assembler = new(clock: TimeProvider.System);
        EventFacts facts = new();
        Queue<Marked> held = new();
        Totals totals = new();
        byte[] buffer = new byte[AuditEventSocket.MaxMessage];
        Console.WriteLine("listening");
        Console.Out.Flush();
        while (!Volatile.Read(ref stopping))
        {
            if (socket.Receive(buffer, TimeSpan.FromMilliseconds(20), out AuditMessage message) == ReceiveStatus.Message) assembler.Add(message.Type, message.Payload);
            else assembler.Expire();
            while (assembler.TryTake(out AuditEvent? auditEvent))
            {
                using (auditEvent)
                {
                    facts.Read(auditEvent);
                    totals.Events++;
                    ProcessContext found = context.Resolve(facts);
                    if (Mark(auditEvent) is { } mark)
                        held.Enqueue(new Marked(mark, facts.Pid, facts.ParentPid, Encoding.UTF8.GetString(facts.Executable), found, TimeProvider.System.GetTimestamp()));
                }
            }

            while (held.TryPeek(out Marked? first) && (context.IsNamed(first.Context) || TimeProvider.System.GetElapsedTime(first.Since) > HoldBack)) totals.Judge(held.Dequeue(), lines);
        }

        while (held.TryDequeue(out Marked? rest)) totals.Judge(rest, lines);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Console.WriteLine($"marked {totals.Marked}, right {totals.Right}, without container name {totals.Unnamed}, unknown {totals.Unknown}, wrong {totals.Wrong}");
        Console.WriteLine($"events {totals.Events}, overruns {socket.Overruns}, CPU {cpu.TotalSeconds:F2} s, {context.Counters}");
        return totals.Wrong == 0 ? 0 : 1;
    }

    private static string? Mark(AuditEvent auditEvent)
    {
        if (!auditEvent.TryGetRecord(RecordType.Execve, out AuditRecord record)) return null;
        FieldReader fields = record.Fields;
        Span<byte> text = stackalloc byte[512];
        while (fields.TryRead(out Field field))
        {
            if (!field.TryDecode(text, out int length)) continue;
            int at = text[..length].IndexOf("mark="u8);
            if (at < 0) continue;
            ReadOnlySpan<byte> name = text[(at + 5)..length];
            int end = name.IndexOfAny(" ;"u8);
            return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        }

        return null;
    }

    private sealed record Marked(string Pod, uint Pid, uint Parent, string Executable, ProcessContext Context, long Since);

    private sealed class Totals
    {
        public int Events, Marked, Right, Unnamed, Unknown, Wrong;

        public void Judge(Marked marked, StreamWriter lines)
        {
            Marked++;
            Container? container = marked.Context.Container;
            string verdict = "wrong";
            if (marked.Context.Place == ProcessPlace.Unknown || (container is not null && container.Pod is null))
            {
                Unknown++;
                verdict = "unknown";
            }
            else if (container?.Pod == marked.Pod)
            {
                Right++;
                verdict = "right";
                if (container.Name is null) Unnamed++;
            }
            else
            {
                Wrong++;
            }

            lines.WriteLine($"{verdict} mark={marked.Pod} pid={marked.Pid} ppid={marked.Parent} exe={marked.Executable} place={marked.Context.Place} "
                + $"namespace={container?.Namespace} pod={container?.Pod} container={container?.Name} id={container?.Id[..12]} parent={(marked.Context.ParentExecutable is { } p ? Encoding.UTF8.GetString(p) : "")}");
        }
    }
}
