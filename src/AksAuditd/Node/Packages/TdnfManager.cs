namespace AksAuditd.Node.Packages;

/// <summary>tdnf: Azure Linux, whose one package audit has the plugins too.</summary>
internal sealed class TdnfManager : RpmManager
{
    public override string Name => "tdnf";

    public override IReadOnlyList<string> AuditPackages { get; } = ["audit"];

    public override PackageCommand? Refresh() => new(Name, ["-y", "-q", "makecache"]);

    public override PackageCommand Install(IReadOnlyList<string> packages) => new(Name, ["-y", "-q", "install", .. packages]);

    public override PackageCommand InstallFiles(IReadOnlyList<string> paths) => new(Name, ["-y", "-q", "--disablerepo=*", "install", .. paths]);

    public override PackageCommand Remove(IReadOnlyList<string> packages) => new(Name, ["-y", "-q", "--noautoremove", "remove", .. packages]);
}
