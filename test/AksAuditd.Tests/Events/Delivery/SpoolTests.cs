using System.Text;
using AksAuditd.Events.Delivery;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class SpoolTests : IDisposable
{
    private const long Bound = 4 * 1024 * 1024;
    private readonly TempDirectory _directory = new();

    private string Path => _directory["spool"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Peek_AfterAppend_GivesLinesInOrderAndRemovesFiles()
    {
        using Spool spool = Spool.Open(Path, Bound, out long damaged);
        Append(spool, 0, 20_000);
        Assert.Equal((0, 20_000), (damaged, spool.Count));
        Assert.True(Files().Length > 2);
        Assert.Equal(Lines(0, 20_000), ReadAll(spool));
        Assert.Empty(Files());
        Assert.Equal((0, 0), (spool.Count, spool.Bytes));
    }

    [Fact]
    public void Open_OthersMayNotRead()
    {
        using Spool spool = Spool.Open(Path, Bound, out _);
        Append(spool, 0, 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path));
        Assert.All(Directory.GetFiles(Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Open_DirectoryIsALink_Throws()
    {
        Directory.CreateDirectory(_directory["elsewhere"]);
        Directory.CreateSymbolicLink(Path, _directory["elsewhere"]);
        Assert.ThrowsAny<IOException>(() => Spool.Open(Path, Bound, out _));
    }

    [Fact]
    public void Append_FileNameIsALink_ThrowsAndLeavesItsTargetAlone()
    {
        using Spool spool = Spool.Open(Path, Bound, out _);
        string target = _directory.Write("target", "precious");
        File.CreateSymbolicLink(System.IO.Path.Join(Path, SpoolFile.NameOf(0)), target);
        Assert.ThrowsAny<IOException>(() => Append(spool, 0, 1));
        Assert.Equal("precious", File.ReadAllText(target));
    }

    [Fact]
    public void Open_AnotherHasIt_Throws()
    {
        using Spool first = Spool.Open(Path, Bound, out _);
        Assert.Contains("another process", Assert.ThrowsAny<IOException>(() => Spool.Open(Path, Bound, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterPartlyDelivered_GoesOnThere()
    {
        using (Spool first = Spool.Open(Path, Bound, out _))
        {
            Append(first, 0, 5000);
            Take(first, 1234);
        }

        using Spool spool = Spool.Open(Path, Bound, out long damaged);
        Append(spool, 5000, 5010);
        Assert.Equal((0, 3776), (damaged, spool.Count));
        Assert.Equal(Lines(1234, 5010), ReadAll(spool));
    }

    [Fact]
    public void Open_PositionLost_RepeatsAndLosesNothing()
    {
        using (Spool first = Spool.Open(Path, Bound, out _))
        {
            Append(first, 0, 10);
            Take(first, 3);
        }

        File.WriteAllText(System.IO.Path.Join(Path, "delivered"), "not a position.....");
        using Spool spool = Spool.Open(Path, Bound, out long damaged);
        Assert.Equal(0, damaged);
        Assert.Equal(Lines(0, 10), ReadAll(spool));
    }

    [Fact]
    public void Open_TornTail_CountsOneAndKeepsTheRest()
    {
        using (Spool first = Spool.Open(Path, Bound, out _)) Append(first, 0, 100);
        using (FileStream file = File.OpenWrite(Files()[0])) file.SetLength(file.Length - 5);
        using (Spool spool = Spool.Open(Path, Bound, out long damaged))
        {
            Assert.Equal((1, 99), (damaged, spool.Count));
            Append(spool, 100, 102);
        }

        // It is said once.
        using Spool again = Spool.Open(Path, Bound, out long damagedAgain);
        Assert.Equal(0, damagedAgain);
        Assert.Equal([.. Lines(0, 99), .. Lines(100, 102)], ReadAll(again));
    }

    [Fact]
    public void Open_ByteFlippedInTheFirstOfTwoFiles_CountsWhatIsMissing()
    {
        using (Spool first = Spool.Open(Path, 1024 * 1024, out _)) Append(first, 0, 2500);
        string[] files = Files();
        Assert.True(SpoolFile.TryParseName(System.IO.Path.GetFileName(files[1]), out ulong second));
        using (FileStream file = File.Open(files[0], FileMode.Open))
        {
            file.Position = 1000;
            int value = file.ReadByte();
            file.Position = 1000;
            file.WriteByte((byte)(value ^ 1));
        }

        using Spool spool = Spool.Open(Path, 1024 * 1024, out long damaged);
        string[] left = ReadAll(spool);
        Assert.InRange(damaged, (long)second - 40, (long)second - 1);
        Assert.Equal(2500, damaged + left.Length);
        Assert.Equal(Lines((int)second, 2500), left[^(2500 - (int)second)..]);
    }

    [Fact]
    public void Open_CutAtEveryByte_NeverMoreThanTheLastLineIsMissing()
    {
        using (Spool first = Spool.Open(Path, Bound, out _)) Append(first, 0, 6);
        byte[] whole = File.ReadAllBytes(Files()[0]);
        int[] ends = new int[7];
        ends[0] = SpoolFile.HeadSize;
        for (int i = 0; i < 6; i++) ends[i + 1] = ends[i] + SpoolFile.RecordHeadSize + Line(i).Length;
        for (int length = 0; length < whole.Length; length++)
        {
            using TempDirectory other = new();
            Directory.CreateDirectory(other["spool"]);
            File.WriteAllBytes(System.IO.Path.Join(other["spool"], SpoolFile.NameOf(0)), whole[..length]);
            using Spool spool = Spool.Open(other["spool"], Bound, out long damaged);
            int kept = Math.Max(0, ends.Count(end => end <= length) - 1);
            Assert.Equal(Lines(0, kept), ReadAll(spool));
            Assert.Equal(length < SpoolFile.HeadSize || ends.Contains(length) ? 0 : 1, damaged);
        }
    }

    [Fact]
    public void Append_BoundReached_TakesWhatFits()
    {
        using Spool spool = Spool.Open(Path, 1024 * 1024, out _);
        LineRing ring = new(4 * 1024 * 1024);
        for (int i = 0; i < 20_000; i++) ring.TryAdd(Line(i), i);
        spool.Append(new(ring.Peek()), out int taken);
        Assert.True(spool.IsFull);
        Assert.InRange(spool.Bytes, (1024 * 1024) - 200, 1024 * 1024);
        Assert.Equal(spool.Bytes, Files().Sum(file => new FileInfo(file).Length));
        Assert.Equal(Lines(0, taken), ReadAll(spool));
        spool.Append(new(ring.Peek()), out int more);
        Assert.True(more > 0);
    }

    [Fact]
    public void Peek_LongLines_AreWhole()
    {
        using Spool spool = Spool.Open(Path, Bound, out _);
        LineRing ring = new(4 * 1024 * 1024);
        string[] lines = [new('a', 300_000), "short", new('b', 1_000_000), "end"];
        foreach (string line in lines) ring.TryAdd(Encoding.UTF8.GetBytes(line), 0);
        spool.Append(new(ring.Peek()), out int taken);
        Assert.Equal(4, taken);
        Assert.Equal(lines, ReadAll(spool));
    }

    private static byte[] Line(int number) => Encoding.UTF8.GetBytes($"{{\"n\":{number},\"text\":\"{new string((char)('a' + (number % 26)), number % 150)}\"}}");

    private static string[] Lines(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => Encoding.UTF8.GetString(Line(i)))];

    private static void Append(Spool spool, int from, int to)
    {
        LineRing ring = new(8 * 1024 * 1024);
        for (int i = from; i < to; i++) Assert.True(ring.TryAdd(Line(i), i));
        spool.Append(new(ring.Peek()), out int taken);
        Assert.Equal(to - from, taken);
    }

    private static void Take(Spool spool, int count)
    {
        while (count > 0)
        {
            ReadOnlySpan<byte> frames = spool.Peek(out _);
            LineFrames walk = new(frames);
            int taken = 0;
            while (taken < count && walk.TryRead(out _, out _)) taken++;
            spool.Release(LineFrames.SizeOf(frames, taken), taken);
            count -= taken;
        }
    }

    private static string[] ReadAll(Spool spool)
    {
        List<string> lines = [];
        while (true)
        {
            ReadOnlySpan<byte> frames = spool.Peek(out long damaged);
            Assert.Equal(0, damaged);
            if (frames.IsEmpty) return [.. lines];
            LineFrames walk = new(frames);
            int taken = 0;
            while (walk.TryRead(out ReadOnlySpan<byte> line, out _))
            {
                lines.Add(Encoding.UTF8.GetString(line));
                taken++;
            }

            spool.Release(frames.Length, taken);
        }
    }

    private string[] Files() => [.. Directory.GetFiles(Path, "*.spool").Order(StringComparer.Ordinal)];
}
