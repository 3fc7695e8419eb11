using AksAuditd.Node;
using AksAuditd.Node.Packages;
using AksAuditd.Node.Setup;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Node.Packages;

public sealed class PackageInstallerTests
{
    [Fact]
    public void Reason_DpkgOnAFullDisk_NamesTheDisk()
    {
        CommandResult result = new(100, "Selecting previously unselected package auditd.\n",
            "dpkg: error processing archive /x/auditd.deb (--unpack):\n cannot copy extracted data for './sbin/auditd' to '/sbin/auditd.dpkg-new': failed to write (No space left on device)\n"
            + "Errors were encountered while processing:\n /x/auditd.deb\n /x/b.deb\n /x/c.deb\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n");
        Assert.Contains("No space left on device", PackageInstaller.Reason(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Reason_NothingSoundsLikeIt_IsTheLastWords() =>
        Assert.Equal("b | c | d", PackageInstaller.Reason(new(1, "a\nb\nc\nd\n", "")));

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public async Task InstallAsync_OthersInstallBetweenAttempts_OursAreWhatTheCommandBrought()
    {
        using TempDirectory temp = new();
        using NodeDirectory state = NodeDirectory.OpenOrCreate(temp["state"]);
        // Before each attempt somebody gets himself a package.
        ShellManager manager = new(temp, refresh: "touch linux-image-$(ls | wc -l)") { OnInstall = "touch libauparse0; echo No space left on device >&2; exit 1" };
        temp.Write("db/libc6", "");

        await Assert.ThrowsAsync<NodeException>(() => InstallAsync(manager, state));
        Assert.Equal(["libauparse0"], InstalledPackages.Read(state)?.Names);

        manager.OnInstall = "touch auditd";
        await InstallAsync(manager, state);
        Assert.Equal(["libauparse0", "auditd"], InstalledPackages.Read(state)?.Names);
        Assert.Equal(["auditd", "libauparse0", "libc6", "linux-image-1", "linux-image-3"], Directory.GetFiles(temp["db"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact(SkipUnless = nameof(Root.IsRoot), SkipType = typeof(Root), Skip = Root.Needed)]
    public async Task InstallAsync_KilledMeanwhile_WhatWasAskedForIsOursUntilItIsKnownBetter()
    {
        using TempDirectory temp = new();
        using NodeDirectory state = NodeDirectory.OpenOrCreate(temp["state"]);
        ShellManager manager = new(temp, refresh: "true") { OnInstall = "cp ../state/installed.json ../meanwhile; echo No space left on device >&2; exit 1" };

        await Assert.ThrowsAsync<NodeException>(() => InstallAsync(manager, state));

        Assert.Contains("\"auditd\"", File.ReadAllText(temp["meanwhile"]), StringComparison.Ordinal);
        Assert.Empty(InstalledPackages.Read(state)!.Names);
    }

    [Fact]
    public async Task AlsoRemovedAsync_AnotherPackageNeedsOurs_NamesItAndRemovesNothing()
    {
        using TempDirectory temp = new();
        ShellManager manager = new(temp, refresh: "true") { OnTry = "echo theirs" };
        temp.Write("db/auditd", "");
        PackageInstaller installer = new(manager, new(), TimeProvider.System, NullLogger.Instance);

        Assert.Equal(["theirs"], await installer.AlsoRemovedAsync(["auditd", "libauparse0"], CancellationToken.None));
        Assert.Empty(await installer.AlsoRemovedAsync(["libauparse0"], CancellationToken.None));
        Assert.True(File.Exists(temp["db/auditd"]));
    }

    [Fact]
    public async Task AlsoRemovedAsync_NoAnswer_Throws()
    {
        using TempDirectory temp = new();
        ShellManager manager = new(temp, refresh: "true") { OnTry = "echo E: broken >&2; exit 100" };
        temp.Write("db/auditd", "");
        PackageInstaller installer = new(manager, new(), TimeProvider.System, NullLogger.Instance);
        NodeException e = await Assert.ThrowsAsync<NodeException>(() => installer.AlsoRemovedAsync(["auditd"], CancellationToken.None));
        Assert.Contains("E: broken", e.Message, StringComparison.Ordinal);
    }

    // A full disk, so that it does not try again by itself.
    private static Task InstallAsync(ShellManager manager, NodeDirectory state) =>
        new PackageInstaller(manager, new(), TimeProvider.System, NullLogger.Instance)
            .InstallAsync([], (before, after) => InstalledPackages.Remember(state, before, after), _ => Task.CompletedTask, CancellationToken.None);

    /// <summary>A package manager whose packages are the files of a directory and whose commands are lines of shell in it.</summary>
    private sealed class ShellManager : IPackageManager
    {
        private readonly string _packages;
        private readonly string _refresh;

        public ShellManager(TempDirectory directory, string refresh)
        {
            _packages = Directory.CreateDirectory(directory["db"]).FullName;
            _refresh = refresh;
        }

        public string OnInstall { get; set; } = "";

        public string OnTry { get; set; } = "";

        public string Name => "sh";

        public IReadOnlyList<string> AuditPackages => ["auditd"];

        public string FileSuffix => ".package";

        public PackageCommand Query(string package) => Shell($"test -e {package}");

        public bool IsInstalled(CommandResult answer) => answer.ExitCode == 0;

        public PackageCommand List() => Shell("ls");

        public IEnumerable<string> Listed(string answer) => answer.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public PackageCommand? Refresh() => Shell(_refresh);

        public PackageCommand Install(IReadOnlyList<string> packages) => Shell(OnInstall);

        public PackageCommand InstallFiles(IReadOnlyList<string> paths) => Shell(OnInstall);

        public IReadOnlyList<PackageCommand> Repairs() => [];

        public PackageCommand TryRemove(IReadOnlyList<string> packages) => Shell(OnTry);

        public IEnumerable<string> AlsoRemoved(CommandResult answer, IReadOnlyList<string> packages) => Listed(answer.Output);

        public PackageCommand Remove(IReadOnlyList<string> packages) => Shell($"rm {string.Join(' ', packages)}");

        private PackageCommand Shell(string line) => new("sh", ["-c", $"cd {_packages}; {line}"]);
    }
}
