namespace AksAuditd.Node.Packages;

/// <summary>A command line on the node.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables beside those that every program gets.</param>
internal sealed record PackageCommand(string Program, string[] Arguments, params (string Name, string Value)[] Environment)
{
    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}

/// <summary>
/// How one package manager is spoken to: command lines, no more, so that they can be read and tested as a table. None asks a question, and each waits for
/// another instance to end, where the package manager can. <see cref="PackageInstaller"/> runs them.
/// </summary>
internal interface IPackageManager
{
    /// <summary>The program that installs, as an administrator calls it.</summary>
    string Name { get; }

    /// <summary>The packages with auditd, its tools and its plugins.</summary>
    IReadOnlyList<string> AuditPackages { get; }

    /// <summary>How package files are called, <c>.deb</c> or <c>.rpm</c>.</summary>
    string FileSuffix { get; }

    /// <summary>Asks for one package; see <see cref="IsInstalled"/>.</summary>
    PackageCommand Query(string package);

    /// <summary>Whether the answer to <see cref="Query"/> says that the package is installed, whole.</summary>
    bool IsInstalled(CommandResult answer);

    /// <summary>Asks for everything that is there, whole or half; <see cref="Listed"/> reads the answer.</summary>
    PackageCommand List();

    /// <summary>The names in the answer to <see cref="List"/>, as <see cref="Remove"/> takes them.</summary>
    IEnumerable<string> Listed(string answer);

    /// <summary>Fetches the lists of what there is; null when installing does so itself.</summary>
    PackageCommand? Refresh();

    /// <summary>Installs from the node's repositories.</summary>
    PackageCommand Install(IReadOnlyList<string> packages);

    /// <summary>Installs from files, with no repository at all.</summary>
    PackageCommand InstallFiles(IReadOnlyList<string> paths);

    /// <summary>Finish what an interrupted run left half done, in this order; empty when that is not known here. One may fail and the next mend it.</summary>
    IReadOnlyList<PackageCommand> Repairs();

    /// <summary>Says what <see cref="Remove"/> would do, and does nothing; <see cref="AlsoRemoved"/> reads the answer.</summary>
    PackageCommand TryRemove(IReadOnlyList<string> packages);

    /// <summary>What would go beside <paramref name="packages"/>, because it needs them.</summary>
    IEnumerable<string> AlsoRemoved(CommandResult answer, IReadOnlyList<string> packages);

    /// <summary>Removes packages and their configuration.</summary>
    PackageCommand Remove(IReadOnlyList<string> packages);
}
