using System.Diagnostics;
using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

/// <summary>What the arguments of a program cost a byte, from lines to JSON: 1, 10 and 100 times as many, and one 1, 10 and 100 times as long.</summary>
internal static class ArgumentCost
{
    private const string Id = "msg=audit(1795311928.035:4171):";

    public static int Print()
    {
        foreach (bool many in new[] { true, false })
        {
            double first = 0;
            foreach (int size in new[] { 1_500, 15_000, 150_000 })
            {
                byte[][] lines = [.. Lines(many ? [.. Enumerable.Repeat("argument", size / 10)] : [new string('x', size)])];
                foreach (int maxBytes in new[] { 8000, 1024 * 1024 })
                {
                    double best = Measure(lines, maxBytes);
                    if (first == 0) first = best;
                    Console.WriteLine($"{(many ? $"{size / 10} arguments" : $"one of {size} bytes"),-22} line of {maxBytes,7}: {best,6:0.00} ns a byte, {best / first:0.00} of the first");
                }
            }
        }
        return 0;
    }

    private static double Measure(byte[][] lines, int maxBytes)
    {
        EventEncoder encoder = new(new Interpreter(), new EncoderOptions { MaxBytes = maxBytes });
        EventAssembler assembler = new();
        EventFacts facts = new();
        double best = double.MaxValue;
        long length = 0;
        for (int n = 0; n < 100; n++)
        {
            length = 0;
            long start = Stopwatch.GetTimestamp();
            foreach (byte[] line in lines) assembler.Add(line);
            assembler.Flush();
            while (assembler.TryTake(out AuditEvent? e))
            {
                facts.Read(e);
                length += encoder.Encode(e, facts, new ProcessContext(ProcessPlace.Host, null, null)).Length;
                e.Dispose();
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
        if (length == 0) throw new InvalidOperationException("no line");
        return best / lines.Sum(l => l.Length);
    }

    private static IEnumerable<byte[]> Lines(string[] arguments)
    {
        yield return Encoding.ASCII.GetBytes($"type=SYSCALL {Id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=\"/bin/x\" key=\"exec\"");
        StringBuilder record = new($"type=EXECVE {Id} argc={arguments.Length}");
        for (int i = 0; i < arguments.Length; i++)
        {
            // The kernel cuts records at about 8,000 bytes.
            for (int piece = 0, at = 0; at == 0 || at < arguments[i].Length; piece++, at += 7000)
            {
                string text = arguments[i].Substring(at, Math.Min(7000, arguments[i].Length - at));
                if (record.Length + text.Length > 8000)
                {
                    yield return Encoding.ASCII.GetBytes(record.ToString());
                    record = new StringBuilder($"type=EXECVE {Id}");
                }
                record.Append(arguments[i].Length > 7000 ? $" a{i}[{piece}]=\"{text}\"" : $" a{i}=\"{text}\"");
            }
        }
        yield return Encoding.ASCII.GetBytes(record.ToString());
    }
}
