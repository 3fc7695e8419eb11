using System.Text;
using AksAuditd.Events.Sources;
using LinuxAudit.Records;

namespace Fuzz;

/// <summary>
/// What auditd gives a plugin, as frames or lines, in pieces of any size: undamaged, every record comes out as it went in; damaged, nothing is thrown, and it comes to an end.
/// </summary>
internal static class Streams
{
    private const string Body = "audit(1700000000.123:42): argc=1 a0=\"x\"";

    public static void Case(Random random)
    {
        bool binary = random.Next(2) == 0;
        List<byte[]> records = [];
        List<byte> stream = [];
        for (int n = random.Next(1, 12); n > 0; n--)
        {
            byte[] text = Encoding.UTF8.GetBytes($"type=EXECVE msg={Body} n={n} {new string('y', random.Next(20) == 0 ? random.Next(8000) : random.Next(80))}");
            records.Add(text);
            if (binary) stream.AddRange(Frame(text, random));
            else stream.AddRange([.. text, (byte)'\n']);
        }

        byte[] whole = [.. stream];
        List<byte[]> read = ReadAll(whole, random);
        FindingException.Unless(read.Count == records.Count && read.Zip(records).All(p => p.First.AsSpan().SequenceEqual(p.Second)),
            () => $"{records.Count} records went in, {read.Count} came out{(binary ? " (frames)" : "")}");

        foreach (byte[] damaged in ReadAll(Mutator.Bytes(random, whole), random))
            if (AuditRecord.TryParse(damaged, out AuditRecord record)) _ = record.Fields.TryRead(out _);
        byte[] short1 = Mutator.Bytes(random, whole[..Math.Min(whole.Length, 64)]);
        if (AudispFrame.TryRead(short1, out AudispFrame frame, out int consumed)) _ = frame.TryGetRecord(out _);
        FindingException.Unless(consumed is -1 or 0 or AudispFrame.Length, () => $"a frame of {consumed} bytes");
    }

    // Protocol 1: a whole line; behind it stands what was there before.
    private static byte[] Frame(byte[] text, Random random)
    {
        byte[] frame = new byte[AudispFrame.Length];
        random.NextBytes(frame);
        BitConverter.TryWriteBytes(frame, 1);
        BitConverter.TryWriteBytes(frame.AsSpan(4), AudispFrame.HeaderLength);
        BitConverter.TryWriteBytes(frame.AsSpan(8), 1309);
        BitConverter.TryWriteBytes(frame.AsSpan(12), text.Length);
        text.CopyTo(frame, AudispFrame.HeaderLength);
        return frame;
    }

    private static List<byte[]> ReadAll(byte[] stream, Random random)
    {
        RecordBuffer buffer = new(mayBeBinary: true);
        List<byte[]> records = [];
        for (int at = 0; at < stream.Length && !buffer.IsBroken;)
        {
            Span<byte> free = buffer.Free;
            FindingException.Unless(!free.IsEmpty, () => "no room left, and no record");
            int count = Math.Min(Math.Min(free.Length, stream.Length - at), random.Next(4) == 0 ? random.Next(1, 20) : random.Next(1, 20_000));
            stream.AsSpan(at, count).CopyTo(free);
            buffer.Advance(count);
            at += count;
            while (buffer.TryRead(out RawRecord record)) records.Add(record.Bytes.ToArray());
        }

        buffer.End();
        while (buffer.TryRead(out RawRecord record)) records.Add(record.Bytes.ToArray());
        return records;
    }
}
