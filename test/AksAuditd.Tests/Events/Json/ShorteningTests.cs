using System.Text;
using System.Text.Json;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

public sealed class ShorteningTests
{
    private const string Id = "msg=audit(1795311928.035:4171):";

    private static byte[] Syscall => Encoded.Bytes($"type=SYSCALL {Id} arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 tty=(none) ses=1 comm=\"x\" exe=\"/bin/x\" key=\"exec\"");

    /// <summary>Arguments as the kernel writes them: in records of at most 8,970 bytes, long ones in pieces.</summary>
    private static IEnumerable<byte[]> Execve(IReadOnlyList<string> arguments)
    {
        StringBuilder record = new($"type=EXECVE {Id} argc={arguments.Count}");
        for (int i = 0; i < arguments.Count; i++)
        {
            int pieces = (arguments[i].Length + 6999) / 7000;
            if (pieces > 1) record.Append($" a{i}_len={arguments[i].Length}");
            for (int p = 0; p < Math.Max(1, pieces); p++)
            {
                string text = pieces > 1 ? arguments[i].Substring(p * 7000, Math.Min(7000, arguments[i].Length - p * 7000)) : arguments[i];
                if (record.Length + text.Length > 8900)
                {
                    yield return Encoded.Bytes(record.ToString());
                    record = new StringBuilder($"type=EXECVE {Id}");
                }
                record.Append(pieces > 1 ? $" a{i}[{p}]=\"{text}\"" : $" a{i}=\"{text}\"");
            }
        }
        yield return Encoded.Bytes(record.ToString());
    }

    private static JsonElement Encode(int maxBytes, IReadOnlyList<string> arguments)
    {
        byte[] line = Assert.Single(new Encoded(new EncoderOptions { MaxBytes = maxBytes }).All([Syscall, .. Execve(arguments)]));
        Assert.Null(Encoded.Problem(line, maxBytes));
        return JsonDocument.Parse(line).RootElement;
    }

    [Fact]
    public void Encode_LongArgument_LosesItsMiddle()
    {
        string text = string.Concat(Enumerable.Range(0, 13_000).Select(i => (i % 10).ToString(System.Globalization.CultureInfo.InvariantCulture)).Prepend("begin").Append("end"));
        JsonElement json = Encode(8000, ["sh", "-c", text]);
        string argument = json.GetProperty("process").GetProperty("args")[2].GetString()!;
        Assert.StartsWith("begin0123", argument, StringComparison.Ordinal);
        Assert.EndsWith("789end", argument, StringComparison.Ordinal);
        long missing = json.GetProperty("auditd").GetProperty("shortened").GetInt64();
        Assert.Contains($"[…{missing} bytes…]", argument, StringComparison.Ordinal);
        Assert.Equal(text.Length, argument.Length - $"[…{missing} bytes…]".Length + missing);
        // The room is used.
        Assert.InRange(argument.Length, 6500, 8000);
    }

    [Fact]
    public void Encode_VeryManyArguments_LoseThoseInTheMiddle()
    {
        JsonElement process = Encode(8000, [.. Enumerable.Range(0, 15_000).Select(i => $"argument-{i}")]).GetProperty("process");
        string[] args = [.. process.GetProperty("args").EnumerateArray().Select(a => a.GetString()!)];
        Assert.Equal(("argument-0", "argument-14999", 15_000), (args[0], args[^1], process.GetProperty("args_count").GetInt32()));
        string mark = Assert.Single(args, a => a.Contains("strings", StringComparison.Ordinal));
        Assert.StartsWith($"[…{15_000 - (args.Length - 1)} strings, ", mark, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_AnyLength_FitsAndIsValid()
    {
        Random random = new(4171);
        foreach (int maxBytes in new[] { 1024, 1500, 4096, 8000, 65_536 })
        {
            for (int length = 100; length < 200_000; length = length * 3 / 2)
            {
                int count = random.Next(1, 40);
                JsonElement json = Encode(maxBytes, [.. Enumerable.Range(0, count).Select(i => new string((char)('a' + i % 26), length / count))]);
                Assert.Equal(2, json.GetProperty("process").GetProperty("pid").GetInt32());
                // What else the line has is less than 900 bytes.
                if (length > maxBytes - 900 && length <= maxBytes) continue;
                Assert.Equal(length > maxBytes, json.GetProperty("auditd").TryGetProperty("shortened", out _) || json.GetProperty("auditd").TryGetProperty("minimal", out _));
            }
        }
    }

    [Fact]
    public void Encode_EverythingLongAndEscaped_StillFits()
    {
        string hex = Convert.ToHexString([.. Enumerable.Range(0, 4000).Select(i => (byte)(i % 3 == 0 ? 0xFF : i % 3 == 1 ? 1 : 0xC3))]);
        List<byte[]> records = [Encoded.Bytes($"type=SYSCALL {Id} arch=c000003e syscall=59 pid=2 auid=1000 uid=0 subj={hex} comm={hex} exe={hex} key={hex}"), Encoded.Bytes($"type=CWD {Id} cwd={hex}")];
        for (int i = 0; i < 40; i++) records.Add(Encoded.Bytes($"type=PATH {Id} item={i} name={hex} inode=1 dev=fe:00 mode=0100644 ouid=1 ogid=2 rdev=00:00 nametype=NORMAL obj={hex}"));
        for (int i = 0; i < 40; i++) records.Add(Encoded.Bytes($"type=OBJ_PID {Id} opid={i} ocomm={hex} x=y x=z word"));
        foreach (bool raw in new[] { false, true })
            for (int maxBytes = 1024; maxBytes <= 1024 * 1024; maxBytes *= 2)
                Assert.Null(Encoded.Problem(Assert.Single(new Encoded(new EncoderOptions { MaxBytes = maxBytes, Raw = raw, NodeName = "n" }).All(records)), maxBytes));
    }

    /// <summary>Both ends are as long as they may be, wherever what must be escaped stands.</summary>
    [Fact]
    public void String_TooLong_KeepsAsMuchOfBothEndsAsFits()
    {
        Random random = new(4171);
        for (int n = 0; n < 2000; n++)
        {
            byte[] bytes = new byte[random.Next(40, 400)];
            int oddness = random.Next(1, 60);
            for (int i = 0; i < bytes.Length; i++) bytes[i] = random.Next(oddness) == 0 ? (byte)"\"\n\u0001\u007f"[random.Next(4)] : (byte)('a' + random.Next(26));
            int limit = random.Next(16, 64), half = limit / 2;
            if (JsonBuffer.EscapedLength(bytes) <= limit) continue;
            int head = Enumerable.Range(0, bytes.Length + 1).Last(k => JsonBuffer.EscapedLength(bytes.AsSpan(0, k)) <= half);
            int tail = Enumerable.Range(0, bytes.Length - head + 1).Last(k => JsonBuffer.EscapedLength(bytes.AsSpan(bytes.Length - k)) <= half);
            JsonBuffer expected = new(), actual = new();
            expected.Text(bytes.AsSpan(0, head));
            expected.Write(Encoding.UTF8.GetBytes($"[…{bytes.Length - head - tail} bytes…]"));
            expected.Text(bytes.AsSpan(bytes.Length - tail));
            actual.String(bytes, limit);
            Assert.Equal($"\"{Encoding.UTF8.GetString(expected.Written)}\"", Encoding.UTF8.GetString(actual.Written));
        }
    }
}
