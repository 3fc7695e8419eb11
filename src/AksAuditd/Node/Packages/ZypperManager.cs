namespace AksAuditd.Node.Packages;

/// <summary>zypper: SUSE.</summary>
internal sealed class ZypperManager : RpmManager
{
    // Seconds to wait for another zypper.
    private static readonly (string, string) Wait = ("ZYPP_LOCK_TIMEOUT", "600");

    public override string Name => "zypper";

    public override IReadOnlyList<string> AuditPackages { get; } = ["audit", "audit-audispd-plugins"];

    public override PackageCommand? Refresh() => new(Name, ["--non-interactive", "--quiet", "refresh"], Wait);

    public override PackageCommand Install(IReadOnlyList<string> packages) =>
        new(Name, ["--non-interactive", "--quiet", "install", "--no-recommends", "--auto-agree-with-licenses", .. packages], Wait);

    public override PackageCommand InstallFiles(IReadOnlyList<string> paths) =>
        new(Name, ["--non-interactive", "--quiet", "--no-refresh", "--disable-repositories", "install", "--no-recommends", "--allow-unsigned-rpm", "--auto-agree-with-licenses", .. paths], Wait);

    public override PackageCommand Remove(IReadOnlyList<string> packages) => new(Name, ["--non-interactive", "--quiet", "remove", .. packages], Wait);
}
