using System.Text;
using AksAuditd.Events.Sources;
using AksAuditd.Node;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Events.Sources;

public sealed class AuditLogSourceTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Log => Path.Combine(_directory.Path, "audit.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_NotFollowed_EndsWithTheFile()
    {
        File.WriteAllText(Log, "one\ntwo");
        using AuditLogSource source = new(Log, follow: false, fromEnd: false);
        Assert.Equal(["one", "two"], Read(source));
        Assert.Equal(SourceState.Ended, source.Wait(TimeSpan.Zero, mayGather: true));
    }

    [Fact]
    public void Read_FollowedThroughRotation_LosesNothing()
    {
        File.WriteAllText(Log, "one\n");
        using AuditLogSource source = new(Log, follow: true, fromEnd: false);
        Assert.Equal(["one"], Read(source));
        File.AppendAllText(Log, "tw");
        Assert.Empty(Read(source));
        File.AppendAllText(Log, "o\nthree\n");
        File.Move(Log, Log + ".1");
        Assert.Equal(["two", "three"], Read(source));
        File.AppendAllText(Log + ".1", "four\n");
        File.WriteAllText(Log, "five\n");
        Assert.Equal(["four", "five"], Read(source));
        File.WriteAllText(Log, "");
        Assert.Empty(Read(source));
        File.AppendAllText(Log, "six\n");
        Assert.Equal(["six"], Read(source));
    }

    [Fact]
    public void Read_FromEnd_PassesOverWhatIsThere()
    {
        File.WriteAllText(Log, "one\n");
        using AuditLogSource source = new(Log, follow: true, fromEnd: true);
        Assert.Empty(Read(source));
        File.AppendAllText(Log, "two\n");
        Assert.Equal(["two"], Read(source));
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo() =>
        Assert.Contains("cannot be read", Assert.Throws<NodeException>(() => new AuditLogSource(Log, follow: true, fromEnd: false)).Message, StringComparison.Ordinal);

    private static List<string> Read(AuditLogSource source)
    {
        List<string> lines = [];
        for (int idle = 0; idle < 2;)
        {
            if (source.TryRead(out RawRecord record)) lines.Add(Encoding.ASCII.GetString(record.Bytes));
            else if (source.Wait(TimeSpan.FromMilliseconds(1), mayGather: true) != SourceState.Ready) idle++;
        }

        return lines;
    }
}
