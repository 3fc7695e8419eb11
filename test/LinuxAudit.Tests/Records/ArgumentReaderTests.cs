using System.Diagnostics;
using System.Text;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class ArgumentReaderTests
{
    private static List<(int Index, int Piece, string Value, long Length)> Read(params string[] bodies)
    {
        EventAssembler assembler = new();
        foreach (string body in bodies) assembler.Add(Lines.Bytes("type=EXECVE msg=audit(1.000:1): " + body));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? e));
        List<(int, int, string, long)> arguments = [];
        ArgumentReader reader = e.Arguments;
        while (reader.TryRead(out Argument argument)) arguments.Add((argument.Index, argument.Piece, Lines.Text(argument.Value.Value), argument.DeclaredLength));
        return arguments;
    }

    [Fact]
    public void TryRead_ShortArguments_AreWhole() => Assert.Equal(
        [(0, -1, "ls", -1), (1, -1, "", -1), (2, -1, "6120622063", -1)], Read("argc=3 a0=\"ls\" a1=\"\" a2=6120622063"));

    [Fact]
    public void TryRead_LongArgument_ComesInPieces() => Assert.Equal(
        [(0, -1, "ls", -1), (1, 0, "AAAA", 10), (1, 1, "BBBB", -1), (1, 2, "CC", -1), (2, -1, "z", -1)],
        Read("argc=3 a0=\"ls\" a1_len=10 a1[0]=AAAA", "a1[1]=BBBB", "a1[2]=CC a2=\"z\""));

    [Fact]
    public void TryRead_LostRecord_LeavesAGap() => Assert.Equal([(0, -1, "ls", -1), (7, -1, "z", -1)], Read("argc=8 a0=\"ls\"", "a7=\"z\""));

    [Theory]
    [InlineData("a=1")]
    [InlineData("ax=1")]
    [InlineData("a1[=1")]
    [InlineData("a1[]=1")]
    [InlineData("a1[x]=1")]
    [InlineData("a1x=1")]
    [InlineData("a99999999=1")]
    [InlineData("argc=1")]
    public void TryRead_NoArgumentName_IsPassedOver(string body) => Assert.Empty(Read(body));

    [Fact]
    public void TryRead_CorpusWithLongCommandLines_HasEveryArgument()
    {
        EventAssembler assembler = new();
        int most = 0, longest = 0;
        foreach (byte[] line in Lines.Corpus("small.log"))
        {
            assembler.Add(line);
            while (assembler.TryTake(out AuditEvent? e))
            {
                using (e)
                {
                    if (!e.TryGetRecord(RecordType.Execve, out AuditRecord execve)) continue;
                    Assert.True(execve.TryGetField("argc"u8, out Field argc) && argc.TryGetInt64(out long count));
                    argc.TryGetInt64(out count);
                    HashSet<int> indices = [];
                    int length = 0;
                    ArgumentReader reader = e.Arguments;
                    while (reader.TryRead(out Argument argument))
                    {
                        indices.Add(argument.Index);
                        length = argument.Piece < 0 ? 0 : length + argument.Value.Value.Length;
                        longest = Math.Max(longest, length);
                    }
                    Assert.Equal(count, indices.Count);
                    most = Math.Max(most, indices.Count);
                }
            }
        }
        // workload.c starts a program with 1,500 arguments, and one with an argument of 39,999 bytes, coded.
        Assert.Equal((1500, 79_998), (most, longest));
    }

    [Fact]
    public void TryRead_TenTimesTheBytes_CostsAboutTenTimes()
    {
        double small = Cost(1_000), large = Cost(100_000);
        // Quadratic cost would be 10,000 times; 100 times and some noise of a busy machine is linear.
        Assert.InRange(large / small, 1, 1000);
    }

    private static double Cost(int arguments)
    {
        StringBuilder line = new("type=EXECVE msg=audit(1.000:1): argc=1");
        for (int i = 0; i < arguments; i++) line.Append(" a").Append(i).Append("=\"argument\"");
        byte[] bytes = Lines.Bytes(line.ToString());
        double best = double.MaxValue;
        for (int n = 0; n < 5; n++)
        {
            long start = Stopwatch.GetTimestamp();
            AuditRecord.TryParse(bytes, out AuditRecord record);
            ArgumentReader reader = new(record);
            int count = 0;
            while (reader.TryRead(out _)) count++;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            Assert.Equal(arguments, count);
        }
        return best;
    }
}
