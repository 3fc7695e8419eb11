namespace AksAuditd.Node.Packages;

/// <summary>What dnf, tdnf and zypper share: rpm below them.</summary>
internal abstract class RpmManager : IPackageManager
{
    private const string NeededBy = " is needed by (installed) ";

    public abstract string Name { get; }

    public abstract IReadOnlyList<string> AuditPackages { get; }

    public string FileSuffix => ".rpm";

    public PackageCommand Query(string package) => new("rpm", ["-q", "--qf", "%{NAME}\\n", package]);

    public bool IsInstalled(CommandResult answer) => answer.ExitCode == 0;

    public PackageCommand List() => new("rpm", ["-qa", "--qf", "%{NAME}\\n"]);

    public IEnumerable<string> Listed(string answer) => answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct();

    public abstract PackageCommand? Refresh();

    public abstract PackageCommand Install(IReadOnlyList<string> packages);

    public abstract PackageCommand InstallFiles(IReadOnlyList<string> paths);

    // rpm rolls its own transactions' leavings up at the next call.
    public IReadOnlyList<PackageCommand> Repairs() => [];

    public PackageCommand TryRemove(IReadOnlyList<string> packages) => new("rpm", ["-e", "--test", "--allmatches", .. packages]);

    // rpm refuses, with a line for each need: "\taudit is needed by (installed) other-1.0-1.noarch".
    public IEnumerable<string> AlsoRemoved(CommandResult answer, IReadOnlyList<string> packages) =>
        answer.Error.Split('\n').Select(l => l.Split(NeededBy)).Where(w => w.Length == 2).Select(w => w[1].Trim()).Distinct();

    public abstract PackageCommand Remove(IReadOnlyList<string> packages);
}
