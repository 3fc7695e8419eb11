using System.Text;
using AksAuditd.Events.Sources;

namespace AksAuditd.Tests.Events.Sources;

public sealed class RecordBufferTests
{
    [Theory]
    [InlineData("a\nbc\n\nd", "0:a 0:bc 0:d")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("type=X msg=audit(1.000:1): a\n", "0:type=X msg=audit(1.000:1): a")]
    public void TryRead_Lines_WhateverThePieces(string text, string expected)
    {
        for (int piece = 1; piece <= text.Length + 1; piece++) Assert.Equal(expected, string.Join(' ', Read(Encoding.ASCII.GetBytes(text), piece)));
    }

    [Fact]
    public void TryRead_Frames_WhateverThePieces()
    {
        byte[] bytes = [.. Frame(0, 1300, "audit(1.000:1): a=1\0"), .. Frame(1, 1300, "type=SYSCALL msg=audit(1.000:1): b\n"), .. Frame(0, 1320, "audit(1.000:1): ")];
        foreach (int piece in (int[])[1, 15, 4096, 8985, 8986, 8987, 20_000, bytes.Length])
            Assert.Equal(["1300:audit(1.000:1): a=1", "0:type=SYSCALL msg=audit(1.000:1): b", "1320:audit(1.000:1): "], Read(bytes, piece));
    }

    [Fact]
    public void TryRead_FrameThatIsNone_IsSaidOnce()
    {
        byte[] bytes = [.. Frame(0, 1300, "audit(1.000:1): a"), 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9];
        RecordBuffer buffer = new(mayBeBinary: true);
        bytes.CopyTo(buffer.Free);
        buffer.Advance(bytes.Length);
        Assert.True(buffer.TryRead(out RawRecord first) && first.Type == 1300);
        Assert.True(buffer.TryRead(out RawRecord second) && second.IsCut);
        Assert.True(buffer.IsBroken);
        Assert.False(buffer.TryRead(out _));
    }

    [Theory]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(200_000)]
    public void TryRead_LineLongerThanAnyRecord_IsCutAndTheNextIsWhole(int length)
    {
        byte[] bytes = Encoding.ASCII.GetBytes($"a\n{new string('x', length)}\nb\n");
        string[] read = Read(bytes, 4096);
        Assert.Equal(3, read.Length);
        Assert.Equal(("0:a", "0:b"), (read[0], read[2]));
        Assert.Equal(length < RecordBuffer.MaxLine ? length + 2 : RecordBuffer.MaxLine + 6, read[1].Length);
        Assert.Equal(length >= RecordBuffer.MaxLine, read[1].EndsWith(" cut", StringComparison.Ordinal));
    }

    private static byte[] Frame(int version, int type, string data) =>
    [
        .. BitConverter.GetBytes(version), .. BitConverter.GetBytes(16), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. Encoding.ASCII.GetBytes(data),
        .. Enumerable.Repeat((byte)'~', 8970 - data.Length),
    ];

    private static string[] Read(byte[] bytes, int piece)
    {
        List<string> read = [];
        RecordBuffer buffer = new(mayBeBinary: true);
        for (int i = 0; i < bytes.Length; i += piece)
        {
            ReadOnlySpan<byte> next = bytes.AsSpan(i, Math.Min(piece, bytes.Length - i));
            next.CopyTo(buffer.Free);
            buffer.Advance(next.Length);
            Take();
        }

        buffer.End();
        Take();
        return [.. read];

        void Take()
        {
            while (buffer.TryRead(out RawRecord record)) read.Add($"{record.Type}:{Encoding.ASCII.GetString(record.Bytes)}{(record.IsCut ? " cut" : "")}");
        }
    }
}
