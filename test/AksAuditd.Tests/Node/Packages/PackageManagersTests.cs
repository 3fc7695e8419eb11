using AksAuditd.Node;
using AksAuditd.Node.Packages;

namespace AksAuditd.Tests.Node.Packages;

public sealed class PackageManagersTests
{
    [Theory]
    [InlineData("ID=debian", "apt-get", "auditd audispd-plugins")]
    [InlineData("ID=ubuntu\nID_LIKE=debian", "apt-get", "auditd audispd-plugins")]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"", "apt-get", "auditd audispd-plugins")]
    [InlineData("ID=azurelinux", "tdnf", "audit")]
    [InlineData("ID=mariner", "tdnf", "audit")]
    [InlineData("ID=rhel\nID_LIKE=fedora", "dnf", "audit audispd-plugins")]
    [InlineData("ID=rocky\nID_LIKE=\"rhel centos fedora\"", "dnf", "audit audispd-plugins")]
    [InlineData("ID=amzn\nID_LIKE=fedora", "dnf", "audit audispd-plugins")]
    [InlineData("ID=sles\nID_LIKE=suse", "zypper", "audit audit-audispd-plugins")]
    [InlineData("ID=opensuse-leap\nID_LIKE=\"suse opensuse\"", "zypper", "audit audit-audispd-plugins")]
    public void For_Distribution_HasItsManagerAndNames(string osRelease, string program, string packages)
    {
        IPackageManager? manager = PackageManagers.For(OsRelease.Parse(osRelease));
        Assert.Equal(program, manager?.Name);
        Assert.Equal(packages, string.Join(' ', manager!.AuditPackages));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ID=flatcar\nID_LIKE=coreos")]
    [InlineData("ID=arch")]
    public void For_UnknownDistribution_IsNull(string osRelease) => Assert.Null(PackageManagers.For(OsRelease.Parse(osRelease)));

    public static TheoryData<string, string, string> Lines => new()
    {
        { "debian", "install", "apt-get install -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --no-install-recommends a b" },
        { "debian", "files", "apt-get install -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --no-install-recommends --no-download a b" },
        { "debian", "refresh", "apt-get update -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Acquire::Retries=2" },
        { "debian", "repair", "dpkg --force-confdef --force-confold --configure -a; apt-get install -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --fix-broken --no-install-recommends" },
        { "debian", "remove", "apt-get purge -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold a b" },
        { "debian", "try", "apt-get purge --simulate -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold a b" },
        { "azurelinux", "install", "tdnf -y -q install a b" },
        { "azurelinux", "files", "tdnf -y -q --disablerepo=* install a b" },
        { "azurelinux", "refresh", "tdnf -y -q makecache" },
        { "azurelinux", "repair", "" },
        { "azurelinux", "remove", "tdnf -y -q --noautoremove remove a b" },
        { "azurelinux", "try", "rpm -e --test --allmatches a b" },
        { "rhel", "install", "dnf -y -q --setopt=install_weak_deps=False install a b" },
        { "rhel", "files", "dnf -y -q --disablerepo=* --setopt=install_weak_deps=False install a b" },
        { "rhel", "refresh", "" },
        { "rhel", "remove", "dnf -y -q --setopt=clean_requirements_on_remove=False remove a b" },
        { "suse", "install", "zypper --non-interactive --quiet install --no-recommends --auto-agree-with-licenses a b" },
        { "suse", "files", "zypper --non-interactive --quiet --no-refresh --disable-repositories install --no-recommends --allow-unsigned-rpm --auto-agree-with-licenses a b" },
        { "suse", "refresh", "zypper --non-interactive --quiet refresh" },
        { "suse", "remove", "zypper --non-interactive --quiet remove a b" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void CommandLine_Table_IsAsWritten(string distribution, string verb, string line)
    {
        IPackageManager manager = PackageManagers.For(OsRelease.Parse($"ID={distribution}"))!;
        string[] names = ["a", "b"];
        PackageCommand?[] commands = verb switch
        {
            "install" => [manager.Install(names)],
            "files" => [manager.InstallFiles(names)],
            "refresh" => [manager.Refresh()],
            "repair" => [.. manager.Repairs()],
            "try" => [manager.TryRemove(names)],
            _ => [manager.Remove(names)],
        };
        Assert.Equal(line, string.Join("; ", commands.OfType<PackageCommand>()));
    }

    [Fact]
    public void AptInstall_Environment_AsksNothing() =>
        Assert.Contains(("DEBIAN_FRONTEND", "noninteractive"), new AptManager().Install(["a"]).Environment);

    [Theory]
    [InlineData("installed", 0, true)]
    [InlineData("half-configured", 0, false)]
    [InlineData("unpacked", 0, false)]
    [InlineData("config-files", 0, false)]
    [InlineData("", 1, false)]
    public void AptIsInstalled_Status_OnlyWholeCounts(string output, int exitCode, bool expected) =>
        Assert.Equal(expected, new AptManager().IsInstalled(new(exitCode, output, "")));

    [Fact]
    public void AptListed_Answer_LeavesOutWhatIsNotThere() =>
        Assert.Equal(["auditd", "half", "waiting", "libauparse0:amd64"], new AptManager().Listed(
            "installed auditd\nconfig-files old\nunpacked half\ntriggers-pending waiting\nnot-installed none\ninstalled libauparse0:amd64\n"));

    // What Debian 12's apt answers to "apt-get -s -y -qq purge libauparse0".
    [Fact]
    public void AptAlsoRemoved_Answer_NamesWhatIsNotOurs() =>
        Assert.Equal(["audispd-plugins"], new AptManager().AlsoRemoved(
            new(0, "Purg audispd-plugins [1:3.0.9-1]\nPurg auditd [1:3.0.9-1]\nPurg libauparse0 [1:3.0.9-1]\n", ""), ["auditd", "libauparse0:amd64"]));

    [Fact]
    public void RpmAlsoRemoved_Refusal_NamesEachOnce() =>
        Assert.Equal(["theirs-4.0-1.noarch"], new TdnfManager().AlsoRemoved(
            new(1, "", "error: Failed dependencies:\n\taudit is needed by (installed) theirs-4.0-1.noarch\n\taudit-libs is needed by (installed) theirs-4.0-1.noarch\n"), ["audit", "audit-libs"]));
}
