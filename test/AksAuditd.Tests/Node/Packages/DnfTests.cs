using AksAuditd.Node;
using AksAuditd.Node.Packages;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Node.Packages;

/// <summary>The real dnf with our command lines, on an installation root and a repository of small packages.</summary>
public sealed class DnfTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly NodeCommand _commands = new();

    public void Dispose() => _temp.Dispose();

    [Fact(SkipUnless = nameof(RpmTools.AreThere), SkipType = typeof(RpmTools), Skip = RpmTools.Needed)]
    public async Task InstallAsync_BareRoot_PackagesAreThereAndGoAgain()
    {
        RpmTools.Build(_temp, "audit-libs");
        RpmTools.Build(_temp, "audit", requires: "audit-libs");
        RpmTools.Build(_temp, "audispd-plugins", requires: "audit");
        RpmTools.Run("createrepo_c", "--quiet", _temp["repo"]);
        PackageInstaller installer = new(new OnRoot(_temp["root"], _temp["repo"]), _commands, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(["audit", "audispd-plugins"], await installer.MissingAsync(CancellationToken.None));
        await installer.InstallAsync([], (_, _) => { }, _ => Task.CompletedTask, CancellationToken.None);
        Assert.Empty(await installer.MissingAsync(CancellationToken.None));
        Assert.Equal("audit\n", File.ReadAllText(_temp["root/usr/sbin/audit"]));
        string[] all = await installer.ListAsync(CancellationToken.None);
        Assert.Equal(["audispd-plugins", "audit", "audit-libs"], all);

        await installer.InstallAsync([], (_, _) => { }, _ => Task.CompletedTask, CancellationToken.None);
        await installer.RemoveAsync(["audispd-plugins", "audit"], CancellationToken.None);
        Assert.Equal(["audit-libs"], await installer.ListAsync(CancellationToken.None));
    }

    [Fact(SkipUnless = nameof(RpmTools.AreThere), SkipType = typeof(RpmTools), Skip = RpmTools.Needed)]
    public async Task InstallAsync_FromFiles_NeedsNoRepository()
    {
        RpmTools.Build(_temp, "audit");
        RpmTools.Build(_temp, "audispd-plugins", requires: "audit");
        PackageInstaller installer = new(new OnRoot(_temp["root"], null), _commands, TimeProvider.System, NullLogger.Instance);
        await installer.InstallAsync(Directory.GetFiles(_temp["repo"], "*.rpm", SearchOption.AllDirectories), (_, _) => { }, _ => Task.CompletedTask, CancellationToken.None);
        Assert.Empty(await installer.MissingAsync(CancellationToken.None));
    }

    [Fact(SkipUnless = nameof(RpmTools.AreThere), SkipType = typeof(RpmTools), Skip = RpmTools.Needed)]
    public async Task AlsoRemovedAsync_AnotherPackageNeedsOurs_NamesIt()
    {
        RpmTools.Build(_temp, "audit");
        RpmTools.Build(_temp, "audispd-plugins", requires: "audit");
        RpmTools.Build(_temp, "theirs", requires: "audit");
        PackageInstaller installer = new(new OnRoot(_temp["root"], null), _commands, TimeProvider.System, NullLogger.Instance);
        await installer.InstallAsync(Directory.GetFiles(_temp["repo"], "*.rpm", SearchOption.AllDirectories), (_, _) => { }, _ => Task.CompletedTask, CancellationToken.None);

        Assert.Equal(["theirs-4.0-1.noarch"], await installer.AlsoRemovedAsync(["audispd-plugins", "audit", "gone"], CancellationToken.None));
        Assert.Empty(await installer.AlsoRemovedAsync(["theirs", "audispd-plugins", "audit"], CancellationToken.None));
        Assert.Equal(["audispd-plugins", "audit", "theirs"], await installer.ListAsync(CancellationToken.None));
    }

    /// <summary>dnf as it is, told where.</summary>
    private sealed class OnRoot(string root, string? repository) : IPackageManager
    {
        private readonly DnfManager _dnf = new();

        public string Name => _dnf.Name;

        public IReadOnlyList<string> AuditPackages => _dnf.AuditPackages;

        public string FileSuffix => _dnf.FileSuffix;

        public PackageCommand Query(string package) => On(_dnf.Query(package));

        public bool IsInstalled(CommandResult answer) => _dnf.IsInstalled(answer);

        public PackageCommand List() => On(_dnf.List());

        public IEnumerable<string> Listed(string answer) => _dnf.Listed(answer);

        public PackageCommand? Refresh() => _dnf.Refresh();

        public PackageCommand Install(IReadOnlyList<string> packages) => On(_dnf.Install(packages));

        public PackageCommand InstallFiles(IReadOnlyList<string> paths) => On(_dnf.InstallFiles(paths));

        public IReadOnlyList<PackageCommand> Repairs() => _dnf.Repairs();

        public PackageCommand TryRemove(IReadOnlyList<string> packages) => On(_dnf.TryRemove(packages));

        public IEnumerable<string> AlsoRemoved(CommandResult answer, IReadOnlyList<string> packages) => _dnf.AlsoRemoved(answer, packages);

        public PackageCommand Remove(IReadOnlyList<string> packages) => On(_dnf.Remove(packages));

        private PackageCommand On(PackageCommand command) => command.Program == "rpm"
            ? command with { Arguments = ["--root", root, .. command.Arguments] }
            : command with { Arguments = [$"--installroot={root}", "--releasever=1", "--setopt=reposdir=/dev/null", .. repository is null ? (string[])[] : [$"--repofrompath=local,{repository}", "--setopt=local.gpgcheck=0"], .. command.Arguments] };
    }
}
