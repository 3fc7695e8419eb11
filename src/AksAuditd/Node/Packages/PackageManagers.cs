namespace AksAuditd.Node.Packages;

/// <summary>Which package manager a distribution has.</summary>
internal static class PackageManagers
{
    // Azure Linux 2 was called mariner. Amazon Linux calls itself like Fedora, and is.
    private static readonly (string[] Distributions, IPackageManager Manager)[] Known =
    [
        (["debian", "ubuntu"], new AptManager()),
        (["azurelinux", "mariner"], new TdnfManager()),
        (["rhel", "centos", "fedora", "rocky", "almalinux", "ol", "amzn"], new DnfManager()),
        (["suse", "sles", "opensuse", "opensuse-leap", "opensuse-tumbleweed", "sle-micro"], new ZypperManager()),
    ];

    /// <summary>That of a distribution or of the closest that it is like; null when none is known.</summary>
    public static IPackageManager? For(OsRelease distribution) =>
        distribution.Names.Select(name => Known.FirstOrDefault(k => k.Distributions.Contains(name)).Manager).FirstOrDefault(m => m is not null);
}
