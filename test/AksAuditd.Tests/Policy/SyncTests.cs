using AksAuditd.Configuration;
using AksAuditd.Node;
using AksAuditd.Policy;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Policy;

public sealed class SyncTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly VolumeWriter _volume;
    private readonly FileSet _set;
    private readonly NodeRoot _root = NodeRoot.Enter("/");

    public SyncTests()
    {
        _volume = new(_directory["volume"]);
        Directory.CreateDirectory(_directory["target"]);
        _set = new("rules", _volume.Path, _directory["target"], ".rules", 0x1a0);
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public void Commit_NewChangedDeleted_MakesTheTargetTheSource()
    {
        Put("same.rules", "-b 1\n");
        Put("changed.rules", "-b 1\n");
        Put("old.rules", "-b 1\n");
        Put("other.txt", "left alone");
        _volume.Swap(("same.rules", "-b 1\n"), ("changed.rules", "-b 2\n"), ("new.rules", "-D"));

        SyncPlan plan = Plan();
        Assert.Equal(["changed changed.rules", "new new.rules", "deleted old.rules"], plan.Changes.Select(c => $"{c.Kind.ToString().ToLowerInvariant()} {c.Name}"));
        Carry(plan);

        Assert.Equal(["changed.rules", "new.rules", "other.txt", "same.rules"], Names());
        Assert.Equal("-b 2\n", File.ReadAllText(_directory["target/changed.rules"]));
        Assert.Equal("-D\n", File.ReadAllText(_directory["target/new.rules"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_directory["target/new.rules"]));
        Assert.Empty(Plan().Changes);
    }

    [Fact(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    public void Create_OnlyTheModeDiffers_IsAModeChange()
    {
        Put("a.rules", "-D\n");
        File.SetUnixFileMode(_directory["target/a.rules"], (UnixFileMode)0x1ff);
        _volume.Swap(("a.rules", "-D\n"));
        SyncPlan plan = Plan();
        Assert.Equal(FileChangeKind.Mode, Assert.Single(plan.Changes).Kind);
        Carry(plan);
        Assert.Equal((UnixFileMode)0x1a0, File.GetUnixFileMode(_directory["target/a.rules"]));
    }

    [Fact]
    public void Create_Overlay_RemovesOnlyWhatIsOurs()
    {
        Put("foreign.rules", "-b 1\n");
        Put("ours.rules", "-b 1\n");
        _volume.Swap(("new.rules", "-D\n"));
        SyncPlan plan = Plan(SyncMode.Overlay, [_directory["target/ours.rules"]]);
        Assert.Equal(["new.rules", "ours.rules"], plan.Changes.Select(c => c.Name));
        Assert.Equal(FileChangeKind.Deleted, plan.Changes[1].Kind);
    }

    [Fact]
    public void Create_SetOfOneFile_IsNeverRemovedButRestored()
    {
        FileSet set = new(FileSet.Auditd, _volume.Path, _directory["target"], ".conf", 0x1a0, "auditd.conf");
        Put("auditd.conf", "freq = 1\n");
        Put("other.conf", "x\n");
        DesiredPolicy nothing = new([new SourceVersion(set, [], [], [])], "", []);
        Assert.Empty(SyncPlan.Create(nothing, SyncMode.Mirror, new HashSet<string>()).Changes);

        PolicyFile before = new("auditd.conf", "freq = 2\n"u8.ToArray(), Sha256.Hex("freq = 2\n"u8));
        FileChange change = Assert.Single(SyncPlan.Create(nothing, SyncMode.Mirror, new HashSet<string>(), before).Changes);
        Assert.Equal((FileChangeKind.Changed, "auditd.conf", "freq = 2\n"), (change.Kind, change.Name, System.Text.Encoding.UTF8.GetString(change.Desired!.Content)));
    }

    [Fact]
    public void Create_TargetIsALink_IsRefusedAndNotFollowed()
    {
        string outside = _directory.Write("outside", "precious");
        File.CreateSymbolicLink(_directory["target/a.rules"], outside);
        _volume.Swap(("a.rules", "-D\n"));
        SyncPlan plan = Plan();
        Assert.Empty(plan.Changes);
        Assert.Contains("target/a.rules: refused: it is a symbolic link", Assert.Single(plan.Problems), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(outside));
    }

    [Fact]
    public void Create_UnwantedEntriesOfAllKinds_LinksGoDirectoriesAreRefused()
    {
        string outside = _directory.Write("outside", "precious");
        File.CreateSymbolicLink(_directory["target/link.rules"], outside);
        Directory.CreateDirectory(_directory["target/dir.rules"]);
        _volume.Swap(("a.rules", "-D\n"));
        SyncPlan plan = Plan();
        Assert.Contains(plan.Changes, c => c is { Name: "link.rules", Kind: FileChangeKind.Deleted });
        Assert.Contains("dir.rules: refused: it is a directory", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TargetReachedThroughALink_IsRefused()
    {
        Directory.CreateSymbolicLink(_directory["link"], _directory["target"]);
        _volume.Swap(("a.rules", "-D\n"));
        SyncPlan plan = SyncPlan.Create(Policy(_set with { Target = _directory["link"] }), SyncMode.Mirror, new HashSet<string>());
        Assert.Contains("ELOOP", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TargetMissing_NamesPathAndErrno()
    {
        _volume.Swap(("a.rules", "-D\n"));
        SyncPlan plan = SyncPlan.Create(Policy(_set with { Target = _directory["nothing"] }), SyncMode.Mirror, new HashSet<string>());
        Assert.Contains("/nothing: cannot open the directory: ENOENT", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MirrorWithEmptySource_IsAnErrorNotAnOrder()
    {
        _volume.Swap(("README", "x"));
        Assert.Contains("has no *.rules file; the node keeps what it has", Assert.Single(Policy(_set).Problems), StringComparison.Ordinal);
        Assert.Empty(DesiredPolicy.Read([_set], SyncMode.Overlay, _root).Problems);
    }

    [Theory(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    [InlineData("size=16k", "ENOSPC")]
    [InlineData("ro", "EROFS")]
    public void Commit_DiskRefuses_NodeIsUntouched(string option, string errno)
    {
        Mount("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", _directory["target"]);
        try
        {
            Put("a.rules", "-b 1\n");
            Put("old.rules", "-b 1\n");
            if (option == "ro") Mount("mount", "-o", "remount,ro", _directory["target"]);
            _volume.Swap(("a.rules", "-b 2\n"), ("z.rules", new string('#', 64 * 1024) + "\n"));
            SyncPlan plan = Plan();
            NodeException e = Assert.Throws<NodeException>(() => Carry(plan));
            Assert.Contains(errno, e.Message, StringComparison.Ordinal);
            Assert.Contains(_directory["target/"], e.Message, StringComparison.Ordinal);
            Assert.Equal(["a.rules", "old.rules"], Names());
            Assert.Equal("-b 1\n", File.ReadAllText(_directory["target/a.rules"]));
        }
        finally
        {
            Mount("umount", _directory["target"]);
        }
    }

    [Theory(Skip = Root.Needed, SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root))]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_DirectoryIsNotThere_IsEmptyAndMadeOnlyWhereItIsOurs(bool isOurs)
    {
        FileSet set = _set with { Target = _directory["none"], IsOurs = isOurs };
        _volume.Swap(("new.rules", "-D\n"));
        SyncPlan plan = SyncPlan.Create(Policy(set), SyncMode.Mirror, new HashSet<string>());
        Assert.False(Directory.Exists(set.Target));
        if (isOurs)
        {
            Assert.Equal(FileChangeKind.New, Assert.Single(plan.Changes).Kind);
            Carry(plan);
            Assert.Equal("-D\n", File.ReadAllText($"{set.Target}/new.rules"));
        }
        else
        {
            Assert.Empty(plan.Changes);
            Assert.Contains("none: cannot open the directory: ENOENT", Assert.Single(plan.Problems), StringComparison.Ordinal);
        }
    }

    private SyncPlan Plan(SyncMode sync = SyncMode.Mirror, string[]? owned = null) =>
        SyncPlan.Create(DesiredPolicy.Read([_set], sync, _root), sync, (owned ?? []).ToHashSet());

    private static void Carry(SyncPlan plan)
    {
        using FileTransaction transaction = FileTransaction.Stage(plan);
        transaction.Commit();
    }

    private DesiredPolicy Policy(FileSet set) => DesiredPolicy.Read([set], SyncMode.Mirror, _root);

    private void Put(string name, string content)
    {
        string path = _directory.Write($"target/{name}", content);
        File.SetUnixFileMode(path, (UnixFileMode)0x1a0);
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(_directory["target"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private static void Mount(string program, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
