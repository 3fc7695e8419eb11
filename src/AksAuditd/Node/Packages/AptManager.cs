namespace AksAuditd.Node.Packages;

/// <summary>apt and dpkg: Debian and Ubuntu.</summary>
internal sealed class AptManager : IPackageManager
{
    private static readonly (string, string)[] Silent = [("DEBIAN_FRONTEND", "noninteractive"), ("NEEDRESTART_MODE", "l")];

    // Another apt or dpkg (unattended-upgrades at first boot) may hold the lock for minutes. A file that an administrator changed stays as it is.
    private static readonly string[] Options =
        ["-y", "-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"];

    public string Name => "apt-get";

    public IReadOnlyList<string> AuditPackages { get; } = ["auditd", "audispd-plugins"];

    public string FileSuffix => ".deb";

    public PackageCommand Query(string package) => new("dpkg-query", ["-W", "-f", "${db:Status-Status}", package]);

    public bool IsInstalled(CommandResult answer) => answer is { ExitCode: 0, Output: "installed" };

    public PackageCommand List() => new("dpkg-query", ["-W", "-f", "${db:Status-Status} ${binary:Package}\\n"]);

    // A package that is half there was brought by whoever began with it, not by whoever finishes.
    public IEnumerable<string> Listed(string answer) =>
        answer.Split('\n').Select(l => l.Split(' ')).Where(w => w is [not ("not-installed" or "config-files"), _]).Select(w => w[1]);

    // apt waits for dpkg's lock alone, not for that of its lists: the caller tries again.
    public PackageCommand Refresh() => new(Name, ["update", .. Options, "-o", "Acquire::Retries=2"], Silent);

    public PackageCommand Install(IReadOnlyList<string> packages) => new(Name, ["install", .. Options, "--no-install-recommends", .. packages], Silent);

    public PackageCommand InstallFiles(IReadOnlyList<string> paths) =>
        new(Name, ["install", .. Options, "--no-install-recommends", "--no-download", .. paths], Silent);

    // Packages that were unpacked without their dependencies stop every later install; apt mends them only when it is asked for nothing else.
    public IReadOnlyList<PackageCommand> Repairs() =>
    [
        new("dpkg", ["--force-confdef", "--force-confold", "--configure", "-a"], Silent),
        new(Name, ["install", .. Options, "--fix-broken", "--no-install-recommends"], Silent),
    ];

    public PackageCommand TryRemove(IReadOnlyList<string> packages) => new(Name, ["purge", "--simulate", .. Options, .. packages], Silent);

    // Lines like "Purg auditd [1:3.0.9-1]"; dpkg-query names some packages with their architecture, apt those of a foreign one alone.
    public IEnumerable<string> AlsoRemoved(CommandResult answer, IReadOnlyList<string> packages) =>
        answer.Output.Split('\n').Select(l => l.Split(' ')).Where(w => w is ["Purg" or "Remv", _, ..]).Select(w => w[1])
            .Where(name => !packages.Any(p => p == name || p.StartsWith($"{name}:", StringComparison.Ordinal)));

    public PackageCommand Remove(IReadOnlyList<string> packages) => new(Name, ["purge", .. Options, .. packages], Silent);
}
