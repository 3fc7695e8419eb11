using Microsoft.Extensions.Logging;

namespace AksAuditd.Node;

/// <summary>Packages on a node with apt: asks dpkg what is there, installs what is not, asks dpkg again.</summary>
internal sealed class AptPackages(NodeCommand commands, ILogger log)
{
    private static readonly TimeSpan Query = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Install = TimeSpan.FromMinutes(15);

    // Another apt or dpkg (unattended-upgrades at first boot) may hold the lock for minutes.
    private const string WaitForLock = "DPkg::Lock::Timeout=600";
    private static readonly (string, string)[] NonInteractive = [("DEBIAN_FRONTEND", "noninteractive"), ("NEEDRESTART_MODE", "l")];

    /// <summary>Sees that every one of <paramref name="packages"/> is installed; does nothing when they are.</summary>
    /// <exception cref="NodeException">One could not be installed; the message has apt's last words.</exception>
    public async Task InstallAsync(string[] packages, CancellationToken cancel)
    {
        string[] missing = await MissingAsync(packages, cancel).ConfigureAwait(false);
        if (missing.Length == 0)
        {
            log.LogInformation("already installed: {Packages}", string.Join(' ', packages));
            return;
        }

        log.LogInformation("installing {Packages}", string.Join(' ', missing));
        await AptAsync(["update", "-qq"], mustSucceed: false, cancel).ConfigureAwait(false);
        await AptAsync(["install", "-y", "-qq", "--no-install-recommends", .. missing], mustSucceed: true, cancel).ConfigureAwait(false);
        missing = await MissingAsync(packages, cancel).ConfigureAwait(false);
        if (missing.Length > 0) throw new NodeException("apt-get install", $"ended well, but these are not installed: {string.Join(' ', missing)}");
        log.LogInformation("installed");
    }

    private async Task AptAsync(string[] arguments, bool mustSucceed, CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("apt-get", ["-o", WaitForLock, .. arguments], Install, cancel, NonInteractive).ConfigureAwait(false);
        if (result.ExitCode == 0) return;
        string what = $"apt-get {arguments[0]} exited with {result.ExitCode}: {result.LastWords()}";
        if (mustSucceed) throw new NodeException("apt-get", what);

        // An out-of-date list may still do.
        log.LogWarning("{What}", what);
    }

    private async Task<string[]> MissingAsync(string[] packages, CancellationToken cancel)
    {
        List<string> missing = [];
        foreach (string package in packages)
        {
            CommandResult result = await commands.RunAsync("dpkg-query", ["-W", "-f", "${db:Status-Status}", package], Query, cancel).ConfigureAwait(false);
            if (result.ExitCode != 0 || result.Output != "installed") missing.Add(package);
        }

        return [.. missing];
    }
}
