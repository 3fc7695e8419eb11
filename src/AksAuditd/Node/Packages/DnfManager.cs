namespace AksAuditd.Node.Packages;

/// <summary>dnf: Red Hat and what is like it. It fetches its lists and waits for another dnf by itself.</summary>
internal sealed class DnfManager : RpmManager
{
    public override string Name => "dnf";

    public override IReadOnlyList<string> AuditPackages { get; } = ["audit", "audispd-plugins"];

    public override PackageCommand? Refresh() => null;

    public override PackageCommand Install(IReadOnlyList<string> packages) => new(Name, ["-y", "-q", "--setopt=install_weak_deps=False", "install", .. packages]);

    public override PackageCommand InstallFiles(IReadOnlyList<string> paths) =>
        new(Name, ["-y", "-q", "--disablerepo=*", "--setopt=install_weak_deps=False", "install", .. paths]);

    public override PackageCommand Remove(IReadOnlyList<string> packages) => new(Name, ["-y", "-q", "--setopt=clean_requirements_on_remove=False", "remove", .. packages]);
}
